"""How good ranked lists are, listener by listener: relevance is binary, an item was held out or it was not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from spotistream.models.interactions import Floats, Interactions
from spotistream.models.space import Space

ACCURACY = ("recall", "ndcg", "precision", "map", "mrr", "hit_rate")
"""What ``ranking_metrics`` gives, in the order of tables."""
CELLS_AT_ONCE = 16_000_000
"""Scores held at one time, 64 MB of float32."""


class Ranker(Protocol):
    """As much of ``Recommender`` as it takes to be tuned and evaluated."""

    name: ClassVar[str]
    space: ClassVar[Space]

    @property
    def size(self) -> int: ...

    @classmethod
    def fit(cls, data: Interactions, settings: Mapping[str, Any] | None = None, *, seed: int = 0) -> Self: ...

    def scores(self, histories: csr_matrix) -> Floats: ...

    def recommend(
        self, histories: csr_matrix, *, n: int, leave_out: csr_matrix | None = None
    ) -> tuple[NDArray[np.int64], Floats]: ...


def ranked_items(
    model: Ranker, histories: csr_matrix, *, n: int, leave_out: csr_matrix | None = None
) -> NDArray[np.int64]:
    """The best ``n`` items of each of ``u`` listeners, best first: (u, n); a block of listeners at a time.

    leave_out : (u, items) sparse: what is not offered; what is in the history without
    """
    step = max(1, CELLS_AT_ONCE // max(model.size, 1))
    parts = [
        model.recommend(
            histories[at : at + step], n=n, leave_out=None if leave_out is None else leave_out[at : at + step]
        )[0]
        for at in range(0, histories.shape[0], step)
    ]
    return np.concatenate(parts) if parts else np.empty((0, n), dtype=np.int64)


def found(ranked: NDArray[np.int64], relevant: csr_matrix) -> NDArray[np.bool_]:
    """Which places of the lists hold a relevant item: bool (u, k). A place without an item (-1) holds none.

    relevant : (u, items) sparse: stored entries are relevant
    """
    u, n = relevant.shape
    rows = np.repeat(np.arange(u, dtype=np.int64), np.diff(relevant.indptr))
    keys = np.sort(rows * n + relevant.indices)
    wanted = np.arange(u, dtype=np.int64)[:, None] * n + ranked
    if not len(keys):
        return np.zeros(ranked.shape, dtype=np.bool_)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return (keys[at] == wanted) & (ranked >= 0)


def ranking_metrics(hits: NDArray[np.bool_], held_out: NDArray[np.int64]) -> Mapping[str, NDArray[np.float64]]:
    """Each of ``ACCURACY`` for each of ``u`` listeners: (u,) in [0, 1]; NaN for listeners of whom nothing is held out.

    hits : (u, k): the item at this place is one of those held out
    held_out : (u,) how many items were held out of each listener

    With ``r`` hits among the first ``k`` of ``t`` items held out: recall is r / t; precision r / k, also where a list
    is shorter; NDCG the sum of 1 / log2(place + 1) over the hits by that of the best list, whose first min(k, t) places
    are hits (Järvelin and Kekäläinen, 2002); MAP the mean over min(k, t) of the precision at each hit; MRR one by the
    place of the first hit, 0 without one (Voorhees, 1999); the hit rate is 1 where r > 0.
    """
    k = hits.shape[1]
    places = np.arange(1, k + 1)
    worth = 1 / np.log2(places + 1)
    best_worth = np.concatenate([[np.nan], np.cumsum(worth)])
    could = np.minimum(held_out, k)
    some = held_out > 0
    share_of = np.where(some, held_out, np.nan)
    so_far = np.cumsum(hits, axis=1)
    first = np.where(hits.any(axis=1), 1 / (hits.argmax(axis=1) + 1), 0.0)
    values = {
        "recall": hits.sum(axis=1) / share_of,
        "ndcg": (hits @ worth) / best_worth[could],
        "precision": hits.sum(axis=1) / k,
        "map": (hits * so_far / places).sum(axis=1) / np.where(some, could, np.nan),
        "mrr": first,
        "hit_rate": hits.any(axis=1).astype(np.float64),
    }
    return {name: np.where(some, values[name], np.nan) for name in ACCURACY}


def mean_ndcg(model: Ranker, histories: csr_matrix, relevant: csr_matrix, *, k: int) -> float:
    """NDCG@k over the listeners of whom something is held out, their history left out of the lists; 0 without any."""
    rows = np.flatnonzero((np.diff(relevant.indptr) > 0) & (np.diff(histories.indptr) > 0))
    if not len(rows):
        return 0.0
    chosen = relevant[rows]
    hits = found(ranked_items(model, histories[rows], n=k), chosen)
    return float(ranking_metrics(hits, np.diff(chosen.indptr))["ndcg"].mean())
