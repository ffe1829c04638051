"""What is remembered of each listener, from all their events at once: the same as the stream remembers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from spotistream.models.listener import ListenerEvent, ListenerState, merged
from spotistream.models.listener_stream import EVENT_COLUMNS, event_of

NEEDED = ("user_id", *EVENT_COLUMNS, "time_ms", "kafka_partition", "kafka_offset")


@dataclass(frozen=True)
class Remembered:
    """A listener's state; ``partition`` and ``version`` are those of their newest message."""

    user_id: str
    state: ListenerState
    partition: int
    version: int

    @property
    def newest(self) -> ListenerEvent | None:
        """Their newest event that is remembered."""
        events = (*self.state.listens, *self.state.opinions, *self.state.forgets)
        return max(events, key=lambda e: (e.time_ms, e.event_id), default=None)


def in_order_of_arrival(plays: DataFrame) -> DataFrame:
    """Rows of table ``plays`` as ``remembered`` needs them: a listener's together, as the broker got them."""
    needed = plays.withColumn("time_ms", F.unix_millis("event_time")).select(*NEEDED)
    return needed.repartition("user_id").sortWithinPartitions("user_id", "kafka_partition", "kafka_offset")


def remembered(frames: Iterable[pd.DataFrame], *, max_events: int, max_opinions: int) -> Iterator[Remembered]:
    """Each listener in turn. A listener's rows are next to each other and may go on from frame to frame.

    Memory holds one frame and one state, however many events a listener has.
    """
    pieces = (piece for frame in frames for piece in _pieces(frame))
    for user_id, own in groupby(pieces, key=lambda piece: piece[0]):
        found = Remembered(user_id, ListenerState(), 0, -1)
        for _, rows in own:
            events = [event_of(row) for row in rows if row["action"] != "visit"]
            found = replace(
                found,
                state=merged(found.state, events, max_events=max_events, max_opinions=max_opinions),
                partition=int(rows[-1]["kafka_partition"]),
                version=max(found.version, *(int(row["kafka_offset"]) for row in rows)),
            )
        yield found


def _pieces(frame: pd.DataFrame) -> Iterator[tuple[str, list[dict[Any, Any]]]]:
    for user_id, rows in groupby(frame.to_dict("records"), key=lambda row: row["user_id"]):
        yield str(user_id), list(rows)
