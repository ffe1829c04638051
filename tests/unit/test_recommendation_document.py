"""What the store keeps of a listener."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from spotistream.models.listener_changes import ChangedListener
from spotistream.models.tables_of_listeners import Recommendation
from spotistream.pipelines.recommendation_documents import as_message, recommendation_document

SENT_MS = 1_795_000_000_250
SENT = datetime.fromtimestamp(SENT_MS / 1000, UTC)
TABLE = [Recommendation(1, "t:2", 0.5, "because_played", "t:1")]


def test_it_says_what_caused_it_by_which_model_and_how_long_it_took() -> None:
    listener = ChangedListener("ann", b"", 7, SENT_MS, "e1", "t:1", "play", SENT_MS - 1000)
    made = SENT + timedelta(milliseconds=180)
    document = recommendation_document(listener.row, TABLE, model_version="m1", updated_at=made)
    rest = {key: value for key, value in document.items() if key != "recommendations"}
    assert rest == {
        "_id": "ann",
        "version": 7,
        "model_version": "m1",
        "updated_at": made,
        "sent_at": SENT,
        "latency_ms": 180,
        "caused_by": {
            "event_id": "e1", "track_id": "t:1", "action": "play", "event_time": SENT - timedelta(seconds=1),
        },
    }  # fmt: skip
    reason = {"code": "because_played", "track_id": "t:1", "music_topic_id": None}
    assert document["recommendations"] == [{"rank": 1, "track_id": "t:2", "score": 0.5, "reason": reason}]
    assert json.loads(as_message(document))["recommendations"] == document["recommendations"]


def test_a_listener_who_only_came_has_no_cause() -> None:
    listener = ChangedListener("bob", b"", 1, SENT_MS, None, None, None, None)
    document = recommendation_document(listener.row, [], model_version="m1", updated_at=SENT)
    assert (document["caused_by"], document["recommendations"]) == (None, [])
