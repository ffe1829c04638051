"""One model, one data set, every figure: ranking over the full catalogue, what the listener has left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from spotistream.evaluation.groups import COLD, HISTORIES, POPULARITY, between, label, popularity_group
from spotistream.evaluation.intervals import intervals
from spotistream.evaluation.lists import LISTS, coverage, list_metrics
from spotistream.evaluation.rating_error import rating_error
from spotistream.evaluation.sampled import sampled_metrics
from spotistream.models.ranking import ACCURACY, Ranker, found, ranked_items, ranking_metrics


@dataclass(frozen=True)
class Protocol:
    """``k``: length of a list; ``sampled_negatives``: 0, or how many for the sampled protocol beside the full one."""

    k: int = 20
    seed: int = 0
    sampled_negatives: int = 0


@dataclass(frozen=True)
class Outcome:
    """What one model reached.

    users : (u,) rows of the listeners who were evaluated
    values : metric -> (u,), NaN where it has no meaning for a listener
    whole : metric -> one figure for all lists together; None where it has no meaning
    slices : name of the grouping -> group -> its figures
    """

    users: NDArray[np.int64]
    values: Mapping[str, NDArray[np.float64]]
    whole: Mapping[str, Any]
    slices: Mapping[str, Mapping[str, Mapping[str, float | int]]]


def evaluate(model: Ranker, learned: csr_matrix, tested: csr_matrix, protocol: Protocol) -> Outcome:
    """Every figure of a fitted model.

    learned : (m, n) sparse, the histories, all of them left out of the lists
    tested : (m, n) sparse, weights of what was held out; listeners without any have no part in the means
    """
    k, seed = protocol.k, protocol.seed
    users = np.flatnonzero(np.diff(tested.indptr) > 0)
    histories, asked = learned[users], tested[users]
    ranked = ranked_items(model, histories, n=k)
    accuracy = ranking_metrics(found(ranked, asked), np.diff(asked.indptr))
    whole: dict[str, Any] = {f"coverage@{k}": coverage(ranked, model.size)}
    error = rating_error(model, learned, tested, seed=seed)
    whole |= {"rmse": None, "rmse_unit": None} if error is None else {"rmse": error.rmse, "rmse_unit": error.unit}
    if protocol.sampled_negatives:
        name = f"sampled_{protocol.sampled_negatives}_negatives_not_comparable"
        whole[name] = sampled_metrics(model, histories, asked, k=k, negatives=protocol.sampled_negatives, seed=seed)
    return Outcome(
        users=users,
        values={f"{name}@{k}": column for name, column in {**accuracy, **list_metrics(ranked, learned)}.items()},
        whole=whole,
        slices={
            "history": dict(_by_history(accuracy, np.diff(histories.indptr), k)),
            "item_popularity": dict(_by_item(ranked, asked, _popularity_groups(learned), k)),
            "cold_items": dict(_by_item(ranked, asked, _cold_groups(learned), k)),
        },
    )


def figures(outcome: Outcome, protocol: Protocol) -> dict[str, Any]:
    """The outcome as it is printed: means, their intervals, figures of the whole, slices."""
    names = [f"{name}@{protocol.k}" for name in (*ACCURACY, *LISTS)]
    columns = np.stack([outcome.values[name] for name in names], axis=1)
    complete = np.isfinite(columns).all(axis=1)
    means = {name: _mean(outcome.values[name]) for name in names}
    low_high = intervals(columns[complete], seed=protocol.seed) if complete.any() else np.full((2, len(names)), np.nan)
    result: dict[str, Any] = {**means, **outcome.whole}
    for name, (low, high) in zip(names, low_high.T.tolist(), strict=True):
        result[f"{name}_interval"] = None if means[name] is None else [low, high]
    result["users"] = len(outcome.users)
    result["slices"] = outcome.slices
    return result


def _mean(values: NDArray[np.float64]) -> float | None:
    """The mean over listeners for whom it has a meaning."""
    there = values[np.isfinite(values)]
    return float(there.mean()) if len(there) else None


def _by_history(
    accuracy: Mapping[str, NDArray[np.float64]], lengths: NDArray[np.int64], k: int
) -> Iterator[tuple[str, dict[str, float | int]]]:
    for low, high in HISTORIES:
        members = between(lengths, low, high)
        if members.any():
            yield label(low, high), _group({name: column[members] for name, column in accuracy.items()}, k)


def _by_item(
    ranked: NDArray[np.int64], asked: csr_matrix, groups: Mapping[str, NDArray[np.bool_]], k: int
) -> Iterator[tuple[str, dict[str, float | int]]]:
    """The lists as if nothing else than the items of one group had been held out."""
    for name, members in groups.items():
        part = asked[:, np.flatnonzero(members)]
        rows = np.flatnonzero(np.diff(part.indptr) > 0)
        if len(rows):
            relevant = asked[rows].multiply(members[None, :]).tocsr()
            relevant.eliminate_zeros()
            accuracy = ranking_metrics(found(ranked[rows], relevant), np.diff(relevant.indptr))
            yield name, {**_group(accuracy, k), "held_out": int(part.nnz)}


def _group(accuracy: Mapping[str, NDArray[np.float64]], k: int) -> dict[str, float | int]:
    users = len(accuracy["ndcg"])
    return {"users": users, **{f"{name}@{k}": float(accuracy[name].mean()) for name in ("recall", "ndcg")}}


def _popularity_groups(learned: csr_matrix) -> dict[str, NDArray[np.bool_]]:
    group = popularity_group(learned)
    return {name: group == number for number, name in enumerate(POPULARITY)}


def _cold_groups(learned: csr_matrix) -> dict[str, NDArray[np.bool_]]:
    listeners = np.diff(learned.tocsc().indptr)
    return {label(low, high): between(listeners, low, high) for low, high in COLD}
