"""The regression of every item on its neighbours: an inverse of a huge matrix, one small piece at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from spotistream.audio.compiled import compiled
from spotistream.models.cosine import products
from spotistream.models.interactions import Floats
from spotistream.models.links import strongest

GRAM_KEPT = 10
"""Products of items are looked up among so many times ``neighbours`` of the strongest of each."""
SHRINKAGE = 3.0


def local_links(weights: csr_matrix, ridge: Floats, *, neighbours: int) -> csr_matrix:
    """links (n, n): column j is the ridge regression of item j on the ``neighbours`` items most like it.

    With all other items as neighbours this is EASE. The items that are like j are those of the largest cosine, shrunk
    where few listeners have both. Work grows with n times ``neighbours`` cubed (compare Steck, 2019: Markov random
    fields for collaborative filtering, whose approximation inverts larger pieces).

    weights : (m, n) sparse, on the scale of the model; ridge : (n,)
    """
    own = np.asarray(weights.power(2).sum(axis=0), dtype=np.float64).ravel()
    met, near = [], []
    for some, alike in products(weights, shrinkage=SHRINKAGE):
        met.append(strongest(some, neighbours * GRAM_KEPT))
        near.append(strongest(alike, neighbours))
    half = csr_matrix(vstack(met, format="csr"))
    return links_of_products(csr_matrix(vstack(near, format="csr")), half.maximum(half.T).tocsr(), own, ridge)


def links_of_products(near: csr_matrix, products: csr_matrix, own: NDArray[np.float64], ridge: Floats) -> csr_matrix:
    """The same from what is left of the data.

    near : (n, n) sparse; what is stored in row j are the neighbours of j
    products : (n, n) sparse, symmetric, without a diagonal: of the items' columns; what is not stored counts as 0
    own : (n,), of each column with itself
    """
    near.sort_indices()
    products.sort_indices()
    values = _regressed(
        near.indptr.astype(np.int64),
        near.indices.astype(np.int64),
        products.indptr.astype(np.int64),
        products.indices.astype(np.int64),
        products.data.astype(np.float64),
        own,
        ridge.astype(np.float64),
    )
    rows = np.repeat(np.arange(near.shape[0]), np.diff(near.indptr))
    found = csr_matrix((values.astype(np.float32), (near.indices, rows)), shape=near.shape)
    found.eliminate_zeros()
    return found


@compiled
def _regressed(
    starts: NDArray[np.int64],
    near: NDArray[np.int64],
    gram_starts: NDArray[np.int64],
    gram_columns: NDArray[np.int64],
    gram_values: NDArray[np.float64],
    own: NDArray[np.float64],
    ridge: NDArray[np.float64],
) -> NDArray[np.float64]:  # pragma: no cover - compiled
    """For each item the weights of its neighbours, in their order."""
    n = len(starts) - 1
    found = np.zeros(len(near))
    place = np.full(n, -1, np.int64)
    for item in range(n):
        begin, end = starts[item], starts[item + 1]
        size = end - begin
        if size == 0:
            continue
        for k in range(size):
            place[near[begin + k]] = k
        equations, right = np.zeros((size, size)), np.zeros(size)
        for k in range(size):
            other = near[begin + k]
            equations[k, k] = own[other] + ridge[other]
            for p in range(gram_starts[other], gram_starts[other + 1]):
                column = gram_columns[p]
                if column == item:
                    right[k] = gram_values[p]
                elif place[column] >= 0:
                    equations[k, place[column]] = gram_values[p]
        found[begin:end] = np.linalg.solve(equations, right)
        for k in range(size):
            place[near[begin + k]] = -1
    return found
