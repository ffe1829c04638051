"""How good answers of a classifier are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


def accuracy(truth: Numbers, answers: Numbers) -> float:
    """Share of right answers."""
    return float((truth == answers).mean())


def confusion(truth: Numbers, answers: Numbers, *, k: int) -> Numbers:
    """How often class i was answered by j: (k, k)."""
    counts: Numbers = np.bincount(truth * k + answers, minlength=k * k).reshape(k, k)
    return counts


def f1_scores(counts: Numbers) -> NDArray[np.float64]:
    """Harmonic mean of precision and recall of each class, from its confusion: (k, k) -> (k,).

    0 where a class was never answered rightly; NaN where it neither occurs nor was answered.
    """
    right, occurs = np.diag(counts), counts.sum(axis=0) + counts.sum(axis=1)
    scores: NDArray[np.float64] = np.divide(2.0 * right, occurs, out=np.full(len(counts), np.nan), where=occurs > 0)
    return scores


def macro_f1(truth: Numbers, answers: Numbers, *, k: int) -> float:
    """Mean of the F1 of the classes that occur or were answered, each counting the same."""
    return float(np.nanmean(f1_scores(confusion(truth, answers, k=k))))


def interval(truth: Numbers, answers: Numbers, *, k: int, seed: int, draws: int = 1000) -> dict[str, list[float]]:
    """95 % bootstrap intervals over the rows."""
    rng = np.random.default_rng(seed)
    drawn = [rng.integers(0, len(truth), len(truth)) for _ in range(draws)]
    return {
        "accuracy": _middle([accuracy(truth[rows], answers[rows]) for rows in drawn]),
        "macro_f1": _middle([macro_f1(truth[rows], answers[rows], k=k) for rows in drawn]),
    }


def _middle(values: list[float]) -> list[float]:
    return [round(float(bound), 4) for bound in np.quantile(values, (0.025, 0.975))]
