"""History and likes out of Delta ``plays``, joined with what the player wrote meanwhile."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from plugins.literal_rows import literal_rows
from pyspark.sql import SparkSession

from spotistream.config import Config
from spotistream.events import PlayEvent
from spotistream.io import delta, documents
from spotistream.pipelines.stored_listening import rebuild_listening
from spotistream.serving.listening import Listening, listening_document, listening_of, with_events
from spotistream.tables import LISTENING, PLAYS

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def event(user_id: str, number: int, action: str, track: int = 1, **values: Any) -> PlayEvent:
    event_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{user_id} {number}"))
    track_id = None if action == "visit" else f"t:{track}"
    return PlayEvent(event_id, user_id, action, NOON + timedelta(seconds=number), "player", track_id, **values)


ANN = [
    event("ann", 0, "play", session_id="s"),
    event("ann", 1, "skip", session_id="s", played_ms=900),
    event("ann", 2, "like", 2),
    event("ann", 3, "complete", 3, played_ms=60_000),
    event("ann", 4, "forget", 3, target_event_id=event("ann", 3, "complete").event_id),
    event("ann", 5, "visit"),
]
BOB = [event("bob", 0, "like", 7), event("bob", 1, "unlike", 7), event("bob", 2, "like", 8)]
LATER = event("ann", 6, "like", 9)
"""In the store already, and not yet in Delta."""


def rows(events: list[PlayEvent]) -> list[dict[str, Any]]:
    return [{**vars(each), "kafka_partition": 0, "kafka_offset": offset} for offset, each in enumerate(events)]


def test_it_is_what_the_player_makes_of_the_same_events(spark: SparkSession, cfg: Config, store: str) -> None:
    cfg = replace(cfg, mongo=replace(cfg.mongo, uri=store, database="stored_listening"))
    delta.create_table(spark, cfg, PLAYS)
    delta.append(literal_rows(spark, PLAYS, [*rows(ANN), *rows(BOB)]), cfg, PLAYS)
    with documents.database(cfg.mongo) as db:
        written = with_events(Listening(), [(9, LATER)])
        documents.replace_documents(db, LISTENING, [listening_document("ann", written)])

        assert rebuild_listening(spark, cfg) == 2
        assert rebuild_listening(spark, cfg) == 2

        found = {each["_id"]: listening_of(each) for each in db[LISTENING.name].find({})}
    assert found == {
        "ann": with_events(Listening(), [*enumerate(ANN), (9, LATER)]),
        "bob": with_events(Listening(), enumerate(BOB)),
    }
    assert [each.track_id for each in found["ann"].likes] == ["t:9", "t:2"]
    assert [(each.track_id, each.ended, each.played_ms) for each in found["ann"].history] == [("t:1", "skip", 900)]
    assert [each.track_id for each in found["bob"].likes] == ["t:8"]
