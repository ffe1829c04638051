"""What each item says for each other: an (n, n) matrix, kept as it fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from spotistream.models.interactions import Floats
from spotistream.models.ranking_loops import links_between


class Links(Protocol):
    """Row i holds what having played item i says for each other item; the diagonal is nothing."""

    @property
    def size(self) -> int:
        """The number of items, n."""

    def applied(self, histories: csr_matrix) -> Floats:
        """``histories @ links``: (b, n)."""

    def block(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Floats:
        """A part of the matrix: (r, c)."""

    def of_items(self, origin: NDArray[np.int64]) -> Links:
        """For other items: ``origin[i]`` is the old number, -1 for one of which nothing is known."""

    def arrays(self) -> dict[str, NDArray[Any]]:
        """For saving; ``links_from`` is the inverse."""


@dataclass(frozen=True)
class SparseLinks:
    """The matrix itself, with what matters of it stored.

    stored : where each row starts, columns and values, as the compiled loops take them
    """

    matrix: csr_matrix
    stored: tuple[NDArray[np.int64], NDArray[np.int32], Floats] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        starts, columns = self.matrix.indptr.astype(np.int64), self.matrix.indices.astype(np.int32, copy=False)
        values = self.matrix.data.astype(np.float32, copy=False)
        object.__setattr__(self, "stored", (starts, columns, values))

    @property
    def size(self) -> int:
        return int(self.matrix.shape[0])

    def applied(self, histories: csr_matrix) -> Floats:
        return np.asarray((histories @ self.matrix).toarray(), dtype=np.float32)

    def block(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Floats:
        return links_between(*self.stored, rows.astype(np.int32), columns.astype(np.int32))

    def of_items(self, origin: NDArray[np.int64]) -> Self:
        entries = self.matrix.tocoo()
        place = np.full(self.size, -1, dtype=np.int64)
        place[origin[origin >= 0]] = np.flatnonzero(origin >= 0)
        rows, columns = place[entries.row], place[entries.col]
        kept = (rows >= 0) & (columns >= 0)
        shape = (len(origin), len(origin))
        return type(self)(csr_matrix((entries.data[kept], (rows[kept], columns[kept])), shape=shape))

    def arrays(self) -> dict[str, NDArray[Any]]:
        return {"values": self.matrix.data, "columns": self.matrix.indices, "starts": self.matrix.indptr}


@dataclass(frozen=True)
class ListenerLinks:
    """The matrix as a product through the listeners it was learned from, where those are fewer than the items.

    links[i, j] = before[i] * (seen[:, i] . said[:, j]) * after[j] off the diagonal

    seen : (m, n) float32, sparse; said : (m, n) float32; before, after : (n,) float32
    own : (n,) float32, seen[:, i] . said[:, i], which is taken away again
    """

    seen: csr_matrix
    said: Floats
    before: Floats
    after: Floats
    own: Floats

    @property
    def size(self) -> int:
        return len(self.before)

    def applied(self, histories: csr_matrix) -> Floats:
        scaled = csr_matrix(
            (histories.data * self.before[histories.indices], histories.indices, histories.indptr), histories.shape
        ).astype(np.float32)
        found = np.asarray((scaled @ self.seen.T).toarray(), dtype=np.float32) @ self.said
        rows = np.repeat(np.arange(scaled.shape[0]), np.diff(scaled.indptr))
        found[rows, scaled.indices] -= scaled.data * self.own[scaled.indices]
        found *= self.after
        return found

    def block(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Floats:
        heard = self.seen[:, rows].toarray().astype(np.float32)
        found = (heard.T @ self.said[:, columns]) * self.before[rows][:, None] * self.after[columns]
        found[rows[:, None] == columns[None, :]] = 0.0
        return np.asarray(found, dtype=np.float32)

    def of_items(self, origin: NDArray[np.int64]) -> ListenerLinks:
        known = origin >= 0
        rows = np.where(known, origin, 0)
        return ListenerLinks(
            seen=self.seen.tocsc()[:, rows].multiply(known).tocsr().astype(np.float32),
            said=self.said[:, rows] * known,
            before=self.before[rows] * known,
            after=self.after[rows] * known,
            own=self.own[rows] * known,
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        seen = {"values": self.seen.data, "columns": self.seen.indices, "starts": self.seen.indptr}
        return {**seen, **{name: getattr(self, name) for name in ("said", "before", "after", "own")}}


def links_from(arrays: Mapping[str, NDArray[Any]]) -> Links:
    """The links whose ``arrays()`` these are. Raises ``KeyError`` where one is missing."""
    values, columns, starts = arrays["values"], arrays["columns"], arrays["starts"]
    if "said" not in arrays:
        return SparseLinks(csr_matrix((values, columns, starts), shape=(len(starts) - 1, len(starts) - 1)))
    parts = {name: arrays[name] for name in ("said", "before", "after", "own")}
    return ListenerLinks(csr_matrix((values, columns, starts), shape=parts["said"].shape), **parts)


def strongest(links: csr_matrix, kept: int) -> csr_matrix:
    """The ``kept`` entries of each row that are largest in size; among equals those of the first columns."""
    links = links.tocsr()
    links.sort_indices()
    keep = np.ones(links.nnz, dtype=bool)
    size = np.abs(links.data)
    lengths = np.diff(links.indptr)
    for row in np.flatnonzero(lengths > kept).tolist():
        begin, end = links.indptr[row], links.indptr[row + 1]
        own = size[begin:end]
        least = np.partition(own, end - begin - kept)[end - begin - kept]
        chosen = own > least
        chosen[np.flatnonzero(own == least)[: kept - int(chosen.sum())]] = True
        keep[begin:end] = chosen
    rows = np.repeat(np.arange(links.shape[0]), lengths)[keep]
    return csr_matrix((links.data[keep].astype(np.float32), (rows, links.indices[keep])), shape=links.shape)
