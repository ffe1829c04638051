"""A feature table as a net wants to see it: filled, put to one scale, and, for some nets, by nearness to landmarks.

What is fitted here is fitted on training rows only and is a few arrays, so it is saved and applied without Spark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.special import ndtri

Doubles = NDArray[np.float64]
Scaling = Literal["standard", "rank"]

FARTHEST = 5.0
"""Scaled values are held within this many standard deviations: one broken value must not decide."""
QUANTILES = 201
SMALLEST_SHARE = 1e-6
"""Directions of the landmarks' kernel with less than this are noise."""


@dataclass(frozen=True)
class View:
    """How a table is prepared.

    scaling : "standard": mean 0 and deviation 1; "rank": each column to a normal distribution by its ranks
    nearness : 0: the scaled columns themselves; else their radial basis kernel, exp(-nearness / d * distance ** 2),
        with ``d`` columns, to ``landmarks`` rows of the training data, by the method of Nyström (Williams and Seeger,
        2001): a net of these draws the curved borders of a support vector machine
    """

    scaling: Scaling = "standard"
    nearness: float = 0.0
    landmarks: int = 400


@dataclass(frozen=True, eq=False)
class FittedView:
    """What a view has learned.

    arrays : ``fill`` (d,): the median of each column; ``quantiles`` (q, d), or ``mean`` and ``scale`` (d,); with
        nearness ``landmarks`` (m, d) and ``whitening`` (m, m)
    """

    nearness: float
    arrays: Mapping[str, NDArray[Any]]

    def seen(self, values: Doubles) -> Doubles:
        """Rows as this view shows them: (n, d), NaN where a value is missing -> (n, width)."""
        scaled = self._scaled(values)
        if not self.nearness:
            return scaled
        return _kernel(scaled, self.arrays["landmarks"], self.nearness) @ self.arrays["whitening"]

    def _scaled(self, values: Doubles) -> Doubles:
        filled = np.where(np.isfinite(values), values, self.arrays["fill"])
        if "quantiles" in self.arrays:
            return _normal_scores(filled, self.arrays["quantiles"])
        scaled: Doubles = ((filled - self.arrays["mean"]) / self.arrays["scale"]).clip(-FARTHEST, FARTHEST)
        return scaled


def fitted_view(view: View, values: Doubles, *, seed: int) -> FittedView:
    """The view of training rows (n, d); NaN and infinite values are missing."""
    known = np.where(np.isfinite(values), values, np.nan)
    empty = np.isnan(known).all(axis=0)
    fill = np.nanmedian(np.where(empty, 0.0, known), axis=0)
    filled = np.where(np.isnan(known), fill, known)
    arrays = {"fill": fill, **_scale(view.scaling, filled)}
    if not view.nearness:
        return FittedView(0.0, arrays)
    scaled = FittedView(0.0, arrays).seen(values)
    rng = np.random.default_rng(seed)
    landmarks = scaled[np.sort(rng.permutation(len(scaled))[: view.landmarks])]
    return FittedView(
        view.nearness, {**arrays, "landmarks": landmarks, "whitening": _whitening(landmarks, view.nearness)}
    )


def _scale(scaling: Scaling, filled: Doubles) -> dict[str, Doubles]:
    if scaling == "rank":
        return {"quantiles": np.quantile(filled, np.linspace(0, 1, QUANTILES), axis=0)}
    scale = filled.std(axis=0)
    return {"mean": filled.mean(axis=0), "scale": np.where(scale > 0, scale, 1.0)}


def _normal_scores(filled: Doubles, quantiles: Doubles) -> Doubles:
    """Each value by the share of the training values below it, as a deviate of the normal distribution.

    Ties lie in the middle of their ranks: interpolation from both sides, averaged.
    """
    shares = np.linspace(0, 1, len(quantiles))
    scores = np.empty_like(filled)
    for j, column in enumerate(quantiles.T):
        from_below = np.interp(filled[:, j], column, shares)
        from_above = 1 - np.interp(-filled[:, j], -column[::-1], shares)
        scores[:, j] = (from_below + from_above) / 2
    half = 0.5 / len(quantiles)
    normal: Doubles = ndtri(scores.clip(half, 1 - half))
    return normal


def _whitening(landmarks: Doubles, nearness: float) -> Doubles:
    """The matrix that turns kernel values into coordinates whose dot product is the kernel, scaled to deviations of 1.

    Rows of the kernel's coordinates have length one; a net starts better from values around one each.
    """
    values, vectors = eigh(_kernel(landmarks, landmarks, nearness))
    whitening: Doubles = vectors / np.sqrt(values.clip(SMALLEST_SHARE)) * np.sqrt(len(landmarks))
    return whitening


def _kernel(rows: Doubles, landmarks: Doubles, nearness: float) -> Doubles:
    squared = (rows**2).sum(axis=1)[:, None] + (landmarks**2).sum(axis=1) - 2 * rows @ landmarks.T
    kernel: Doubles = np.exp(-nearness / rows.shape[1] * squared.clip(0))
    return kernel
