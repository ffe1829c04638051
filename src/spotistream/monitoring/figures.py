"""Figures of one streaming query, from what Spark reports of it. Pure: the clock is an argument.

Times are seconds since 1970, rates rows a second, durations seconds, sizes bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

STARTING, RUNNING, FAILED, STOPPED = "starting", "running", "failed", "stopped"
_LONGEST_ERROR = 400
_RAISED = re.compile(r"^[\w.]*(?:Error|Exception|Problem|Unavailable|Timeout|Failure)\b.*", re.MULTILINE)
_PYTHON_TRACE = "Traceback (most recent call last)"

Offset = tuple[str, int, int]
"""Topic, partition, and the offset of the first message after what was read."""


@dataclass(frozen=True)
class QueryFigures:
    """A query as of ``seen_at``, its last sign of life.

    batch_at : when the last batch ended; ``batch_s`` how long it took, ``parts_s`` its parts by Spark's names
    lag : messages behind the end of the topics when the last batch began
    rejected : messages this application has set aside as unreadable since it started; None where it sets none aside
    latency_p50_s, latency_p95_s : from the broker having an event to its result being readable, of the last minutes
    error : what ended it last, also where it was started again since
    """

    query: str
    state: str = STARTING
    started_at: float = 0.0
    seen_at: float = 0.0
    batch: int | None = None
    batch_at: float | None = None
    batches: int = 0
    rows: int = 0
    input_rows_per_s: float | None = None
    processed_rows_per_s: float | None = None
    batch_s: float | None = None
    parts_s: Mapping[str, float] = field(default_factory=dict)
    lag: int | None = None
    offsets: tuple[Offset, ...] = ()
    state_rows: int = 0
    state_bytes: int = 0
    state_partitions: int = 0
    rejected: int | None = None
    latency_p50_s: float | None = None
    latency_p95_s: float | None = None
    error: str | None = None
    error_at: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON and for the document store."""
        return {**asdict(self), "parts_s": dict(self.parts_s), "offsets": [list(each) for each in self.offsets]}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> QueryFigures:
        """What ``as_dict`` gave; what this version does not know is left out."""
        known = {one.name for one in fields(cls)}
        kept = {name: value for name, value in values.items() if name in known}
        offsets = tuple((str(topic), int(part), int(at)) for topic, part, at in kept.get("offsets", ()))
        return cls(**{**kept, "offsets": offsets})


def after_start(name: str, *, now: float, before: QueryFigures | None = None) -> QueryFigures:
    """A query that has just been started; of its last run the error is kept."""
    error, error_at = (before.error, before.error_at) if before is not None else (None, None)
    return QueryFigures(name, started_at=now, seen_at=now, error=error, error_at=error_at)


def after_progress(before: QueryFigures, progress: Mapping[str, Any], *, now: float) -> QueryFigures:
    """The figures with one batch more. ``progress`` is Spark's ``StreamingQueryProgress`` as JSON says it."""
    parts = {name: ms / 1000 for name, ms in progress.get("durationMs", {}).items()}
    stateful = progress.get("stateOperators", [])
    offsets, lag = _positions(progress.get("sources", []))
    return replace(
        before,
        state=RUNNING,
        seen_at=now,
        batch=progress["batchId"],
        batch_at=now,
        batches=before.batches + 1,
        rows=before.rows + progress["numInputRows"],
        input_rows_per_s=progress.get("inputRowsPerSecond"),
        processed_rows_per_s=progress.get("processedRowsPerSecond"),
        batch_s=parts.pop("triggerExecution", progress.get("batchDuration", 0) / 1000),
        parts_s=parts,
        lag=lag,
        offsets=offsets,
        state_rows=sum(one["numRowsTotal"] for one in stateful),
        state_bytes=sum(one["memoryUsedBytes"] for one in stateful),
        state_partitions=max((one["numShufflePartitions"] for one in stateful), default=0),
    )


def after_idle(before: QueryFigures, *, now: float) -> QueryFigures:
    """The query looked and found nothing new: it is at the end of its topics, and nothing comes in."""
    return replace(before, state=RUNNING, seen_at=now, lag=0, input_rows_per_s=0.0)


def after_end(before: QueryFigures, error: str | None, *, now: float) -> QueryFigures:
    """The query has ended, by ``error`` or because it was asked to."""
    if error is None:
        return replace(before, state=STOPPED, seen_at=now)
    return replace(before, state=FAILED, seen_at=now, error=one_line(error), error_at=now)


def one_line(error: str) -> str:
    """What went wrong without the stack: of an error in Python its last line, of another its first."""
    raised = _RAISED.findall(error) if _PYTHON_TRACE in error else []
    lines = [line.strip() for line in error.splitlines() if line.strip()]
    told = raised[-1] if raised else (lines[0] if lines else "no reason was given")
    return told if len(told) <= _LONGEST_ERROR else f"{told[: _LONGEST_ERROR - 1]}…"


def _positions(sources: list[Mapping[str, Any]]) -> tuple[tuple[Offset, ...], int | None]:
    """Where the query's sources are, and how many messages they are behind; None where a source cannot say."""
    reached, behind, known = [], 0, bool(sources)
    for source in sources:
        end, latest = source.get("endOffset"), source.get("latestOffset")
        if not isinstance(end, Mapping) or not isinstance(latest, Mapping):
            known = False
            continue
        for topic, partitions in end.items():
            for partition, offset in partitions.items():
                reached.append((str(topic), int(partition), int(offset)))
                behind += max(0, int(latest.get(topic, {}).get(partition, offset)) - int(offset))
    return tuple(sorted(reached)), behind if known else None
