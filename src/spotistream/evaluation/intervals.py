"""How far a mean over listeners could be off: percentile bootstrap over listeners (Efron and Tibshirani, 1993)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
PERCENT = (2.5, 97.5)
"""The interval holds 95 of 100 resampled means."""

Numbers = NDArray[np.float64]


def resampled_means(values: Numbers, *, seed: int, resamples: int = RESAMPLES) -> Numbers:
    """Means over listeners drawn with replacement: (resamples, c).

    values : (u, c), one row for each listener
    The same seed and number of listeners draw the same listeners: columns of two calls can be compared in pairs.
    """
    u = len(values)
    drawn = np.random.default_rng(seed)
    return np.stack(
        [np.bincount(drawn.integers(u, size=u), minlength=u) @ values / u for _ in range(resamples if u else 0)]
    )


def intervals(values: Numbers, *, seed: int) -> Numbers:
    """Low and high of each column's mean: (2, c)."""
    return np.percentile(resampled_means(values, seed=seed), PERCENT, axis=0)


def ratio_interval(above: Numbers, below: Numbers, *, seed: int) -> tuple[float, float]:
    """Low and high of mean(above) / mean(below), both of the same listeners (u,) and drawn together.

    NaN where the mean below is 0 in a resample.
    """
    means = resampled_means(np.stack([above, below], axis=1), seed=seed)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = means[:, 0] / means[:, 1]
    if not np.isfinite(ratios).all():
        return float("nan"), float("nan")
    low, high = np.percentile(ratios, PERCENT)
    return float(low), float(high)
