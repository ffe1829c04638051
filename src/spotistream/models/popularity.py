"""Everybody is offered what all listeners play most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from spotistream.models.contract import NOTHING, Folded, Recommender
from spotistream.models.interactions import Floats, Interactions


class Popularity(Recommender):
    """How much all listeners played an item.

    A listener counts by the logarithm of one and their weight, so one who repeats an item all day does not make it
    popular. Older plays count less because the weights given to ``fit`` are decayed with time.
    """

    name: ClassVar[str] = "popularity"

    def __init__(self, shares: Floats) -> None:
        """shares : (n,) float32 in [0, 1], relative to the most played item"""
        self.shares = shares

    @property
    def size(self) -> int:
        return len(self.shares)

    @classmethod
    def fit(cls, data: Interactions, settings: Mapping[str, Any] | None = None, *, seed: int = 0) -> Self:
        del settings, seed
        counted = np.asarray(data.weights.maximum(0).log1p().sum(axis=0), dtype=np.float64).ravel()
        return cls((counted / max(counted.max(initial=0.0), 1e-12)).astype(np.float32))

    def scores(self, histories: csr_matrix) -> Floats:
        return np.tile(self.shares, (histories.shape[0], 1))

    @property
    def item_vectors(self) -> Floats:
        return self.shares[:, None]

    def folded(self, histories: csr_matrix) -> FoldedPopularity:
        return FoldedPopularity(histories)

    def similar(self, items: NDArray[np.int64], *, n: int) -> tuple[NDArray[np.int64], Floats]:
        return np.full((len(items), n), NOTHING), np.zeros((len(items), n), dtype=np.float32)

    def with_items(self, origin: NDArray[np.int64], sounds: Floats) -> Self:
        del sounds
        return type(self)(np.where(origin >= 0, self.shares[origin], np.float32(0)).astype(np.float32))

    def arrays(self) -> dict[str, NDArray[Any]]:
        return {"shares": self.shares}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        return cls(arrays["shares"])


class FoldedPopularity(Folded):
    """The same for everybody: no history adds to it."""

    def __init__(self, histories: csr_matrix) -> None:
        self._counts = np.diff(histories.indptr)
        self.vectors: NDArray[np.float64] = np.ones((len(self._counts), 1))

    def contributions(self, row: int, items: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.zeros((len(items), self._counts[row]))
