"""The play event: what a listener did, as it travels through Kafka.

``PlayEvent`` is built by whoever sends events (player, imports, simulation) and checks itself; the streaming jobs check
again on arrival, with the same limits, because anyone can write to a topic.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from spotistream.errors import InputError

SCHEMA_VERSION = 1
ACTIONS = ("play", "complete", "skip", "like", "unlike", "dislike", "forget", "visit")
SOURCES = ("player", "import", "api", "simulation")
# Patterns are for the whole value and ASCII: ``re.fullmatch(..., re.ASCII)`` here, ``whole_value`` in Spark.
USER_ID_PATTERN = r"[\w.-]{1,64}"
TRACK_ID_PATTERN = r"[a-z]{1,16}:[\w.:-]{1,100}"
UUID_PATTERN = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
TOKEN_PATTERN = r"[\w.:-]{1,128}"  # noqa: S105 - a pattern for session, shelf and model names
MAX_PLAYED_MS = 24 * 3600 * 1000
MAX_EVENT_BYTES = 10_240
MAX_CLOCK_AHEAD = timedelta(minutes=5)
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
IMPORT_NAMESPACE = uuid.UUID("6f1c3f52-3d0e-4f0b-9a5c-5a0b8f3b7f11")


@dataclass(frozen=True)
class PlayEvent:
    """One event. ``event_time`` is timezone-aware UTC; ``played_ms`` is what was heard of the track, milliseconds."""

    event_id: str
    user_id: str
    action: str
    event_time: datetime
    source: str
    track_id: str | None = None
    played_ms: int | None = None
    session_id: str | None = None
    shelf: str | None = None
    model_version: str | None = None
    target_event_id: str | None = None
    schema_version: int = SCHEMA_VERSION

    def to_json(self) -> bytes:
        """The message value: JSON in UTF-8, time as ISO 8601 with milliseconds and ``Z``."""
        record = {**vars(self), "event_time": iso_utc(self.event_time)}
        return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def iso_utc(moment: datetime) -> str:
    """``2026-01-02T03:04:05.678Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def import_event_id(user_id: str, track_id: str, event_time: datetime) -> str:
    """The id of an imported listen: the same listen imported twice is the same event."""
    return str(uuid.uuid5(IMPORT_NAMESPACE, f"{user_id}\n{track_id}\n{iso_utc(event_time)}"))


def parse_event(record: Mapping[str, Any], *, now: datetime) -> PlayEvent:
    """A checked ``PlayEvent`` from decoded JSON.

    Raises ``InputError`` that names the first field that is wrong. Fields that are not part of an event are refused,
    so that a misspelt one does not vanish.
    """
    if unknown := set(record) - {field.name for field in fields(PlayEvent)}:
        raise _wrong(sorted(unknown)[0], "is not a field of an event")
    values = dict(record)
    values["event_time"] = _event_time(values.get("event_time"), now=now)
    values.setdefault("schema_version", SCHEMA_VERSION)
    if type(values["schema_version"]) is not int or values["schema_version"] != SCHEMA_VERSION:
        raise _wrong("schema_version", f"is not {SCHEMA_VERSION}")
    _matches(values, "event_id", UUID_PATTERN, required=True)
    _matches(values, "user_id", USER_ID_PATTERN, required=True)
    _one_of(values, "action", ACTIONS)
    _one_of(values, "source", SOURCES)
    _matches(values, "track_id", TRACK_ID_PATTERN, required=values["action"] != "visit")
    for name in ("session_id", "shelf", "model_version"):
        _matches(values, name, TOKEN_PATTERN)
    _matches(values, "target_event_id", UUID_PATTERN, required=values["action"] == "forget")
    played_ms = values.get("played_ms")
    if played_ms is not None and (type(played_ms) is not int or not 0 <= played_ms <= MAX_PLAYED_MS):
        raise _wrong("played_ms", f"is not a whole number from 0 to {MAX_PLAYED_MS}")
    return PlayEvent(**values)


def event_of_message(value: bytes | None, *, now: datetime) -> PlayEvent | None:
    """The event a message of topic ``plays`` holds, or ``None``: why it holds none is said by ``ingest_plays``.

    now : when the broker got it
    """
    if value is None or len(value) > MAX_EVENT_BYTES:
        return None
    try:
        record = json.loads(value.decode(), object_pairs_hook=_each_once)
        # A message says its version itself; whoever calls the API need not.
        return parse_event(record, now=now) if isinstance(record, dict) and "schema_version" in record else None
    except (ValueError, RecursionError, InputError):
        return None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        raise ValueError("a field is named twice")
    return record


def _wrong(field: str, problem: str) -> InputError:
    return InputError(f"event field {field}", problem, remedy="send the event again with it corrected")


def _matches(values: Mapping[str, Any], name: str, pattern: str, *, required: bool = False) -> None:
    value = values.get(name)
    if value is None:
        if required:
            raise _wrong(name, "is missing")
    elif not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
        raise _wrong(name, f"does not match {pattern}")


def _one_of(values: Mapping[str, Any], name: str, allowed: tuple[str, ...]) -> None:
    if values.get(name) not in allowed:
        raise _wrong(name, f"is not one of {', '.join(allowed)}")


def _event_time(value: Any, *, now: datetime) -> datetime:
    if not isinstance(value, str):
        raise _wrong("event_time", "is missing")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise _wrong("event_time", "is not an ISO 8601 time") from None
    if moment.tzinfo is None:
        raise _wrong("event_time", "has no time zone")
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:  # a moment in the year 1 or 9999 whose zone leads out of the calendar
        raise _wrong("event_time", "is outside the calendar") from None
    if moment < EARLIEST:
        raise _wrong("event_time", "is before 1970")
    if moment > now + MAX_CLOCK_AHEAD:
        raise _wrong("event_time", "is in the future")
    return moment
