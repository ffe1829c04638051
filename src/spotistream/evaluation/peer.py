"""What published recommenders that ours are compared with have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from spotistream.models.contract import best
from spotistream.models.interactions import Floats, Interactions
from spotistream.models.space import Space


class Peer(ABC):
    """As much of a recommender as an evaluation needs: see ``models.ranking.Ranker``."""

    name: ClassVar[str]
    space: ClassVar[Space]
    starts: ClassVar[tuple[Mapping[str, Any], ...]]
    """Points of the space that were good on other data; they are tried first, and alone where there is no time."""

    @property
    @abstractmethod
    def size(self) -> int:
        """The number of items, n."""

    @classmethod
    @abstractmethod
    def fit(cls, data: Interactions, settings: Mapping[str, Any] | None = None, *, seed: int = 0) -> Self:
        """Learn from ``data``; without settings by the first of ``starts``."""

    @abstractmethod
    def scores(self, histories: csr_matrix) -> Floats:
        """As ``Recommender.scores``."""

    def recommend(
        self, histories: csr_matrix, *, n: int, leave_out: csr_matrix | None = None
    ) -> tuple[NDArray[np.int64], Floats]:
        """As ``Recommender.recommend``."""
        return best(self.scores(histories), n=n, leave_out=histories if leave_out is None else leave_out)


class Scale:
    """Weights as a peer reads them: 1 each, or log(1 + weight) over the mean of that in training."""

    def __init__(self, weights: csr_matrix, weighting: str) -> None:
        self._mean = None
        if weighting == "log":
            self._mean = float(np.log1p(weights.data).mean()) if weights.nnz else 1.0
        elif weighting != "binary":
            raise ValueError("weighting is binary or log")

    def __call__(self, weights: csr_matrix) -> csr_matrix:
        """A matrix of the same entries, float32."""
        scaled = weights.astype(np.float32)
        scaled.data = np.ones_like(scaled.data) if self._mean is None else np.log1p(scaled.data) / self._mean
        return scaled.astype(np.float32)
