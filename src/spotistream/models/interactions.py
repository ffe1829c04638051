"""What listeners did with tracks: the data every model learns from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Interactions:
    """Weights of ``m`` listeners on ``n`` items (tracks, or whatever a data set recommends).

    users : (m,) str
    items : (n,) str, each once; sorted, so that ties in a ranking go to the smaller id
    weights : (m, n) float32, sparse; > 0 where the listener wanted the item, larger the more they did
    sounds : (n, d) float32, unit rows, zero rows for items without audio; d may be 0
    artists : (n,) int64, items of one number are by one artist; each its own where artists are not known
    sittings : (s, n) sparse, what was played in one sitting; None where the data do not say
    """

    users: NDArray[np.str_]
    items: NDArray[np.str_]
    weights: csr_matrix
    sounds: Floats
    artists: NDArray[np.int64]
    sittings: csr_matrix | None = None

    def __post_init__(self) -> None:
        shape = (len(self.users), len(self.items))
        if self.sittings is not None and self.sittings.shape[1] != len(self.items):
            raise ValueError(f"sittings must have {len(self.items)} items")
        if self.weights.shape != shape or len(self.sounds) != shape[1] or len(self.artists) != shape[1]:
            raise ValueError(f"weights, sounds and artists must fit {shape[0]} listeners and {shape[1]} items")

    @classmethod
    def of_pairs(
        cls,
        users: Sequence[str] | NDArray[np.str_],
        items: Sequence[str] | NDArray[np.str_],
        weights: Sequence[float] | NDArray[np.floating] | None = None,
        *,
        catalogue: Sequence[str] | NDArray[np.str_] | None = None,
    ) -> Interactions:
        """From one row for each observation; a pair that comes twice has the sum of its weights.

        weights : of each row; 1 without
        catalogue : items that can be recommended beside those observed
        """
        names, row = np.unique(np.asarray(users, dtype=np.str_), return_inverse=True)
        seen = np.asarray(items, dtype=np.str_)
        known = np.unique(seen if catalogue is None else np.concatenate([seen, np.asarray(catalogue, dtype=np.str_)]))
        values = np.ones(len(row)) if weights is None else np.asarray(weights, dtype=np.float64)
        matrix = csr_matrix((values, (row, np.searchsorted(known, seen))), shape=(len(names), len(known)))
        matrix.sum_duplicates()
        return cls(
            users=names,
            items=known,
            weights=matrix.astype(np.float32),
            sounds=np.zeros((len(known), 0), dtype=np.float32),
            artists=np.arange(len(known)),
        )

    def with_weights(self, weights: csr_matrix) -> Interactions:
        """The same listeners and items with other weights, such as a part of them."""
        return replace(self, weights=weights.astype(np.float32))


def entries(matrix: csr_matrix, row: int) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Columns and values (h,) that a row stores."""
    stored = slice(matrix.indptr[row], matrix.indptr[row + 1])
    return matrix.indices[stored], matrix.data[stored].astype(np.float64)
