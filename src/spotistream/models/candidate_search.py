"""Which items the hybrid scores highest, for many listeners at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from spotistream.models.blend import spread
from spotistream.models.contract import Folded
from spotistream.models.hybrid import FoldedHybrid, Hybrid
from spotistream.models.interactions import Floats
from spotistream.models.item_to_item import FoldedLinks
from spotistream.models.links import SparseLinks
from spotistream.models.ranking_loops import LEAST_VARIANCE, add_tile, links_by_tile, pick_best

ROWS_AT_ONCE = 65_536
TILE, TILE_NUMBERS = 4096, 262_144
"""Least items, and most scores, that are in hand at a time: a megabyte stays in the cache of a core."""

Said = tuple[NDArray[np.int64], NDArray[np.int32], Floats]
"""As ``links_by_tile`` gives it: where each tile of each row begins, items, what is added to their scores."""


@dataclass(frozen=True)
class Moments:
    """Mean (f,) and covariance (f, f) of item vectors: how far the scores of all items spread follows without them."""

    mean: NDArray[np.float64]
    covariance: NDArray[np.float64]

    @classmethod
    def of(cls, vectors: Floats) -> Moments:
        """Of (n, f), n > 0."""
        mean = vectors.mean(axis=0, dtype=np.float64)
        covariance = np.zeros((len(mean), len(mean)))
        for begin in range(0, len(vectors), ROWS_AT_ONCE):
            centred = vectors[begin : begin + ROWS_AT_ONCE] - mean.astype(np.float32)
            covariance += centred.T @ centred
        return cls(mean, covariance / len(vectors))

    def spread(self, listeners: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far the products of each listener's vector (b, f) with those of all items spread: (b,); as ``spread``."""
        variance = np.einsum("bf,bf->b", listeners @ self.covariance, listeners)
        return np.where(variance > LEAST_VARIANCE, np.sqrt(np.maximum(variance, 0)), 1.0)


class CandidateSearch:
    """The hybrid laid out for search: the vectors of all parts that have some side by side, in one product.

    The product is in float32 and depends in its last digits on who else is looked for, so what is found is a set: the
    caller ranks it by the exact scores, which are the sums of the contributions.

    allowed : bool (n,), the items that may be found
    """

    def __init__(self, hybrid: Hybrid, allowed: NDArray[np.bool_]) -> None:
        self._hybrid, self._allowed = hybrid, allowed
        self._factored = [name for name, part in hybrid.parts.items() if part.item_vectors is not None]
        vectors = {name: _present(hybrid.parts[name].item_vectors) for name in self._factored}
        self._moments = {name: Moments.of(found) for name, found in vectors.items()}
        self._items = np.ascontiguousarray(np.concatenate(list(vectors.values()), axis=1).T)

    def found(
        self, histories: csr_matrix, *, left_out: csr_matrix, kept: int
    ) -> tuple[list[NDArray[np.int64]], FoldedHybrid]:
        """For each of ``b`` listeners the at most ``kept`` best items, in their order; and the listeners folded in.

        left_out : (b, n) sparse; stored entries are not found
        """
        b, n = histories.shape
        width = max(TILE, TILE_NUMBERS // max(b, 1))
        parts = {name: part.folded(histories) for name, part in self._hybrid.parts.items()}
        spreads, vectors = self._vectors(parts)
        said = [_nothing_for(left_out, width)]
        dense = np.zeros((b, 0), dtype=np.float32)
        for name in self._hybrid.parts:
            part, weight = parts[name], float(self._hybrid.weights[name])
            if isinstance(part, FoldedLinks) and isinstance(part.links, SparseLinks):
                spreads[name], found = _said(part.heard, part.links, weight, width)
                said.append(found)
            elif name not in spreads:
                spreads[name], scores = self._dense(name, histories)
                dense = dense + scores if dense.size else scores
        items = self._best(vectors, said, dense, kept=min(kept, n), width=width)
        return items, FoldedHybrid(parts, self._hybrid.shares(spreads))

    def _vectors(self, parts: dict[str, Folded]) -> tuple[dict[str, NDArray[np.float64]], Floats]:
        """Of the parts that have some: the spreads; and the listeners' vectors (b, f), each part's over its spread."""
        spreads, columns = {}, []
        for name in self._factored:
            vectors = parts[name].vectors
            assert vectors is not None  # noqa: S101 - it has item vectors
            spreads[name] = self._moments[name].spread(vectors)
            columns.append(vectors * (self._hybrid.weights[name] / spreads[name])[:, None])
        return spreads, np.concatenate(columns, axis=1, dtype=np.float32, casting="same_kind")

    def _dense(self, name: str, histories: csr_matrix) -> tuple[NDArray[np.float64], Floats]:
        """Of a part that can only score every item: the spread, and the scores over it."""
        scores = self._hybrid.parts[name].scores(histories)
        spreads = spread(scores)
        scores *= np.float32(self._hybrid.weights[name]) / spreads
        return spreads.ravel().astype(np.float64), scores

    def _best(
        self, vectors: Floats, said: list[Said], dense: Floats, *, kept: int, width: int
    ) -> list[NDArray[np.int64]]:
        """Some items at a time, so that their scores are still in the cache when the best are picked."""
        b, n = len(vectors), self._items.shape[1]
        tiles = -(-n // width)
        memory = np.empty((b, min(width, n)), dtype=np.float32)
        best, found = np.empty((b, kept), dtype=np.float32), np.empty((b, kept), dtype=np.int32)
        counts = np.zeros(b, dtype=np.int32)
        for tile in range(tiles):
            begin, end = tile * width, min((tile + 1) * width, n)
            scores = memory if end - begin == memory.shape[1] else np.empty((b, end - begin), dtype=np.float32)
            np.matmul(vectors, self._items[:, begin:end], out=scores)
            if dense.size:
                scores += dense[:, begin:end]
            for some in said:
                add_tile(scores, begin, tile, tiles, *some)
            pick_best(scores, begin, self._allowed, best, found, counts)
        return [np.sort(row[:count]).astype(np.int64) for row, count in zip(found, counts.tolist(), strict=True)]


def _said(heard: csr_matrix, links: SparseLinks, weight: float, width: int) -> tuple[NDArray[np.float64], Said]:
    """What links say, over its spread, and the spread."""
    starts, items, weights = heard.indptr.astype(np.int64), heard.indices.astype(np.int32), heard.data
    stored = links.stored
    spreads, tiles, named, said = links_by_tile(
        starts, items, weights.astype(np.float32), stored[0], stored[1], stored[2], weight, heard.shape[1], width
    )
    return spreads, (tiles, named, said)


def _nothing_for(left_out: csr_matrix, width: int) -> Said:
    """Minus infinity for what is left out, sorted into tiles."""
    b, n = left_out.shape
    tiles = -(-n // width)
    rows = np.repeat(np.arange(b), np.diff(left_out.indptr))
    tile = rows * tiles + left_out.indices // width
    order = np.argsort(tile, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(tile, minlength=b * tiles))])
    said = np.full(len(order), -np.inf, dtype=np.float32)
    return starts.astype(np.int64), left_out.indices[order].astype(np.int32), said


def _present(vectors: Floats | None) -> Floats:
    assert vectors is not None  # noqa: S101 - asked for before
    return vectors
