"""The nearest of more vectors than all pairs can be computed of: a graph of neighbours instead of every cosine.

Hierarchical navigable small worlds (Malkov and Yashunin, 2020), by Voyager. What it finds is not always all there is to
find: docs/similar.md has how much, and how fast. Cosines and order of what it finds are exact.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from spotistream.models.contract import NOTHING
from spotistream.models.interactions import Floats
from spotistream.models.neighbours import cores, nearest

LINKS, BUILD_EFFORT = 16, 100
"""Neighbours that each track of the graph is linked to, and tracks looked at to find them."""
SEARCH_EFFORT = 100
"""Tracks a search keeps in hand; at least twice as many as are asked for."""
AT_ONCE = 4_096
"""Tracks that are added, or looked up, at a time."""
SEED = 7


def nearest_at_scale(
    vectors: Floats,
    *,
    n: int,
    exact_tracks: int,
    candidates: NDArray[np.bool_] | None = None,
    rows: NDArray[np.int64] | None = None,
    advance: Callable[[int], object] = lambda _: None,
) -> tuple[NDArray[np.int64], Floats]:
    """``nearest``; approximately where there are more pairs to compare than those of ``exact_tracks`` with one another.

    A few rows are looked up exactly however many candidates there are: that is sooner done than a graph is built.
    """
    offered = len(vectors) if candidates is None else int(candidates.sum())
    asked = len(vectors) if rows is None else len(rows)
    if asked * offered <= exact_tracks**2:
        return nearest(vectors, n=n, candidates=candidates, rows=rows, advance=advance)
    graph = Graph(vectors, candidates=candidates, advance=lambda: advance(0))
    return graph.nearest(rows, n=n, advance=advance)


class Graph:
    """An index of candidates among vectors.

    vectors : (m, d) float32, of length one, or zeros for what is similar to nothing
    candidates : (m,) bool, what may be found; every row without
    threads : all cores without; built with one thread, the same vectors give the same answers
    advance : called now and then while it is built
    """

    def __init__(
        self,
        vectors: Floats,
        *,
        candidates: NDArray[np.bool_] | None = None,
        threads: int | None = None,
        advance: Callable[[], object] = lambda: None,
    ) -> None:
        from voyager import Index, Space  # compiled code that catalogues of usual size do without

        self._vectors, self._candidates, self._threads = vectors, candidates, threads or cores()
        self._columns = np.flatnonzero(vectors.any(axis=1) & (True if candidates is None else candidates))
        self._index = Index(
            Space.Cosine, max(1, vectors.shape[1]), M=LINKS, ef_construction=BUILD_EFFORT, random_seed=SEED,
            max_elements=max(1, len(self._columns)),
        )  # fmt: skip
        for begin in range(0, len(self._columns), AT_ONCE):
            self._index.add_items(vectors[self._columns[begin : begin + AT_ONCE]], num_threads=self._threads)
            advance()

    def nearest(
        self, rows: NDArray[np.int64] | None = None, *, n: int, advance: Callable[[int], object] = lambda _: None
    ) -> tuple[NDArray[np.int64], Floats]:
        """As ``neighbours.nearest`` of these rows, or of all, with some neighbours missed: two (r, n)."""
        wanted = np.arange(len(self._vectors)) if rows is None else np.asarray(rows, dtype=np.int64)
        found = np.full((len(wanted), n), NOTHING, dtype=np.int64)
        cosines = np.zeros((len(wanted), n), dtype=np.float32)
        asked = np.flatnonzero(self._vectors[wanted].any(axis=1)) if n and len(self._columns) else wanted[:0]
        for begin in range(0, len(asked), AT_ONCE):
            part = asked[begin : begin + AT_ONCE]
            found[part], cosines[part] = self._looked_up(wanted[part], n=n)
            advance(len(part))
        return found, cosines

    def _looked_up(self, queries: NDArray[np.int64], *, n: int) -> tuple[NDArray[np.int64], Floats]:
        from voyager import RecallError

        k = min(n + 1, len(self._columns))  # itself among them
        effort = min(max(SEARCH_EFFORT, 2 * k), len(self._columns))
        try:
            near, _ = self._index.query(self._vectors[queries], k=k, query_ef=effort, num_threads=self._threads)
        except RecallError:  # parts of the graph lead nowhere, as among many copies of one sound
            return nearest(self._vectors, n=n, candidates=self._candidates, rows=queries)
        return _ranked(self._vectors, queries, self._columns[near.astype(np.int64)], n=n)


def _ranked(
    vectors: Floats, queries: NDArray[np.int64], near: NDArray[np.int64], *, n: int
) -> tuple[NDArray[np.int64], Floats]:
    """The first ``n`` of these neighbours by exact cosine, without the query itself: two (b, n)."""
    cosines = np.einsum("bd,bkd->bk", vectors[queries], vectors[near])
    cosines[(near == queries[:, None]) | (cosines <= 0)] = -np.inf
    order = np.lexsort((near, -cosines), axis=1)[:, :n]
    width, values = order.shape[1], np.take_along_axis(cosines, order, axis=1)
    found = np.full((len(queries), n), NOTHING, dtype=np.int64)
    nearness = np.zeros((len(queries), n), dtype=np.float32)
    found[:, :width] = np.where(values > 0, np.take_along_axis(near, order, axis=1), NOTHING)
    nearness[:, :width] = np.maximum(values, 0)
    return found, nearness
