"""The stateful stage of ``refresh_recommendations``: each listener's new events merged into what is remembered."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.streaming.state import GroupState, GroupStateTimeout

from spotistream.models.listener import ListenerEvent, ListenerState, merged, pack, unpack

STATE_SCHEMA = "packed BINARY"
CHANGED_SCHEMA = (
    "user_id STRING, packed BINARY, version BIGINT, sent_at TIMESTAMP, "
    "event_id STRING, track_id STRING, action STRING, event_time TIMESTAMP"
)
EVENT_COLUMNS = ("event_id", "track_id", "action", "played_ms", "session_id", "target_event_id")
_NEEDED = ("user_id", *EVENT_COLUMNS, "time_ms", "kafka_offset", "kafka_time", "event_time")


def changed_listeners(plays: DataFrame, *, max_events: int, max_opinions: int) -> DataFrame:
    """One row for each listener whose remembered events changed in the batch: ``CHANGED_SCHEMA``.

    ``packed`` is their whole state, ``version`` the offset of their newest message, ``sent_at`` when the broker got it;
    the last four are the newest event that changed something (null when a visit made the listener known). State is one
    packed value: sent along with the data it costs no round trip.
    """

    def update(key: Any, frames: Iterator[pd.DataFrame], group: GroupState) -> Iterator[pd.DataFrame]:
        # Spark's own serializer concatenates frames in a way that pandas warns of at every batch.
        warnings.simplefilter("ignore", FutureWarning)
        rows = pd.concat(frames).sort_values("kafka_offset")
        row = _changed(str(key[0]), rows, group, max_events=max_events, max_opinions=max_opinions)
        yield pd.DataFrame([row] if row else [], columns=[c.split()[0] for c in CHANGED_SCHEMA.split(", ")])

    needed = plays.withColumn("time_ms", F.unix_millis("event_time")).select(*_NEEDED)
    return needed.groupBy("user_id").applyInPandasWithState(
        update, CHANGED_SCHEMA, STATE_SCHEMA, "update", GroupStateTimeout.NoTimeout
    )


def _changed(
    user_id: str, rows: pd.DataFrame, group: GroupState, *, max_events: int, max_opinions: int
) -> tuple[Any, ...] | None:
    """The listener's row, or ``None`` where nothing changed: events that were redelivered, a visit of one known."""
    known = group.exists
    old = unpack(bytes(group.get[0])) if known else ListenerState()
    events = [event_of(row) for row in rows.to_dict("records") if row["action"] != "visit"]
    new = merged(old, events, max_events=max_events, max_opinions=max_opinions)
    if known and new == old:
        return None
    packed = pack(new)
    group.update((packed,))
    fresh = [event for event in events if event.event_id not in old.event_ids]
    newest = max(fresh, key=lambda e: (e.time_ms, e.event_id), default=None)
    cause = (newest.event_id, newest.track_id, newest.action) if newest else (None, None, None)
    time = pd.Timestamp(newest.time_ms, unit="ms") if newest else None
    return (user_id, packed, int(rows["kafka_offset"].max()), rows["kafka_time"].max(), *cause, time)


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
