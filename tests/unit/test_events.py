"""The play event: what it looks like on the wire, and what is refused before it gets there."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from spotistream.errors import InputError
from spotistream.events import import_event_id, parse_event

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
RECORD = {
    "event_id": "00000000-0000-4000-8000-000000000001",
    "user_id": "ann",
    "track_id": "fma:2",
    "action": "skip",
    "played_ms": 900,
    "event_time": "2026-05-01T13:59:59.5+02:00",
    "source": "player",
    "session_id": "s1",
}


def test_what_is_parsed_is_sent_with_its_time_in_utc() -> None:
    sent = json.loads(parse_event(RECORD, now=NOW).to_json())
    absent = {"shelf": None, "model_version": None, "target_event_id": None, "schema_version": 1}
    assert sent == {**RECORD, **absent, "event_time": "2026-05-01T11:59:59.500Z"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"user_id": "a/b"}, "user_id"),
        ({"user_id": "é"}, "user_id"),
        ({"user_id": "ann\n"}, "user_id"),
        ({"user_id": 7}, "user_id"),
        ({"event_id": "x"}, "event_id"),
        ({"track_id": None}, "track_id"),
        ({"action": "sing"}, "action"),
        ({"action": "forget"}, "target_event_id"),
        ({"source": "elsewhere"}, "source"),
        ({"played_ms": True}, "played_ms"),
        ({"played_ms": -1}, "played_ms"),
        ({"played_ms": 1.5}, "played_ms"),
        ({"event_time": "2026-05-01T12:06:00Z"}, "event_time"),
        ({"event_time": "2026-05-01T11:00:00"}, "event_time"),
        ({"event_time": "yesterday"}, "event_time"),
        ({"event_time": "9999-12-31T23:59:59-18:00"}, "event_time"),
        ({"event_time": "0001-01-01T00:00:00+18:00"}, "event_time"),
        ({"event_time": 1777636740}, "event_time"),
        ({"schema_version": 2}, "schema_version"),
        ({"schema_version": True}, "schema_version"),
        ({"admin": True}, "admin"),
    ],
)
def test_a_wrong_field_is_named(change: dict[str, object], field: str) -> None:
    with pytest.raises(InputError, match=f"^event field {field}: "):
        parse_event({**RECORD, **change}, now=NOW)


def test_a_visit_has_no_track() -> None:
    assert parse_event({**RECORD, "action": "visit", "track_id": None}, now=NOW).track_id is None


def test_the_same_listen_imported_twice_has_the_same_id() -> None:
    assert import_event_id("ann", "fma:2", NOW) == import_event_id("ann", "fma:2", NOW)
    assert import_event_id("ann", "fma:2", NOW) != import_event_id("bob", "fma:2", NOW)
