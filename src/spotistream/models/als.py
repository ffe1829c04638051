"""Implicit ALS: listeners and items as vectors, a listener's found from what they played."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from spotistream.models.als_implicit import item_factors
from spotistream.models.content import unit_rows
from spotistream.models.contract import Folded, Recommender
from spotistream.models.interactions import Floats, Interactions, entries
from spotistream.models.neighbours import nearest
from spotistream.models.one_thread import one_thread
from spotistream.models.space import Choice, Space, Span
from spotistream.models.weighting import Normalisation

DEFAULTS: Mapping[str, Any] = {
    "factors": 128,
    "alpha": 8.0,
    "regularisation": 40.0,
    "iterations": 20,
    "listener_exponent": 0.25,
    "item_exponent": 0.3,
    "weighting": "root",
}
COLD_RIDGE = 10.0
"""Tracks' worth of doubt in the map from sound to factors."""


@dataclass(frozen=True)
class FoldIn:
    """How a listener's vector is found: Hu, Koren and Volinsky (2008), equation 4.

    alpha : a weight w is an observation with confidence 1 + alpha w
    regularisation : of a listener's vector, times the number of observations where ``by_count`` (Spark's way)
    """

    alpha: float
    regularisation: float
    by_count: bool


class Als(Recommender):
    """Vectors of items such that a listener's vector times an item's is near one where they played it.

    An item that nobody played gets its vector from its sound, by a ridge regression of the vectors of played items on
    their sounds. Solved by ``implicit`` here, by Spark MLlib in ``als_spark``; a listener's vector is folded in alike.

    factors : (n, f) float32; fold : see ``FoldIn``; cold_map : (d, f) float32 from sound to vector; d may be 0
    """

    name: ClassVar[str] = "als"
    space: ClassVar[Space] = {
        "factors": Choice((32, 64, 128, 256)),
        "alpha": Span(1.0, 60.0, log=True),
        "regularisation": Span(1.0, 300.0, log=True),
        "iterations": Choice((10, 15, 20)),
        "listener_exponent": Span(0.0, 0.6),
        "item_exponent": Span(0.0, 0.5),
        "weighting": Choice(("log", "binary", "root")),
    }

    def __init__(self, factors: Floats, fold: FoldIn, scale: Normalisation, cold_map: Floats) -> None:
        self.factors, self.fold, self.scale, self.cold_map = factors, fold, scale, cold_map
        wide = factors.astype(np.float64)
        self._gram = wide.T @ wide

    @property
    def size(self) -> int:
        return len(self.factors)

    @classmethod
    def fit(cls, data: Interactions, settings: Mapping[str, Any] | None = None, *, seed: int = 0) -> Self:
        chosen = {**DEFAULTS, **(settings or {})}
        scale = Normalisation.by_settings(data.weights, chosen)
        fold = FoldIn(chosen["alpha"], chosen["regularisation"], by_count=False)
        factors = item_factors(
            scale.applied(data.weights),
            factors=chosen["factors"],
            alpha=fold.alpha,
            regularisation=fold.regularisation,
            iterations=chosen["iterations"],
            seed=seed,
        )
        return cls.of_factors(factors, fold, scale, sounds=data.sounds, played=np.diff(data.weights.tocsc().indptr))

    @classmethod
    def of_factors(
        cls, factors: Floats, fold: FoldIn, scale: Normalisation, *, sounds: Floats, played: NDArray[np.integer]
    ) -> Self:
        """With the items nobody played placed by their sound; ``factors`` has zero rows for those.

        played : (n,), the number of listeners of each
        """
        cold_map = _cold_map(sounds, factors, played)
        return cls(_with_cold(factors, played > 0, sounds, cold_map), fold, scale, cold_map)

    def scores(self, histories: csr_matrix) -> Floats:
        return self.vectors(histories).astype(np.float32) @ self.factors.T

    @property
    def item_vectors(self) -> Floats:
        return self.factors

    def folded(self, histories: csr_matrix) -> FoldedAls:
        heard = self.scale.applied(histories)
        shares: list[NDArray[np.float64]] = [np.zeros((self.factors.shape[1], 0))] * heard.shape[0]
        with one_thread():  # each system is too small for threads
            for row in np.flatnonzero(np.diff(heard.indptr)).tolist():
                shares[row] = np.asarray(np.linalg.solve(*self.equations(*entries(heard, row))), dtype=np.float64)
        return FoldedAls(self, shares)

    def vectors(self, histories: csr_matrix) -> NDArray[np.float64]:
        """Each listener folded in: (b, f); zeros where nothing is known of what they heard."""
        heard = self.scale.applied(histories)
        found = np.zeros((heard.shape[0], self.factors.shape[1]))
        with one_thread():
            for row in np.flatnonzero(np.diff(heard.indptr)).tolist():
                left, right = self.equations(*entries(heard, row))
                found[row] = np.linalg.solve(left, right.sum(axis=1))
        return found

    def equations(
        self, items: NDArray[np.integer], weights: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Left side (f, f); right side as what each item adds to it (f, h), nothing where it was turned down."""
        vectors = self.factors[items].astype(np.float64)
        extra = self.fold.alpha * np.abs(weights)
        counted = max(1, int((weights > 0).sum())) if self.fold.by_count else 1
        left = self._gram + vectors.T @ (extra[:, None] * vectors)
        left[np.diag_indices_from(left)] += self.fold.regularisation * counted
        return left, vectors.T * np.where(weights > 0, 1 + extra, 0.0)

    def similar(self, items: NDArray[np.int64], *, n: int) -> tuple[NDArray[np.int64], Floats]:
        return nearest(unit_rows(self.factors), n=n, rows=items)

    def with_items(self, origin: NDArray[np.int64], sounds: Floats) -> Self:
        known = origin >= 0
        factors = np.where(known[:, None], self.factors[origin], np.float32(0))
        cold = _with_cold(factors, known, sounds, self.cold_map)
        return type(self)(cold, self.fold, self.scale.of_items(origin), self.cold_map)

    def arrays(self) -> dict[str, NDArray[Any]]:
        figures = np.array([self.fold.alpha, self.fold.regularisation, self.fold.by_count], dtype=np.float64)
        scale = {f"scale_{name}": array for name, array in self.scale.arrays().items()}
        return {"factors": self.factors, "cold_map": self.cold_map, "fold": figures, **scale}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        scale = {name.removeprefix("scale_"): a for name, a in arrays.items() if name.startswith("scale_")}
        alpha, regularisation, by_count = arrays["fold"].tolist()
        fold = FoldIn(alpha, regularisation, bool(by_count))
        return cls(arrays["factors"], fold, Normalisation.from_arrays(scale), arrays["cold_map"])


class FoldedAls(Folded):
    """shares : of each listener what each heard item adds to their vector, (f, h); vectors : (b, f), the sums"""

    def __init__(self, model: Als, shares: list[NDArray[np.float64]]) -> None:
        self._model, self._shares = model, shares
        self.vectors: NDArray[np.float64] = np.array([share.sum(axis=1) for share in shares])

    def contributions(self, row: int, items: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.asarray(self._model.factors[items] @ self._shares[row], dtype=np.float64)


def _cold_map(sounds: Floats, factors: Floats, played: NDArray[np.integer]) -> Floats:
    """Ridge regression of vectors on sounds, an item counting by the root of its listeners: (d, f)."""
    taught = (played > 0) & sounds.any(axis=1)
    x, y = sounds[taught].astype(np.float64), factors[taught].astype(np.float64)
    weight = np.sqrt(played[taught].astype(np.float64))[:, None]
    ridge = COLD_RIDGE * np.eye(sounds.shape[1]) / max(1, sounds.shape[1])
    return np.asarray(np.linalg.solve(x.T @ (weight * x) + ridge, x.T @ (weight * y)), dtype=np.float32)


def _with_cold(factors: Floats, known: NDArray[np.bool_], sounds: Floats, cold_map: Floats) -> Floats:
    found = factors.astype(np.float32, copy=True)
    if cold_map.size:
        found[~known] = sounds[~known] @ cold_map
    return found
