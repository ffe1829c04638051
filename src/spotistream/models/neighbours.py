"""The nearest of many vectors by cosine, exactly: a matrix product block by block.

A block of scores is looked through while it is in the processor's cache, and each query keeps the least score that is
still among its best, so after the first blocks hardly a score is looked at twice. Memory beside the vectors and the
answer: a block and what awaits sorting, some megabytes for each thread, however many vectors there are.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from spotistream.models.contract import NOTHING
from spotistream.models.interactions import Floats

QUERIES, OFFERED = 256, 2048
"""Rows and columns of a block of scores: 2 MB. With 64 numbers a vector both factors fit the cache beside it."""
MOST_WAITING = 1 << 24
"""Scores that may await sorting; for very long answers fewer queries are looked up at a time."""


def nearest(
    vectors: Floats,
    *,
    n: int,
    candidates: NDArray[np.bool_] | None = None,
    rows: NDArray[np.int64] | None = None,
    queries: int = QUERIES,
    offered: int = OFFERED,
    advance: Callable[[int], object] = lambda _: None,
) -> tuple[NDArray[np.int64], Floats]:
    """For each of ``r`` rows its ``n`` nearest candidates, best first, and their cosine: two (r, n).

    vectors : (m, d) float32, of length one, or zeros for what is similar to nothing
    candidates : (m,), what may be found; every row without
    rows : (r,), whose neighbours; all without
    queries, offered : size of a block
    advance : told how many rows were done, now and then

    Filled with ``NOTHING`` and 0 where fewer have a cosine above 0. A row is not its own neighbour; of equally near
    ones the first row comes first. The same on any number of cores.
    """
    wanted = np.arange(len(vectors)) if rows is None else np.asarray(rows, dtype=np.int64)
    columns = np.arange(len(vectors)) if candidates is None else np.flatnonzero(candidates)
    found = np.full((len(wanted), n), NOTHING, dtype=np.int64)
    cosines = np.zeros((len(wanted), n), dtype=np.float32)
    if not (n and len(wanted) and len(columns)):
        return found, cosines
    among = vectors if len(columns) == len(vectors) else vectors[columns]
    place = np.full(len(vectors), NOTHING, dtype=np.int64)
    place[columns] = np.arange(len(columns))
    step = max(1, min(queries, MOST_WAITING // n))

    def look_up(begin: int) -> int:
        part = wanted[begin : begin + step]
        row, rank, column, value = _best_of(vectors[part], among, place[part], n=n, offered=offered)
        found[begin + row, rank], cosines[begin + row, rank] = columns[column], value
        return len(part)

    # One thread of the matrix product for each block, several blocks at a time: the rest of the work is shared, too.
    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(cores()) as pool:
        for done in pool.map(look_up, range(0, len(wanted), step)):
            advance(done)
    return found, cosines


def cores() -> int:
    """How many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


Entries = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], Floats]
"""Row, rank within it, column and value of each entry."""


def _best_of(queries: Floats, among: Floats, own: NDArray[np.int64], *, n: int, offered: int) -> Entries:
    """The best ``n`` of ``among`` for each query; ``own`` is the query's own place there, which does not count."""
    best = _Best(len(queries), n)
    scores = np.empty((len(queries), offered), dtype=np.float32)
    for first in range(0, len(among), offered):
        block = among[first : first + offered]
        values = scores if len(block) == offered else np.empty((len(queries), len(block)), dtype=np.float32)
        np.matmul(queries, block.T, out=values)
        inside = np.flatnonzero((own >= first) & (own < first + len(block)))
        values[inside, own[inside] - first] = 0
        best.offer(values, first)
    return best.kept()


class _Best:
    """The ``n`` largest positive values met so far in each of ``b`` rows; of equal ones those met first."""

    def __init__(self, b: int, n: int) -> None:
        self._n = n
        self._least = np.zeros(b, dtype=np.float32)
        self._rows = self._columns = self._ranks = np.zeros(0, dtype=np.int64)
        self._values = np.zeros(0, dtype=np.float32)
        self._waiting: list[tuple[NDArray[np.int64], NDArray[np.int64], Floats]] = []
        self._count = 0

    def offer(self, values: Floats, first: int) -> None:
        """The next columns of all rows: (b, w); ``first`` is the number of their first."""
        b, width = values.shape
        hits = values > self._least[:, None]
        if width > self._n and np.count_nonzero(hits) > 4 * self._n * b:  # of the first block half would be hits
            hits &= values >= np.partition(values, width - self._n, axis=1)[:, width - self._n, None]
        at = np.flatnonzero(hits)
        rows, columns = np.divmod(at, width)
        self._waiting.append((rows, columns + first, values.ravel()[at]))
        self._count += len(at)
        if self._count > self._n * b:
            self._settle()

    def kept(self) -> Entries:
        self._settle()
        return self._rows, self._ranks, self._columns, self._values

    def _settle(self) -> None:
        """Sort what waits into what is kept. Each row's entries stand in the order in which equal ones rank."""
        rows = np.concatenate([self._rows, *(rows for rows, _, _ in self._waiting)])
        columns = np.concatenate([self._columns, *(columns for _, columns, _ in self._waiting)])
        values = np.concatenate([self._values, *(values for _, _, values in self._waiting)])
        order = _by_row_and_value(rows, values)
        rows = rows[order]
        ranks = np.arange(len(rows)) - np.searchsorted(rows, rows)
        within = ranks < self._n
        order = order[within]
        self._rows, self._ranks, self._columns, self._values = (
            rows[within],
            ranks[within],
            columns[order],
            values[order],
        )
        last = self._ranks == self._n - 1
        self._least[self._rows[last]] = self._values[last]
        self._waiting, self._count = [], 0


def _by_row_and_value(rows: NDArray[np.int64], values: Floats) -> NDArray[np.int64]:
    """The order by row, then falling value, then place; values above 0.

    Bits of positive floats order as the floats do. Row and falling value in one number are sorted stably.
    """
    falling = np.uint64(0x7FFFFFFF) - values.view(np.uint32)
    return np.argsort((rows.astype(np.uint64) << np.uint64(31)) | falling, kind="stable")
