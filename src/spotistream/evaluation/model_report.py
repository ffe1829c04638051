"""Everything a model's card tells of how well it ranks, measured on listeners it was not trained on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from spotistream.evaluation.groups import COLD, HISTORIES, POPULARITY, between, label, popularity_group
from spotistream.evaluation.intervals import intervals
from spotistream.evaluation.lists import coverage, list_metrics
from spotistream.models.interactions import Interactions
from spotistream.models.ranking import Ranker, found, ranked_items, ranking_metrics
from spotistream.models.report import ByK, Confusion, Figure, ModelReport, Slice

KS = (1, 5, 10, 20, 50)
TOLD = 20
"""The length of the lists that tables and slices are about."""


def model_report(
    model: Ranker,
    histories_in: csr_matrix,
    held_out: csr_matrix,
    data: Interactions,
    ks: Sequence[int] = KS,
    *,
    peers: Mapping[str, Ranker] | None = None,
    learning_curve: Sequence[tuple[float, float]] = (),
    confusion: Confusion | None = None,
    seed: int = 0,
) -> ModelReport:
    """Rank the whole catalogue for each listener, what is in the history left out, and compare with what was held out.

    histories_in : (u, n) sparse, what is folded in
    held_out : (u, n) sparse; listeners without any, or without a history, have no part
    data : what the model was trained on: it says which items are popular, which are cold
    peers : measured on the same listeners; by name
    """
    rows = np.flatnonzero((np.diff(held_out.indptr) > 0) & (np.diff(histories_in.indptr) > 0))
    histories, asked = histories_in[rows], held_out[rows]
    ks = sorted({*ks, TOLD})
    ranked = ranked_items(model, histories, n=ks[-1])
    return ModelReport(
        model=model.name,
        listeners=len(rows),
        tracks=model.size,
        k=TOLD,
        by_k=_by_k(ranked, asked, data.weights, ks, seed=seed),
        slices=_slices(ranked[:, :TOLD], histories, asked, data.weights, seed=seed),
        peers={
            name: _by_k(ranked_items(peer, histories, n=ks[-1]), asked, data.weights, ks, seed=seed)
            for name, peer in (peers or {}).items()
        },
        learning_curve=tuple(learning_curve),
        confusion=confusion,
    )


def ndcg_of_listeners(
    model: Ranker, histories_in: csr_matrix, held_out: csr_matrix, *, k: int = TOLD
) -> NDArray[np.float64]:
    """NDCG@k of each listener: (u,), NaN for one without a history or of whom nothing is held out. For the gate."""
    hits = found(ranked_items(model, histories_in, n=k), held_out)
    ndcg = ranking_metrics(hits, np.diff(held_out.indptr))["ndcg"]
    return np.where(np.diff(histories_in.indptr) > 0, ndcg, np.nan)


def _by_k(ranked: NDArray[np.int64], asked: csr_matrix, learned: csr_matrix, ks: Sequence[int], *, seed: int) -> ByK:
    by_k: dict[str, dict[int, Figure]] = {}
    for k in ks:
        top = ranked[:, :k]
        values = {
            **ranking_metrics(found(top, asked), np.diff(asked.indptr)),
            **list_metrics(top, learned),
        }
        for metric, column in values.items():
            by_k.setdefault(metric, {})[k] = _figure(column, seed=seed)
        by_k.setdefault("coverage", {})[k] = Figure(coverage(top, learned.shape[1]) if len(top) else None)
    return by_k


def _slices(
    ranked: NDArray[np.int64], histories: csr_matrix, asked: csr_matrix, learned: csr_matrix, *, seed: int
) -> dict[str, tuple[Slice, ...]]:
    lengths = np.diff(histories.indptr)
    listeners = np.diff(learned.tocsc().indptr)
    group = popularity_group(learned)

    def by_listener(members: NDArray[np.bool_], name: str) -> Slice | None:
        rows = np.flatnonzero(members)
        return _slice(name, ranked[rows], asked[rows], seed=seed) if len(rows) else None

    def by_item(members: NDArray[np.bool_], name: str) -> Slice | None:
        """The lists as if nothing else than these items had been held out."""
        part = asked.multiply(members[None, :]).tocsr()
        part.eliminate_zeros()
        rows = np.flatnonzero(np.diff(part.indptr) > 0)
        return _slice(name, ranked[rows], part[rows], seed=seed) if len(rows) else None

    return {
        "history": _those(by_listener, {label(*ends): between(lengths, *ends) for ends in HISTORIES}),
        "item_popularity": _those(by_item, {name: group == number for number, name in enumerate(POPULARITY)}),
        "cold_items": _those(by_item, {label(*ends): between(listeners, *ends) for ends in COLD}),
    }


def _those(
    sliced: Callable[[NDArray[np.bool_], str], Slice | None], groups: Mapping[str, NDArray[np.bool_]]
) -> tuple[Slice, ...]:
    """The groups that have anybody in them."""
    return tuple(one for name, members in groups.items() if (one := sliced(members, name)) is not None)


def _slice(name: str, ranked: NDArray[np.int64], asked: csr_matrix, *, seed: int) -> Slice:
    values = ranking_metrics(found(ranked, asked), np.diff(asked.indptr))
    return Slice(name, len(ranked), _figure(values["ndcg"], seed=seed), _figure(values["recall"], seed=seed))


def _figure(values: NDArray[np.float64], *, seed: int) -> Figure:
    """The mean over the listeners for whom it has a meaning."""
    there = values[np.isfinite(values)]
    if not len(there):
        return Figure(None)
    (low,), (high,) = intervals(there[:, None], seed=seed)
    return Figure(float(there.mean()), float(low), float(high))
