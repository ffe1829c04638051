"""What applications have published, of this home and in the store: the newest word on each query."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from pymongo.database import Database

from spotistream.monitoring.figures import FAILED, STOPPED, QueryFigures
from spotistream.monitoring.publishing import OF_PROCESS
from spotistream.services.process import birth
from spotistream.tables import STREAM_STATUS


@dataclass(frozen=True)
class Published:
    """Figures of a query, and the process that published them; ``alive`` where that still runs."""

    figures: QueryFigures
    application: str
    host: str
    pid: int
    alive: bool


def of_records(records: Iterable[Mapping[str, Any]], *, now: float, silent_s: float) -> Iterator[Published]:
    """Each query of the records. A process of another machine counts as alive until it was silent for ``silent_s``."""
    for record in records:
        is_here = record["host"] == socket.gethostname()
        runs = is_here and record["born"] is not None and birth(int(record["pid"])) == record["born"]
        for values in record["queries"]:
            figures = QueryFigures.from_dict(values)
            ended = figures.state in (FAILED, STOPPED)
            alive = runs if is_here else not ended and now - figures.seen_at < silent_s
            yield Published(figures, record["application"], record["host"], int(record["pid"]), alive)


def of_store(db: Database[dict[str, Any]], queries: Sequence[str]) -> list[dict[str, Any]]:
    """The documents of these queries as records."""
    documents = db[STREAM_STATUS.name].find({"_id": {"$in": list(queries)}})
    return [{**{name: one[name] for name in OF_PROCESS}, "queries": [one]} for one in documents]


def newest(found: Iterable[Published]) -> dict[str, Published]:
    """One for each query: what lives before what does not, then what was seen last."""
    best: dict[str, Published] = {}
    for one in sorted(found, key=lambda each: (each.alive, each.figures.seen_at)):
        best[one.figures.query] = one
    return best


def lags(client_options: Mapping[str, Any], found: Iterable[QueryFigures]) -> dict[str, int]:
    """How far each query is behind the end of its topics now, in messages. Raises ``KafkaError``."""
    wanted = {one.query: one.offsets for one in found if one.offsets}
    partitions = {TopicPartition(topic, part) for offsets in wanted.values() for topic, part, _ in offsets}
    if not partitions:
        return {}
    consumer = KafkaConsumer(**client_options, group_id=None)
    try:
        ends = consumer.end_offsets(list(partitions))
    finally:
        consumer.close()
    return {
        query: sum(max(0, ends[TopicPartition(topic, part)] - at) for topic, part, at in offsets)
        for query, offsets in wanted.items()
    }
