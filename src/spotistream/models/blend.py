"""How much each part of the hybrid counts: found on plays the parts were not shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from spotistream.models.contract import Recommender, best
from spotistream.models.interactions import Floats, Interactions

CANDIDATES, BLOCK = 100, 256
"""Items of each part that may be among the best of the blend; listeners at a time."""
MOST_LISTENERS, FEWEST_LISTENERS = 2_000, 20
CUTOFF = 20
STEPS = (0.0, 0.05, 0.1, 0.15, 0.25, 0.4, 0.65, 1.0)
SWEEPS = 3
AS_GOOD = 0.995
"""Weights this near to the best are as good as it: their mean is taken, which does not follow chance as far."""


@dataclass(frozen=True)
class Candidates:
    """scores : (b, c, p), of each part over its spread for the listener; relevant : (b, c); ideal : (b,), best DCG."""

    scores: Floats
    relevant: NDArray[np.bool_]
    ideal: NDArray[np.float64]


def spread(scores: Floats) -> Floats:
    """The standard deviation of each row, on which parts are made comparable: (b, 1); 1 where all are equal."""
    found = scores.std(axis=1, keepdims=True)
    return np.where(found > 1e-9, found, np.float32(1)).astype(np.float32)


def hidden_part(data: Interactions, *, share: float, seed: int) -> tuple[Interactions, csr_matrix]:
    """Training data without a share of each listener's items, and those; nobody loses more than half of theirs."""
    random = np.random.default_rng(seed)
    weights = data.weights.tocsr()
    order = random.random(weights.nnz)
    hidden = np.zeros(weights.nnz, dtype=bool)
    for begin, end in zip(weights.indptr[:-1].tolist(), weights.indptr[1:].tolist(), strict=True):
        size = end - begin
        count = min(int(np.ceil(size * share)), size // 2)
        hidden[begin + np.argsort(order[begin:end])[:count]] = True
    rows = np.repeat(np.arange(weights.shape[0]), np.diff(weights.indptr))

    def part(chosen: NDArray[np.bool_]) -> csr_matrix:
        entries = (weights.data[chosen], (rows[chosen], weights.indices[chosen]))
        return csr_matrix(entries, shape=weights.shape, dtype=np.float32)

    return data.with_weights(part(~hidden)), part(hidden)


def candidates(parts: Sequence[Recommender], histories: csr_matrix, hidden: csr_matrix, *, seed: int) -> Candidates:
    """What the parts say of the items that may come to the top, for at most MOST_LISTENERS who hide something."""
    who = np.flatnonzero(np.diff(hidden.indptr))
    if len(who) > MOST_LISTENERS:
        who = np.sort(np.random.default_rng(seed).choice(who, MOST_LISTENERS, replace=False))
    width = min(CANDIDATES * len(parts), histories.shape[1])
    scores = np.zeros((len(who), width, len(parts)), dtype=np.float32)
    relevant = np.zeros((len(who), width), dtype=bool)
    for begin in range(0, len(who), BLOCK):
        rows = who[begin : begin + BLOCK]
        heard = histories[rows]
        said = [part.scores(heard) for part in parts]
        said = [found / spread(found) for found in said]
        tops = np.concatenate([best(found, n=CANDIDATES, leave_out=heard)[0] for found in said], axis=1)
        wanted = hidden[rows].toarray() > 0
        for i, top in enumerate(tops):
            items = np.unique(top[top >= 0])
            scores[begin + i, : len(items)] = np.stack([found[i, items] for found in said], axis=1)
            scores[begin + i, len(items) :] = -np.inf
            relevant[begin + i, : len(items)] = wanted[i, items]
    gains = np.cumsum(_discounts(CUTOFF))
    count = np.minimum(np.diff(hidden[who].indptr), CUTOFF)
    return Candidates(scores, relevant, gains[count - 1])


def blend_weights(found: Candidates, start: Sequence[float]) -> NDArray[np.float64]:
    """Weights (p,) of the parts, the largest 1, by the NDCG of the blend: one part at a time, from several starts.

    start : weights to begin with, and to fall back to where there are too few listeners to tell
    """
    parts = found.scores.shape[2]
    begin = np.asarray(start, dtype=np.float64)
    if len(found.ideal) < FEWEST_LISTENERS or parts == 1:
        return _largest_one(begin)
    tried: dict[tuple[float, ...], float] = {}

    def value(weights: NDArray[np.float64]) -> float:
        key = tuple(np.round(_largest_one(weights), 4).tolist())
        if key not in tried:
            tried[key] = ndcg(found, np.array(key))
        return tried[key]

    for first in (begin, *np.eye(parts)):
        weights, reached = first.copy(), value(first)
        for _, part in product(range(SWEEPS), range(parts)):
            for step in STEPS:
                other = weights.copy()
                other[part] = step * max(1.0, weights.max())
                if other.any() and value(other) > reached:
                    weights, reached = _largest_one(other), value(other)
    top = max(tried.values())
    good = np.array([key for key, reached in tried.items() if reached >= AS_GOOD * top])
    mean = good.mean(axis=0)
    return _largest_one(mean if value(mean) >= AS_GOOD * top else np.array(max(tried, key=tried.__getitem__)))


def ndcg(found: Candidates, weights: NDArray[np.float64]) -> float:
    """Mean NDCG at CUTOFF of the candidates in the order of their blended scores."""
    with np.errstate(invalid="ignore"):
        blended = found.scores @ weights.astype(np.float32)
    blended = np.where(np.isnan(blended), -np.inf, blended)
    kept = min(CUTOFF, blended.shape[1])
    top = np.argpartition(-blended, kept - 1, axis=1)[:, :kept]
    order = np.argsort(-np.take_along_axis(blended, top, axis=1), axis=1, kind="stable")
    hits = np.take_along_axis(found.relevant, np.take_along_axis(top, order, axis=1), axis=1)
    return float(np.mean(hits @ _discounts(kept) / found.ideal))


def _discounts(count: int) -> NDArray[np.float64]:
    return 1 / np.log2(np.arange(2, count + 2))


def _largest_one(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    return weights / max(float(weights.max(initial=0.0)), 1e-12)
