"""Documents of the store and of Kafka become the same values."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from spotistream.serving.views import recommendations_view, track_view

DOCUMENT = {
    "version": 2,
    "model_version": "m7",
    "updated_at": "2026-03-01T12:00:00.250Z",
    "caused_by": {"event_id": "e1", "track_id": "demo:1", "action": "play", "event_time": "2026-03-01T11:59:59Z"},
    "recommendations": [{"rank": 1, "track_id": "demo:2", "score": 1, "reason": {"code": "popular", "track_id": None}}],
}


def test_iso_time_and_stored_time_are_the_same_moment() -> None:
    stored = {**DOCUMENT, "updated_at": datetime(2026, 3, 1, 12, 0, 0, 250_000)}

    pushed_view, stored_view = recommendations_view("maya", DOCUMENT), recommendations_view("maya", stored)

    assert pushed_view.updated_at == stored_view.updated_at == datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)
    assert pushed_view.cause is not None
    assert pushed_view.cause.event_time == datetime(2026, 3, 1, 11, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("missing", ["version", "recommendations"])
def test_document_of_another_layout_is_refused(missing: str) -> None:
    with pytest.raises(KeyError):
        recommendations_view("maya", {name: value for name, value in DOCUMENT.items() if name != missing})


def test_track_without_metadata_still_has_names_to_show() -> None:
    view = track_view({"_id": "demo:1", "playable": True, "field_of_later": 1})

    assert (view.name, view.by, view.tempo) == ("Untitled", "Unknown artist", None)
