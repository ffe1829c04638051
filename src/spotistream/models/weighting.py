"""How much more a listener wanted what they played more often, and how much popular items and busy listeners count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

WEIGHTINGS = ("binary", "log", "root")


@dataclass(frozen=True)
class Normalisation:
    """Weights on a scale on which one listener's hundred plays are not worth a hundred listeners.

    ``w -> f(w)``, then divided by the listener's total to the power of ``listener_exponent`` and the item's total to
    that of ``item_exponent``, and scaled so that the mean over the training data is one. Both exponents at 0 leave the
    data as they are; at 0.5 it is the symmetric normalisation of graph filters (Shen and others, 2021). Values between
    hold back popular items and busy listeners without silencing them.

    weighting : ``binary``: 1; ``log``: log(1 + w); ``root``: the square root
    item_totals : (n,) of the weighted training data, at least a small positive number
    unit, mean : what divides before and after the exponents
    """

    weighting: str
    listener_exponent: float
    item_exponent: float
    item_totals: NDArray[np.float32]
    unit: float
    mean: float

    @classmethod
    def fitted(
        cls, weights: csr_matrix, *, weighting: str, listener_exponent: float = 0.0, item_exponent: float = 0.0
    ) -> Self:
        """On training data: (m, n) sparse, > 0."""
        raw = _weighted(weights, weighting)
        unit = _positive(float(raw.data.mean()) if raw.nnz else 1.0)
        raw.data = raw.data / unit
        totals = np.asarray(raw.sum(axis=0), dtype=np.float32).ravel()
        found = cls(weighting, listener_exponent, item_exponent, np.maximum(totals, 1e-6), unit, 1.0)
        values = found.applied(weights).data
        mean = _positive(float(values.mean()) if len(values) else 1.0)
        return cls(weighting, listener_exponent, item_exponent, found.item_totals, unit, mean)

    @classmethod
    def by_settings(cls, weights: csr_matrix, settings: Mapping[str, Any]) -> Self:
        """``fitted`` with a model's settings of these names; others are passed over."""
        names = ("weighting", "listener_exponent", "item_exponent")
        return cls.fitted(weights, **{name: settings[name] for name in names})

    def applied(self, weights: csr_matrix) -> csr_matrix:
        """The same scale on any listeners: (b, n) sparse; negative weights stay negative."""
        found = _weighted(weights, self.weighting)
        found.data = found.data / self.unit
        if self.listener_exponent:
            size = csr_matrix((np.abs(found.data), found.indices, found.indptr), shape=found.shape)
            totals = np.maximum(np.asarray(size.sum(axis=1)).ravel(), 1e-6)
            found.data = found.data * np.repeat(totals**-self.listener_exponent, np.diff(found.indptr))
        if self.item_exponent:
            found.data = found.data * self.item_totals[found.indices] ** -self.item_exponent
        found.data = (found.data / self.mean).astype(np.float32)
        return found

    def of_items(self, origin: NDArray[np.int64]) -> Self:
        """The same for other items: ``origin[i]`` is the item's old number, -1 for one that was not there."""
        totals = np.where(origin >= 0, self.item_totals[origin], np.float32(1e-6)).astype(np.float32)
        return type(self)(self.weighting, self.listener_exponent, self.item_exponent, totals, self.unit, self.mean)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """For saving."""
        figures = [self.listener_exponent, self.item_exponent, self.unit, self.mean]
        return {
            "weighting": np.array(self.weighting),
            "item_totals": self.item_totals,
            "scale": np.array(figures, dtype=np.float64),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Inverse of ``arrays``. Raises ``KeyError``."""
        listener, item, unit, mean = (float(value) for value in arrays["scale"])
        return cls(str(arrays["weighting"]), listener, item, arrays["item_totals"], unit, mean)


def _weighted(weights: csr_matrix, weighting: str) -> csr_matrix:
    if weighting not in WEIGHTINGS:
        raise ValueError(f"weighting is one of {', '.join(WEIGHTINGS)}")
    found = csr_matrix(weights, dtype=np.float32, copy=True)
    if weighting == "binary":
        found.data = np.sign(found.data)
    else:
        size = np.abs(found.data)
        found.data = np.sign(found.data) * (np.log1p(size) if weighting == "log" else np.sqrt(size))
    return found


def _positive(value: float) -> float:
    return max(value, 1e-12)
