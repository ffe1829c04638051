"""The stateful stage of ``refresh_recommendations``: each listener's new events merged into what is remembered."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from typing import Any

import pandas as pd
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.streaming.state import GroupState, GroupStateTimeout

from spotistream.models.listener import ListenerEvent, unpack
from spotistream.models.listener_changes import Received, changed_by

STATE_SCHEMA = "packed BINARY"
CHANGED_SCHEMA = "changed BINARY"
EVENT_COLUMNS = ("event_id", "track_id", "action", "played_ms", "session_id", "target_event_id")


def changed_listeners(plays: DataFrame, *, max_events: int, max_opinions: int) -> DataFrame:
    """One row for each listener whose remembered events changed in the batch: a packed ``ChangedListener``.

    State is one packed value: sent along with the data it costs no round trip. Events come as one column and leave as
    one: Spark makes a pandas series of each column of each listener, which takes longer than all that is done here.
    """

    def update(key: Any, frames: Iterator[pd.DataFrame], group: GroupState) -> Iterator[pd.DataFrame]:
        # Spark's own serializer concatenates frames in a way that pandas warns of at every batch.
        warnings.simplefilter("ignore", FutureWarning)
        messages = [json.loads(text) for frame in frames for text in frame["message"].tolist()]
        old = unpack(bytes(group.get[0])) if group.exists else None
        received = [received_of(message) for message in messages]
        changed = changed_by(str(key[0]), old, received, max_events=max_events, max_opinions=max_opinions)
        if changed is not None:
            group.update((changed.packed,))
        yield pd.DataFrame({"changed": [changed.to_bytes()] if changed else []})

    return (
        plays.select("user_id", _as_json().alias("message"))
        .groupBy("user_id")
        .applyInPandasWithState(update, CHANGED_SCHEMA, STATE_SCHEMA, "update", GroupStateTimeout.NoTimeout)
    )


def _as_json() -> Column:
    """An event and its message's position as JSON."""
    times = F.unix_millis("event_time").alias("time_ms"), F.unix_millis("kafka_time").alias("sent_ms")
    return F.to_json(F.struct(*EVENT_COLUMNS, "kafka_offset", *times), {"ignoreNullFields": "false"})


def received_of(message: dict[str, Any]) -> Received:
    """From the JSON that ``_as_json`` makes."""
    event = None if message["action"] == "visit" else event_of(message)
    return Received(message["kafka_offset"], message["sent_ms"], event)


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
