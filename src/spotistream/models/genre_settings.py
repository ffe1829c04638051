"""The committee that suits a data set: chosen by how its nets answered rows they were not trained on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from pyspark.sql import SparkSession

from spotistream.models.feature_views import View
from spotistream.models.genre_folds import Split
from spotistream.models.genre_metrics import accuracy, macro_f1
from spotistream.models.genres import AT_ONCE, Classes, Doubles, Member, Settings, grown, side_by_side, tilted

CHECKPOINTS = (20, 40, 80)
"""Iterations at which a growing net is looked at: its regularisation."""
PLAIN_HIDDEN, KERNEL_HIDDEN = 96, 32
LANDMARKS, LANDMARKS_OF_MANY_ROWS = 400, 128
MANY_ROWS = 3_000
FEW_ROWS = 400
"""With fewer rows a choice would be chance: STANDARD."""
TILTS = (0.0, 0.1, 0.2, 0.3, 0.4)
BAGS, PICKS = 8, 5
BRIER_WEIGHT = 0.2

STANDARD = Settings(
    tuple(
        Member(view, hidden, 40, 0.25)
        for view, hidden in (
            (View("standard"), PLAIN_HIDDEN),
            (View("rank"), PLAIN_HIDDEN),
            (View("standard", 0.5, LANDMARKS), KERNEL_HIDDEN),
            (View("rank", 0.5, LANDMARKS), KERNEL_HIDDEN),
        )
    )
)


@dataclass(frozen=True, eq=False)
class Trial:
    """A member, and its probabilities (n, k) for rows when it was not trained on them."""

    member: Member
    probabilities: Doubles


def candidates(rows: int) -> tuple[Member, ...]:
    """The nets to choose from for so many rows. Their iterations are the last checkpoint."""
    views: tuple[View, ...]
    if rows > MANY_ROWS:
        views = (View("standard"), View("rank"), View("standard", 0.5, LANDMARKS_OF_MANY_ROWS),
                 View("rank", 1.0, LANDMARKS_OF_MANY_ROWS))  # fmt: skip
    else:
        views = (View("standard"), View("rank"), View("standard", 0.5, LANDMARKS), View("rank", 0.5, LANDMARKS),
                 View("standard", 2.0, LANDMARKS), View("rank", 1.0, LANDMARKS))  # fmt: skip
    return tuple(Member(view, KERNEL_HIDDEN if view.nearness else PLAIN_HIDDEN, CHECKPOINTS[-1]) for view in views)


def cross_fitted(
    spark: SparkSession,
    values: Doubles,
    classes: Classes,
    folds: Sequence[Split],
    *,
    k: int,
    seed: int,
    advance: Callable[[int], None] = lambda count: None,
) -> list[Trial]:
    """Each candidate at each checkpoint with its answers to the rows that are tested in ``folds``: zero for others.

    advance : told of each net that was trained
    """
    tried = STANDARD.members if len(values) < FEW_ROWS else candidates(len(values))
    checkpoints = (STANDARD.members[0].iterations,) if len(values) < FEW_ROWS else CHECKPOINTS

    def answered(task: tuple[int, Member, Split]) -> list[Doubles]:
        number, member, (train, test) = task
        view, nets = grown(
            spark, values[train], classes[train], k, member, checkpoints=checkpoints, seed=seed * 1000 + number
        )
        advance(1)
        seen = view.seen(values[test])
        return [net.probabilities(seen) for net in nets]

    tasks = [(number, member, fold) for number, member in enumerate(tried) for fold in folds]
    found = iter(side_by_side(answered, tasks, at_once=AT_ONCE))
    trials = []
    for member in tried:
        pooled = np.zeros((len(checkpoints), len(values), k))
        for _, test in folds:
            pooled[:, test] = next(found)
        trials += [Trial(replace(member, iterations=i), each) for i, each in zip(checkpoints, pooled, strict=True)]
    return trials


def nets_of(rows: int) -> int:
    """How many nets ``cross_fitted`` trains for a fold."""
    return len(STANDARD.members) if rows < FEW_ROWS else len(candidates(rows))


def selected(trials: Sequence[Trial], classes: Classes, rows: NDArray[np.int64], *, seed: int) -> Settings:
    """The committee that answered ``rows`` best, with weights, and its tilt.

    By bagged ensemble selection (Caruana and others, 2004): from a random half of the nets one is taken after another,
    each time the one that makes the mean best; the weights are how often a net was taken over several halves. Best is
    the share of right answers less BRIER_WEIGHT of the Brier score. The tilt is the one with the best macro F1 of
    those that lose no right answer.
    """
    if len(classes) < FEW_ROWS:
        return STANDARD
    answers = np.stack([trial.probabilities[rows] for trial in trials])
    truth = classes[rows]
    one_net = [(trial.member.view, trial.member.hidden) for trial in trials]
    nets = list(dict.fromkeys(one_net))
    rng = np.random.default_rng(seed)
    taken = np.zeros(len(trials))
    for _ in range(BAGS):
        half = {nets[i] for i in rng.permutation(len(nets))[: (len(nets) + 1) // 2]}
        pool = [i for i, net in enumerate(one_net) if net in half]
        for i in _picked(answers, truth, pool):
            taken[i] += 1
    weights = taken / taken.sum()
    members = tuple(
        replace(trial.member, weight=float(weight)) for trial, weight in zip(trials, weights, strict=True) if weight
    )
    shares = np.bincount(classes, minlength=answers.shape[2]) / len(classes)
    return Settings(members, _tilt(np.tensordot(weights, answers, 1), truth, shares))


def mixed(trials: Sequence[Trial], settings: Settings, rows: NDArray[np.int64], shares: Doubles) -> Doubles:
    """What the committee answered to ``rows`` when its nets were not trained on them: (len(rows), k)."""
    weights = {replace(member, weight=1.0): member.weight for member in settings.members}
    parts = [weights.get(replace(t.member, weight=1.0), 0.0) * t.probabilities[rows] for t in trials]
    return tilted(np.sum(parts, axis=0), shares, settings.tilt)


def _picked(answers: Doubles, truth: Classes, pool: Sequence[int]) -> list[int]:
    """PICKS trials of the pool, one after another; the same one may come again."""
    total, picks = np.zeros(answers.shape[1:]), []
    for count in range(1, PICKS + 1):
        best = max(pool, key=lambda i: _goodness((total + answers[i]) / count, truth))
        picks.append(best)
        total = total + answers[best]
    return picks


def _goodness(probabilities: Doubles, truth: Classes) -> float:
    rows = np.arange(len(truth))
    brier = (probabilities**2).sum(axis=1) - 2 * probabilities[rows, truth] + 1
    return float((probabilities.argmax(axis=1) == truth).mean() - BRIER_WEIGHT * brier.mean())


def _tilt(probabilities: Doubles, truth: Classes, shares: Doubles) -> float:
    k = probabilities.shape[1]
    answers = [tilted(probabilities, shares, tilt).argmax(axis=1) for tilt in TILTS]
    right = [accuracy(truth, answer) for answer in answers]
    allowed = [i for i in range(len(TILTS)) if right[i] >= right[0]]
    return TILTS[max(allowed, key=lambda i: (macro_f1(truth, answers[i], k=k), -i))]
