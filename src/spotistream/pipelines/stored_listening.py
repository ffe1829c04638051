"""Delta ``plays`` -> collection ``listening``: history and likes, older ones too than topic ``plays`` holds.

It runs in Spark tasks; a count alone comes to the driver. What the player has written meanwhile is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby, islice
from typing import Any

import pandas as pd
from pymongo.database import Database
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from spotistream.config import Config
from spotistream.events import PlayEvent
from spotistream.io import delta, documents
from spotistream.models.remembered import in_order_of_arrival
from spotistream.serving.listening import Listening, from_events, joined, listening_document, listening_of
from spotistream.tables import LISTENING, PLAYS

AT_ONCE = 200
"""Listeners read and written at a time."""
Rows = list[dict[str, Any]]


def rebuild_listening(spark: SparkSession, cfg: Config) -> int:
    """Write the documents of all listeners with plays; how many. May run beside the player."""
    plays = in_order_of_arrival(delta.read_table(spark, cfg, PLAYS))
    written = plays.mapInPandas(Task(cfg), "listeners BIGINT").agg(F.sum("listeners").alias("listeners"))
    (row,) = written.collect()
    return int(row["listeners"] or 0)


@dataclass(frozen=True)
class Task:
    """What a task does with its share of the listeners."""

    cfg: Config

    def __call__(self, frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        """A listener's rows are next to each other and may go on from frame to frame."""
        pieces = (piece for frame in frames for piece in _pieces(frame))
        listeners = groupby(pieces, key=lambda piece: piece[0])
        with documents.database(self.cfg.mongo) as db:
            found = ((user_id, heard(rows for _, rows in own)) for user_id, own in listeners)
            while some := dict(islice(found, AT_ONCE)):
                _write(db, some)
                yield pd.DataFrame({"listeners": [len(some)]})


def heard(pieces: Iterable[Rows]) -> Listening:
    """What the rows of one listener come to. Memory holds one piece and what is kept of them."""
    found = Listening()
    for rows in pieces:
        found = joined(found, from_events((int(row["kafka_offset"]), _event(row)) for row in rows))
    return found


def _write(db: Database[dict[str, Any]], listeners: Mapping[str, Listening]) -> None:
    known = {each["_id"]: each for each in db[LISTENING.name].find({"_id": {"$in": sorted(listeners)}})}
    together = (
        listening_document(user_id, joined(listening_of(known.get(user_id)), listening))
        for user_id, listening in listeners.items()
    )
    documents.upsert_newer(db, LISTENING, together)


def _event(row: Mapping[str, Any]) -> PlayEvent:
    played_ms = row["played_ms"]
    return PlayEvent(
        event_id=row["event_id"],
        user_id=row["user_id"],
        action=row["action"],
        event_time=datetime.fromtimestamp(int(row["time_ms"]) / 1000, UTC),
        source="api",
        track_id=_text(row["track_id"]),
        played_ms=None if pd.isna(played_ms) else int(played_ms),
        session_id=_text(row["session_id"]),
        target_event_id=_text(row["target_event_id"]),
    )


def _text(value: Any) -> str | None:
    """Missing texts may come as NaN."""
    return value if isinstance(value, str) else None


def _pieces(frame: pd.DataFrame) -> Iterator[tuple[str, Rows]]:
    for user_id, rows in groupby(frame.to_dict("records"), key=lambda row: row["user_id"]):
        yield str(user_id), list(rows)
