"""Tracks that sound like what a listener plays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from spotistream.models.contract import Folded, Recommender
from spotistream.models.interactions import Floats, Interactions, entries
from spotistream.models.neighbours import nearest
from spotistream.models.space import Choice, Space
from spotistream.models.weighting import WEIGHTINGS, Normalisation

DEFAULTS: Mapping[str, Any] = {"weighting": "log"}


class SoundLikeness(Recommender):
    """Cosine of an item's sound with the weighted mean of the sounds a listener plays.

    Learns nothing from other listeners, so a track that came a minute ago is as good as any.

    sounds : (n, d) float32, unit rows, zero rows for items without
    """

    name: ClassVar[str] = "content"
    space: ClassVar[Space] = {"weighting": Choice(WEIGHTINGS)}

    def __init__(self, sounds: Floats, scale: Normalisation) -> None:
        self.sounds, self.scale = sounds, scale

    @property
    def size(self) -> int:
        return len(self.sounds)

    @classmethod
    def fit(cls, data: Interactions, settings: Mapping[str, Any] | None = None, *, seed: int = 0) -> Self:
        del seed
        weighting = {**DEFAULTS, **(settings or {})}["weighting"]
        return cls(data.sounds, Normalisation.fitted(data.weights, weighting=weighting))

    @property
    def item_vectors(self) -> Floats:
        return self.sounds

    def scores(self, histories: csr_matrix) -> Floats:
        return self.folded(histories).vectors.astype(np.float32) @ self.sounds.T

    def folded(self, histories: csr_matrix) -> FoldedSounds:
        shares = self._shares(histories)
        return FoldedSounds(self.sounds, shares, np.asarray(shares @ self.sounds, dtype=np.float64))

    def _shares(self, histories: csr_matrix) -> csr_matrix:
        """Weights of each listener as parts of one; negative where an item was turned down."""
        found = self.scale.applied(histories)
        totals = np.asarray(abs(found).sum(axis=1), dtype=np.float64).ravel()
        found.data = found.data / np.repeat(np.maximum(totals, 1e-12), np.diff(found.indptr))
        return found.astype(np.float32)

    def similar(self, items: NDArray[np.int64], *, n: int) -> tuple[NDArray[np.int64], Floats]:
        return nearest(self.sounds, n=n, rows=items)

    def with_items(self, origin: NDArray[np.int64], sounds: Floats) -> Self:
        return type(self)(sounds, self.scale.of_items(origin))

    def arrays(self) -> dict[str, NDArray[Any]]:
        return {"sounds": self.sounds, **{f"scale_{name}": array for name, array in self.scale.arrays().items()}}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        scale = {name.removeprefix("scale_"): a for name, a in arrays.items() if name.startswith("scale_")}
        return cls(arrays["sounds"], Normalisation.from_arrays(scale))


class FoldedSounds(Folded):
    """shares : (b, n) sparse, what part each item is of what a listener plays; vectors : (b, d), their mean sounds"""

    def __init__(self, sounds: Floats, shares: csr_matrix, vectors: NDArray[np.float64]) -> None:
        self._sounds, self._shares = sounds, shares
        self.vectors: NDArray[np.float64] = vectors

    def contributions(self, row: int, items: NDArray[np.int64]) -> NDArray[np.float64]:
        heard, shares = entries(self._shares, row)
        return np.asarray(self._sounds[items] @ (self._sounds[heard] * shares[:, None]).T, dtype=np.float64)
