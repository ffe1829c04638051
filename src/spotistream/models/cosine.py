"""Items are alike when the same listeners play them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Self

import numpy as np
from scipy.sparse import csr_matrix, vstack

from spotistream.models.interactions import Interactions
from spotistream.models.item_to_item import ItemToItem
from spotistream.models.links import SparseLinks, strongest
from spotistream.models.space import Choice, Space, Span
from spotistream.models.weighting import WEIGHTINGS, Normalisation

DEFAULTS: Mapping[str, Any] = {"neighbours": 200, "shrinkage": 10.0, "weighting": "log"}
MOST_PRODUCTS = 20_000_000
"""Products of two weights that are summed up at a time."""


class ItemCosine(ItemToItem):
    """Cosine of the items' columns, shrunk towards nothing where few listeners speak (Sarwar and others, 2001).

    neighbours : of each item, the nearest; shrinkage : listeners' worth of doubt; weighting : see ``Normalisation``
    """

    name: ClassVar[str] = "cosine"
    space: ClassVar[Space] = {
        "neighbours": Choice((50, 100, 200, 500, 2000)),
        "shrinkage": Span(0.1, 200.0, log=True),
        "weighting": Choice(WEIGHTINGS),
    }

    @classmethod
    def fit(cls, data: Interactions, settings: Mapping[str, Any] | None = None, *, seed: int = 0) -> Self:
        del seed
        chosen = {**DEFAULTS, **(settings or {})}
        scale = Normalisation.fitted(data.weights, weighting=chosen["weighting"])
        weights = scale.applied(data.weights)
        return cls(SparseLinks(cosines(weights, shrinkage=chosen["shrinkage"], kept=chosen["neighbours"])), scale)


def cosines(weights: csr_matrix, *, shrinkage: float, kept: int) -> csr_matrix:
    """Cosine of columns that meet in a row, times c / (c + shrinkage) where they meet in c: the largest of each row.

    weights : (m, n) sparse, > 0; the answer : (n, n) sparse with at most ``kept`` entries in a row
    """
    blocks = [strongest(alike, kept) for _, alike in products(weights, shrinkage=shrinkage)]
    return csr_matrix(vstack(blocks, format="csr")) if blocks else csr_matrix((0, 0), dtype=np.float32)


def products(weights: csr_matrix, *, shrinkage: float) -> Iterator[tuple[csr_matrix, csr_matrix]]:
    """Products of the columns with each other and their shrunk cosines, some columns at a time: both (c, n) sparse.

    Without the diagonal. How many at a time is such that memory stays within some hundred MB, however many there are.
    """
    weights = weights.tocsr()
    length = np.sqrt(np.asarray(weights.power(2).sum(axis=0), dtype=np.float64)).ravel()
    length = np.maximum(length, 1e-12).astype(np.float32)
    across, signs = weights.T.tocsr(), weights.sign()
    of_row = np.diff(weights.indptr)
    work = np.concatenate([[0], np.cumsum(np.bincount(weights.indices, of_row.repeat(of_row), weights.shape[1]))])
    begin, n = 0, weights.shape[1]
    while begin < n:
        end = max(begin + 1, int(np.searchsorted(work, work[begin] + MOST_PRODUCTS, side="right")) - 1)
        met = (across[begin:end] @ weights).tocsr()
        together = (across[begin:end].sign() @ signs).tocsr()
        met.sort_indices()
        together.sort_indices()
        rows = np.repeat(np.arange(begin, end), np.diff(met.indptr))
        other = rows != met.indices
        shape, places = met.shape, (rows[other] - begin, met.indices[other])
        count = together.data[other]
        nearness = met.data[other] / (length[rows[other]] * length[places[1]]) * (count / (count + shrinkage))
        yield (
            csr_matrix((met.data[other], places), shape=shape, dtype=np.float32),
            csr_matrix((nearness, places), shape=shape, dtype=np.float32),
        )
        begin = end
