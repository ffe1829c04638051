"""RMSE of scores that were not made to predict weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from spotistream.models.ranking import Ranker

LISTENERS = 1000
"""At most so many are looked at, drawn by the seed."""
LARGEST_RATING = 10.0
"""Larger weights are counts, which are compared by their logarithm."""
AT_ONCE = 128


@dataclass(frozen=True)
class RatingError:
    """``rmse`` in the unit named: ``weight``, or ``log(1 + weight)`` where weights are counts."""

    rmse: float
    unit: str


def rating_error(model: Ranker, learned: csr_matrix, tested: csr_matrix, *, seed: int) -> RatingError | None:
    """How far the model's scores, made weights by a straight line, are from the weights that were held out.

    learned, tested : (m, n) sparse, weights
    The line weight = a + b * score is that of least squares over the training entries of the listeners looked at. None
    where all training weights are equal: then there is nothing to predict but a constant.
    """
    largest = max(float(learned.data.max(initial=0.0)), float(tested.data.max(initial=0.0)))
    if not learned.nnz or float(np.ptp(learned.data)) == 0.0:
        return None
    counts = largest > LARGEST_RATING
    rows = np.flatnonzero(np.diff(tested.indptr) > 0)
    if len(rows) > LISTENERS:
        rows = np.sort(np.random.default_rng(seed).choice(rows, LISTENERS, replace=False))
    known, asked = _scores_and_weights(model, learned[rows], tested[rows])
    if counts:
        known[:, 1], asked[:, 1] = np.log1p(known[:, 1]), np.log1p(asked[:, 1])
    line = np.stack([np.ones(len(known)), known[:, 0]], axis=1)
    (a, b), *_ = np.linalg.lstsq(line, known[:, 1], rcond=None)
    rmse = float(np.sqrt(np.mean((a + b * asked[:, 0] - asked[:, 1]) ** 2)))
    return RatingError(rmse, "log(1 + weight)" if counts else "weight")


def _scores_and_weights(
    model: Ranker, learned: csr_matrix, tested: csr_matrix
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(entries, 2): score and weight of each stored entry of the two."""
    known: list[NDArray[np.float64]] = []
    asked: list[NDArray[np.float64]] = []
    for at in range(0, learned.shape[0], AT_ONCE):
        scores = model.scores(learned[at : at + AT_ONCE])
        for matrix, rows in ((learned, known), (tested, asked)):
            entries = matrix[at : at + AT_ONCE].tocoo()
            rows.append(np.stack([scores[entries.row, entries.col].astype(np.float64), entries.data], axis=1))
    return np.concatenate(known), np.concatenate(asked)
