"""EASE as published, a peer to compare with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_matrix, diags

from spotistream.errors import InputError
from spotistream.evaluation.peer import Peer, Scale
from spotistream.models.interactions import Floats, Interactions
from spotistream.models.space import Choice, Space

LARGEST_SIDE = 30_000
"""Listeners or items, whichever are fewer: a dense square matrix of them is solved, 3.6 GB at this size."""
COLUMNS_AT_ONCE = 1024


@dataclass(frozen=True)
class PlainEase(Peer):
    """EASE (Steck, 2019): X ~ X B by ridge regression, diagonal of B held at 0: B_ij = -P_ij / P_jj off it.

    P = (X'X + r I)^-1, r the regularisation. Where listeners are fewer than items P is never formed: by the identity
    of Woodbury it is (I - X' K X) / r with K = (X X' + r I)^-1, the same numbers for a fraction of the work. Then
    x B = x X' K X / (r p) + x (1 - 1 / (r p)), p the diagonal of P.

    inner : B (n, n); or K (m, m) with ``learned``
    learned : None, or X and X / (r p), both (m, n)
    own : (n,), what an item's own weight adds to its score: 1 - 1 / (r p), or 0
    """

    name: ClassVar[str] = "plain_ease"
    space: ClassVar[Space] = {
        "regularisation": Choice((10.0, 20.0, 50.0, 100.0, 200.0, 350.0, 500.0, 750.0, 1000.0, 1500.0, 2500.0, 5000.0)),
        "weighting": Choice(("binary", "log")),
    }
    starts: ClassVar[tuple[Mapping[str, Any], ...]] = (
        {"regularisation": 100.0, "weighting": "log"},
        {"regularisation": 350.0, "weighting": "log"},
        {"regularisation": 100.0, "weighting": "binary"},
    )

    inner: Floats
    learned: tuple[csr_matrix, csr_matrix] | None
    own: NDArray[np.float64]
    scale: Scale

    @property
    def size(self) -> int:
        return len(self.own)

    @classmethod
    def fit(cls, data: Interactions, settings: Mapping[str, Any] | None = None, *, seed: int = 0) -> Self:
        del seed
        chosen = {**cls.starts[0], **(settings or {})}
        ridge = float(chosen["regularisation"])
        scale = Scale(data.weights, chosen["weighting"])
        x = scale(data.weights).tocsr()
        m, n = x.shape
        if min(m, n) > LARGEST_SIDE:
            raise InputError("EASE", f"{m:,} users and {n:,} items are too many", remedy="leave it out with --model")
        if m >= n:
            links = _inverse(x.T @ x, ridge)
            links /= -links.diagonal().copy()
            np.fill_diagonal(links, 0.0)
            return cls(links, None, np.zeros(n), scale)
        kernel = _inverse(x @ x.T, ridge)
        strength = 1 / (1 - _own_parts(x, kernel))  # 1 / (r p)
        return cls(kernel, (x, (x @ diags(strength)).astype(np.float32).tocsr()), 1 - strength, scale)

    def scores(self, histories: csr_matrix) -> Floats:
        x = self.scale(histories)
        if self.learned is None:
            return np.asarray(x @ self.inner, dtype=np.float32)
        learned, outgoing = self.learned
        found = np.ascontiguousarray((outgoing.T @ ((x @ learned.T) @ self.inner).T).T, dtype=np.float32)
        rows = np.repeat(np.arange(x.shape[0]), np.diff(x.indptr))
        found[rows, x.indices] += x.data * self.own[x.indices]
        return found


def _inverse(gram: csr_matrix, ridge: float) -> Floats:
    """(gram + ridge I)^-1; solved in double precision."""
    dense = gram.toarray().astype(np.float64)
    dense[np.diag_indices(len(dense))] += ridge
    factor = cho_factor(dense, lower=True, overwrite_a=True, check_finite=False)
    return np.asarray(cho_solve(factor, np.eye(len(dense)), overwrite_b=True, check_finite=False), dtype=np.float32)


def _own_parts(x: csr_matrix, kernel: Floats) -> NDArray[np.float64]:
    """(n,): the diagonal of X' K X."""
    columns = x.tocsc()
    parts = []
    for at in range(0, x.shape[1], COLUMNS_AT_ONCE):
        part = columns[:, at : at + COLUMNS_AT_ONCE]
        parts.append(np.asarray(part.multiply((part.T @ kernel).T).sum(axis=0), dtype=np.float64).ravel())
    return np.concatenate(parts)
