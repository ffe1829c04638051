"""How well genres are told from any labelled table of features, beside scikit-learn on the same folds.

Every net is trained on every fold's training rows. Which of them make the committee that answers a fold is decided by
how they answered the rows of all other folds; the fold's own rows have no say in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyspark.sql import SparkSession

from spotistream.models.genre_folds import Split, folds_of
from spotistream.models.genre_metrics import accuracy, confusion, f1_scores, interval, macro_f1
from spotistream.models.genre_peers import PEERS, peer_answers
from spotistream.models.genre_settings import cross_fitted, mixed, nets_of, selected
from spotistream.models.genres import AT_ONCE, side_by_side
from spotistream.pipelines.labelled_table import LabelledTable

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Protocol:
    """folds : of the cross-validation, at least 2; seed : of folds and nets."""

    folds: int
    seed: int


def steps(table: LabelledTable, protocol: Protocol) -> int:
    """How often ``evaluated`` calls ``advance``, at most."""
    return protocol.folds * (nets_of(len(table.classes)) + len(PEERS))


def evaluated(
    spark: SparkSession, table: LabelledTable, protocol: Protocol, *, advance: Callable[[int], None]
) -> dict[str, Any]:
    """Everything that was found, ready for JSON. ``advance`` is told of each step.

    Figures at the top are of the answers to all folds together; ``folds`` has those of each.
    """
    k, truth = len(table.labels), table.classes
    folds = folds_of(truth, table.groups, folds=protocol.folds, seed=protocol.seed)
    trials = cross_fitted(spark, table.values, truth, folds, k=k, seed=protocol.seed, advance=advance)
    answers, settings = np.empty_like(truth), []
    for train, test in folds:
        settings.append(selected(trials, truth, train, seed=protocol.seed))
        shares = np.bincount(truth[train], minlength=k) / len(train)
        answers[test] = mixed(trials, settings[-1], test, shares).argmax(axis=1)
    peers = _answers_of_peers(table, folds, protocol, advance)
    return {
        **_figures(truth, answers, k=k),
        "peers": {name: _figures(truth, theirs, k=k) for name, theirs in peers.items()},
        "intervals": {
            name: interval(truth, theirs, k=k, seed=protocol.seed)
            for name, theirs in {"committee": answers, **peers}.items()
        },
        "folds": [
            {
                "rows": len(test),
                **_figures(truth[test], answers[test], k=k),
                "peers": {name: _figures(truth[test], theirs[test], k=k) for name, theirs in peers.items()},
                "settings": asdict(chosen),
            }
            for (_, test), chosen in zip(folds, settings, strict=True)
        ],
        "rows": len(truth),
        "features": list(table.columns),
        "labels": {
            label: {"rows": int(rows), "f1": round(float(score), 4)}
            for label, rows, score in zip(
                table.labels, np.bincount(truth, minlength=k), f1_scores(confusion(truth, answers, k=k)), strict=True
            )
        },
        "confusion": confusion(truth, answers, k=k).tolist(),
        "grouped": table.groups is not None,
        "seed": protocol.seed,
        "notes": list(table.notes),
    }


def _figures(truth: Numbers, answers: Numbers, *, k: int) -> dict[str, float]:
    return {
        "accuracy": round(accuracy(truth, answers), 4),
        "macro_f1": round(macro_f1(truth, answers, k=k), 4),
    }


def _answers_of_peers(
    table: LabelledTable, folds: list[Split], protocol: Protocol, advance: Callable[[int], None]
) -> dict[str, Numbers]:
    """The answers of each peer to all folds: (n,) each."""

    def answered(task: tuple[str, Split]) -> Numbers:
        name, (train, test) = task
        found = peer_answers(name, table.values[train], table.classes[train], table.values[test], seed=protocol.seed)
        advance(1)
        return found

    tasks = [(name, fold) for name in PEERS for fold in folds]
    found = iter(side_by_side(answered, tasks, at_once=AT_ONCE))
    answers = {}
    for name in PEERS:
        answers[name] = np.empty_like(table.classes)
        for _, test in folds:
            answers[name][test] = next(found)
    return answers
