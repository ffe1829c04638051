"""The stateful stage of ``refresh_recommendations``: each listener's new events merged into what is remembered."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self

import msgpack
import pandas as pd
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.streaming.state import GroupState, GroupStateTimeout

from spotistream.models.listener import ListenerEvent, ListenerState, merged, pack, unpack

STATE_SCHEMA = "packed BINARY"
CHANGED_SCHEMA = "changed BINARY"
EVENT_COLUMNS = ("event_id", "track_id", "action", "played_ms", "session_id", "target_event_id")


class ChangedListener(NamedTuple):
    """A listener whose remembered events changed in a batch.

    packed : their whole state; version : the offset of their newest message; sent_ms : when the broker got it
    The rest is the newest event that changed something; None when a visit made the listener known.
    """

    user_id: str
    packed: bytes
    version: int
    sent_ms: int
    event_id: str | None
    track_id: str | None
    action: str | None
    time_ms: int | None

    @classmethod
    def of(cls, changed: bytes) -> Self:
        """From the column of ``CHANGED_SCHEMA``."""
        return cls(*msgpack.unpackb(changed))

    @property
    def row(self) -> dict[str, Any]:
        """What is needed to make their table; times in UTC."""
        return {
            "user_id": self.user_id, "packed": self.packed, "version": self.version, "sent_at": _utc(self.sent_ms),
            "event_id": self.event_id, "track_id": self.track_id, "action": self.action,
            "event_time": None if self.time_ms is None else _utc(self.time_ms),
        }  # fmt: skip


def changed_listeners(plays: DataFrame, *, max_events: int, max_opinions: int) -> DataFrame:
    """One row for each listener whose remembered events changed in the batch: a packed ``ChangedListener``.

    State is one packed value: sent along with the data it costs no round trip. Events come as one column and leave as
    one: Spark makes a pandas series of each column of each listener, which takes longer than all that is done here.
    """

    def update(key: Any, frames: Iterator[pd.DataFrame], group: GroupState) -> Iterator[pd.DataFrame]:
        # Spark's own serializer concatenates frames in a way that pandas warns of at every batch.
        warnings.simplefilter("ignore", FutureWarning)
        messages = [json.loads(text) for frame in frames for text in frame["message"].tolist()]
        changed = _changed(str(key[0]), messages, group, max_events=max_events, max_opinions=max_opinions)
        yield pd.DataFrame({"changed": [msgpack.packb(changed)] if changed else []})

    return (
        plays.select("user_id", _as_json().alias("message"))
        .groupBy("user_id")
        .applyInPandasWithState(update, CHANGED_SCHEMA, STATE_SCHEMA, "update", GroupStateTimeout.NoTimeout)
    )


def _as_json() -> Column:
    """An event and its message's position as JSON."""
    times = F.unix_millis("event_time").alias("time_ms"), F.unix_millis("kafka_time").alias("sent_ms")
    return F.to_json(F.struct(*EVENT_COLUMNS, "kafka_offset", *times), {"ignoreNullFields": "false"})


def _changed(
    user_id: str, messages: list[dict[str, Any]], group: GroupState, *, max_events: int, max_opinions: int
) -> ChangedListener | None:
    """The listener, or ``None`` where nothing changed: events that were redelivered, a visit of one known."""
    known = group.exists
    old = unpack(bytes(group.get[0])) if known else ListenerState()
    in_order = sorted(messages, key=lambda message: message["kafka_offset"])
    events = [event_of(message) for message in in_order if message["action"] != "visit"]
    new = merged(old, events, max_events=max_events, max_opinions=max_opinions)
    if known and new == old:
        return None
    packed = pack(new)
    group.update((packed,))
    fresh = [event for event in events if event.event_id not in old.event_ids]
    newest = max(fresh, key=lambda e: (e.time_ms, e.event_id), default=None)
    cause = (newest.event_id, newest.track_id, newest.action, newest.time_ms) if newest else (None, None, None, None)
    sent_ms = max(message["sent_ms"] for message in messages)
    return ChangedListener(user_id, packed, in_order[-1]["kafka_offset"], sent_ms, *cause)


def event_of(row: dict[Any, Any]) -> ListenerEvent:
    """The event of a row with ``EVENT_COLUMNS`` and ``time_ms``; missing values may be NaN."""
    played_ms = row["played_ms"]
    return ListenerEvent(
        time_ms=int(row["time_ms"]),
        event_id=row["event_id"],
        track_id=row["track_id"],
        action=row["action"],
        played_ms=None if pd.isna(played_ms) else int(played_ms),
        session_id=row["session_id"],
        target_event_id=row["target_event_id"],
    )


def _utc(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
