"""Recommenders that are one matrix: what each item says for each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from spotistream.models.contract import Folded, Recommender, best
from spotistream.models.interactions import Floats, entries
from spotistream.models.links import Links, links_from
from spotistream.models.weighting import Normalisation

BLOCK = 256


class ItemToItem(Recommender):
    """A history ``x``, on the scale of the training data, scores ``x @ links``."""

    def __init__(self, links: Links, scale: Normalisation) -> None:
        self.links, self.scale = links, scale

    @property
    def size(self) -> int:
        return self.links.size

    def scores(self, histories: csr_matrix) -> Floats:
        return self.links.applied(self.scale.applied(histories))

    def folded(self, histories: csr_matrix) -> FoldedLinks:
        return FoldedLinks(self.links, self.scale.applied(histories))

    def similar(self, items: NDArray[np.int64], *, n: int) -> tuple[NDArray[np.int64], Floats]:
        found = np.empty((len(items), n), dtype=np.int64)
        nearness = np.empty((len(items), n), dtype=np.float32)
        for start in range(0, len(items), BLOCK):
            rows = items[start : start + BLOCK]
            single = csr_matrix((np.ones(len(rows), np.float32), (np.arange(len(rows)), rows)), (len(rows), self.size))
            said = self.links.applied(single)
            said[said <= 0] = -np.inf
            found[start : start + BLOCK], values = best(said, n=n, leave_out=single)
            nearness[start : start + BLOCK] = np.where(np.isfinite(values), values, 0.0)
        return found, nearness

    def with_items(self, origin: NDArray[np.int64], sounds: Floats) -> Self:
        del sounds
        return type(self)(self.links.of_items(origin), self.scale.of_items(origin))

    def arrays(self) -> dict[str, NDArray[Any]]:
        return {**self.links.arrays(), **{f"scale_{name}": a for name, a in self.scale.arrays().items()}}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        scale = {name.removeprefix("scale_"): a for name, a in arrays.items() if name.startswith("scale_")}
        return cls(links_from(arrays), Normalisation.from_arrays(scale))


class FoldedLinks(Folded):
    """heard : (b, n) sparse, the histories on the model's scale; the scores are ``heard @ links``"""

    def __init__(self, links: Links, heard: csr_matrix) -> None:
        self.links, self.heard = links, heard

    def contributions(self, row: int, items: NDArray[np.int64]) -> NDArray[np.float64]:
        heard, weights = entries(self.heard, row)
        return self.links.block(heard.astype(np.int64), items).astype(np.float64).T * weights
