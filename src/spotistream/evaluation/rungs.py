"""One trial of settings, on a part of the listeners first.

A rung is a share of the listeners: the model is fitted on them alone and judged by what was held out of them. Few
listeners tell bad settings from good ones in a fraction of the time; what is chosen in the end was fitted on all.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from spotistream.models.interactions import Interactions
from spotistream.models.ranking import Ranker, found, ranked_items, ranking_metrics
from spotistream.models.search import MOST_LISTENERS

FACTOR = 3
"""A rung has so many times the listeners of the one before it, and as large a part of the trials is pruned there."""
FEWEST_LISTENERS = 600
"""A rung of fewer says too little: see docs/tuning.md."""


@dataclass(frozen=True)
class Question:
    """What settings are tried on.

    train : what models are fitted on, m listeners; valid : (m, n) sparse, what was held out of them
    """

    train: Interactions
    valid: csr_matrix
    k: int
    seed: int


@dataclass(frozen=True)
class Judged:
    """One rung of one trial.

    values : (u,) NDCG@k of each listener, in the order of ``listeners``; the same listeners for all settings
    problem : why nothing could be fitted, None where it could; the values are 0 then
    """

    values: NDArray[np.float64]
    seconds: float
    problem: str | None = None

    @property
    def ndcg(self) -> float:
        return float(self.values.mean()) if len(self.values) else 0.0


def rungs(listeners: int) -> tuple[int, ...]:
    """How many ninths, say, of the listeners each rung has, relative to the first: 1, 3, 9; 1 alone for a few.

    >>> rungs(500), rungs(2_000), rungs(100_000)
    ((1,), (1, 3), (1, 3, 9))
    """
    found = [1]
    while len(found) < 3 and listeners // (found[-1] * FACTOR) >= FEWEST_LISTENERS:
        found.append(found[-1] * FACTOR)
    return tuple(found)


def listeners(question: Question, *, share: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows a rung is fitted on, and those of them that are judged, both sorted; a larger share holds a smaller one."""
    m = question.valid.shape[0]
    order = np.random.default_rng(question.seed).permutation(m)[: max(1, round(share * m))]
    asked = (np.diff(question.valid.indptr) > 0) & (np.diff(question.train.weights.indptr) > 0)
    return np.sort(order), np.sort(order[asked[order]][:MOST_LISTENERS])


def own_settings(model: type[Ranker], question: Question) -> Mapping[str, Any]:
    """What a model that suits its settings to the data chooses where it is given none; empty for others."""
    with threadpool_limits(1):
        return dict(getattr(model.fit(question.train, {}, seed=question.seed), "settings", {}))


def judged(model: type[Ranker], question: Question, settings: Mapping[str, Any], *, share: float) -> Judged:
    """Fit on a share of the listeners and rank for those of whom something is held out; on one thread.

    Settings under which nothing can be solved have NDCG 0.
    """
    begun = time.monotonic()
    rows, who = listeners(question, share=share)
    data = question.train
    if len(rows) < len(data.users):
        data = replace(data, users=data.users[rows], weights=data.weights[rows])
    relevant = question.valid[who]
    with threadpool_limits(1):
        try:
            fitted = model.fit(data, settings, seed=question.seed)
            ranked = ranked_items(fitted, question.train.weights[who], n=question.k)
        except (np.linalg.LinAlgError, FloatingPointError) as exc:
            return Judged(np.zeros(len(who)), time.monotonic() - begun, f"{type(exc).__name__}: {exc}")
    values = ranking_metrics(found(ranked, relevant), np.diff(relevant.indptr))["ndcg"]
    return Judged(values, time.monotonic() - begun)
