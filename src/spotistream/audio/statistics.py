"""Statistics over time, those of FMA: equal to numpy's and to ``scipy.stats.skew`` and ``kurtosis``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

RESOLUTION = 1e-15


@dataclass(frozen=True, eq=False)
class Series:
    """Rows of values over time, and what their statistics share.

    values : float64 (rows, t), C order, t at least 1
    """

    values: np.ndarray

    @cached_property
    def mean(self) -> np.ndarray:
        return self.values.mean(axis=1)

    @cached_property
    def deviations(self) -> np.ndarray:
        """float64 (rows, t)."""
        return self.values - self.mean[:, np.newaxis]

    @cached_property
    def squares(self) -> np.ndarray:
        """float64 (rows, t)."""
        return self.deviations**2

    @cached_property
    def variance(self) -> np.ndarray:
        return self.squares.mean(axis=1)

    @cached_property
    def constant(self) -> np.ndarray:
        """Rows that vary by no more than rounding does: bool (rows,)."""
        return self.variance <= (RESOLUTION * self.mean) ** 2

    def moment(self, cubes_or_fourths: np.ndarray, power: float) -> np.ndarray:
        """Mean of a product over its unit; 0 for a constant row."""
        unit = np.where(self.constant, 1.0, self.variance) ** power
        return np.where(self.constant, 0.0, cubes_or_fourths / unit)


def _skew(series: Series) -> np.ndarray:
    cubes = np.einsum("rt,rt->r", series.squares, series.deviations) / series.values.shape[1]
    return series.moment(cubes, 1.5)


def _kurtosis(series: Series) -> np.ndarray:
    """Fisher's: 0 for a normal distribution."""
    fourths = np.einsum("rt,rt->r", series.squares, series.squares) / series.values.shape[1]
    return series.moment(fourths, 2.0) - 3.0


STATISTICS: Mapping[str, Callable[[Series], np.ndarray]] = {
    "kurtosis": _kurtosis,
    "max": lambda series: series.values.max(axis=1),
    "mean": lambda series: series.mean,
    "median": lambda series: np.median(series.values, axis=1),
    "min": lambda series: series.values.min(axis=1),
    "skew": _skew,
    "std": lambda series: np.sqrt(series.variance),
}
"""Series of (rows, t) -> float64 (rows,). Of a constant row skew is 0 and kurtosis -3, as scipy had it for FMA; today's
gives no number."""
