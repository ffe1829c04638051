"""What the writes of a query say of themselves: messages set aside, and how long events took to be readable.

Writes run on the driver, in the process that also publishes the figures. Notes are instruments, like log lines: no
result depends on them.
"""

from __future__ import annotations

import bisect
import math
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

BUCKETS_S = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
"""Upper ends of the histogram of latencies, seconds; beyond them there is one more."""
LATEST, LATEST_S = 1_000, 300.0
"""The quantiles are of so many latencies at most, of so many seconds: after a start, what waited is soon forgotten."""


@dataclass(frozen=True)
class Latencies:
    """Of a query: ``counts`` by bucket, one more than there are bounds; their sum; quantiles of the latest, if any."""

    counts: tuple[int, ...]
    total_s: float
    p50_s: float | None
    p95_s: float | None


@dataclass
class _Kept:
    counts: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS_S) + 1))
    total_s: float = 0.0
    latest: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=LATEST))


class Notes:
    """Notes of all queries of a process, from any thread."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._rejected: dict[str, tuple[int, int, int]] = {}
        self._latencies: defaultdict[str, _Kept] = defaultdict(_Kept)

    def rejected(self, query: str, batch_id: int, count: int) -> None:
        """A batch set ``count`` messages aside; said again of the same batch, it replaces what was said before."""
        with self._lock:
            done, last_id, last = self._rejected.get(query, (0, batch_id, 0))
            if last_id != batch_id:
                done, last = done + last, 0
            self._rejected[query] = (done, batch_id, count)

    def readable(self, query: str, seconds: Iterable[float]) -> None:
        """Results became readable, each so long after the broker had its event."""
        with self._lock:
            kept = self._latencies[query]
            for value in seconds:
                kept.counts[bisect.bisect_left(BUCKETS_S, value)] += 1
                kept.total_s += value
                kept.latest.append((self._clock(), value))

    def rejected_of(self, query: str) -> int | None:
        """Messages set aside so far; None where the query never said."""
        with self._lock:
            found = self._rejected.get(query)
        return None if found is None else found[0] + found[2]

    def latencies_of(self, query: str) -> Latencies | None:
        """None where nothing was noted."""
        with self._lock:
            kept = self._latencies.get(query)
            if kept is None:
                return None
            counts, total = tuple(kept.counts), kept.total_s
            since = self._clock() - LATEST_S
            latest = sorted(value for at, value in kept.latest if at >= since)
        if not latest:
            return Latencies(counts, total, None, None)
        return Latencies(counts, total, quantile(latest, 0.5), quantile(latest, 0.95))


def quantile(ascending: list[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    return ascending[max(0, math.ceil(share * len(ascending)) - 1)]


NOTES = Notes()
"""Of this process."""
