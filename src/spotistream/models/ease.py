"""Item-to-item regression in closed form, on normalised plays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_matrix, diags

from spotistream.models.interactions import Floats, Interactions
from spotistream.models.item_to_item import ItemToItem
from spotistream.models.links import Links, ListenerLinks, SparseLinks
from spotistream.models.local_regression import local_links
from spotistream.models.space import Choice, Space, Span
from spotistream.models.weighting import Normalisation

DEFAULTS: Mapping[str, Any] = {
    "regularisation": 80.0,
    "listener_exponent": 0.4,
    "item_exponent": 0.2,
    "frequency_exponent": 0.1,
    "weighting": "log",
    "neighbours": 200,
}
MOST_SOLVED = 8_000
"""Up to so many listeners or items the equations are solved as a whole."""
MOST_ENTRIES = 250_000_000
"""Up to so many numbers (1 GB) the solution by listeners is kept."""


class Ease(ItemToItem):
    """Every item predicted from all others by ridge regression with an empty diagonal (Steck, 2019: EASE).

    What differs from the paper is the data: plays are normalised by the listener's and the item's totals first (see
    ``Normalisation``), and the ridge may grow with an item's frequency. Exponents at 0 and weighting ``binary`` are
    the paper's model.

    With P = (X'X + ridge)^-1 the links are -P_ij / P_jj. Solved among the items or, by the identity of Woodbury, among
    the listeners, whichever are fewer. Where both are too many each item is predicted from its ``neighbours`` alone:
    the same regression, on the items that are most like it (``neighbours`` counts only there).

    regularisation : the ridge, in units of the mean item's squared weight per observation
    frequency_exponent : 0: one ridge for all; 1: proportional to the item's squared weights
    """

    name: ClassVar[str] = "ease"
    space: ClassVar[Space] = {
        "regularisation": Span(1.0, 3000.0, log=True),
        "listener_exponent": Span(0.0, 0.8),
        "item_exponent": Span(0.0, 0.6),
        "frequency_exponent": Span(0.0, 0.6),
        "weighting": Choice(("log", "binary", "root")),
        "neighbours": Choice((100, 200, 300)),
    }

    @classmethod
    def fit(cls, data: Interactions, settings: Mapping[str, Any] | None = None, *, seed: int = 0) -> Self:
        del seed
        chosen = {**DEFAULTS, **(settings or {})}
        scale = Normalisation.by_settings(data.weights, chosen)
        weights = scale.applied(data.weights)
        energy = np.asarray(weights.power(2).sum(axis=0), dtype=np.float64).ravel()
        ridge = ridge_of(energy, chosen["regularisation"], chosen["frequency_exponent"])
        return cls(cls._solved(weights, ridge, neighbours=chosen["neighbours"]), scale)

    @classmethod
    def _solved(cls, weights: csr_matrix, ridge: Floats, *, neighbours: int) -> Links:
        m, n = weights.shape
        by_listeners = m <= MOST_SOLVED and m * n <= MOST_ENTRIES
        if n <= MOST_SOLVED and (n <= m or not by_listeners):
            return _by_items(weights, ridge)
        return _by_listeners(weights, ridge) if by_listeners else _by_neighbours(weights, ridge, neighbours)


class SparseEase(Ease):
    """``Ease`` by neighbours, however small the catalogue is."""

    name: ClassVar[str] = "sparse_ease"

    @classmethod
    def _solved(cls, weights: csr_matrix, ridge: Floats, *, neighbours: int) -> Links:
        return _by_neighbours(weights, ridge, neighbours)


def _by_neighbours(weights: csr_matrix, ridge: Floats, neighbours: int) -> Links:
    return SparseLinks(local_links(weights, ridge, neighbours=neighbours))


def ridge_of(energy: NDArray[np.float64], regularisation: float, exponent: float) -> Floats:
    """The ridge of each item, from its sum of squared weights: both (n,)."""
    seen = energy[energy > 0]
    typical = seen.mean() if len(seen) else 1.0
    share = np.maximum(energy, seen.min(initial=typical)) / typical
    return (regularisation * share**exponent).astype(np.float32)


def _by_items(weights: csr_matrix, ridge: Floats) -> Links:
    gram = (weights.T @ weights).toarray().astype(np.float64)
    gram[np.diag_indices_from(gram)] += ridge
    inverse = cho_solve(cho_factor(gram, overwrite_a=True), np.eye(len(gram)), overwrite_b=True)
    links = (-inverse / np.diag(inverse)).astype(np.float32)
    np.fill_diagonal(links, 0.0)
    return SparseLinks(csr_matrix(links))


def _by_listeners(weights: csr_matrix, ridge: Floats) -> Links:
    """(R + X'X)^-1 = R^-1 - R^-1 X' (I + X R^-1 X')^-1 X R^-1, with the ridge R on the diagonal."""
    over = (weights @ diags(1 / ridge)).tocsr().astype(np.float32)
    kernel = (over @ weights.T).toarray().astype(np.float64)
    kernel[np.diag_indices_from(kernel)] += 1.0
    inverse = cho_solve(cho_factor(kernel, overwrite_a=True), np.eye(len(kernel)), overwrite_b=True)
    said: NDArray[np.float32] = np.asarray((over.T @ inverse.astype(np.float32)).T, dtype=np.float32, order="C")
    own = np.asarray(over.multiply(said).sum(axis=0), dtype=np.float32).ravel()
    after = (1 / (1 / ridge - own)).astype(np.float32)
    return ListenerLinks(over, said, before=np.ones(len(ridge), np.float32), after=after, own=own)
