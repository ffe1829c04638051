"""Nearest neighbours among vectors of length one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def unit_rows(matrix: NDArray[np.floating]) -> NDArray[np.float32]:
    """Rows scaled to length one; a row of zeros stays."""
    length = np.linalg.norm(matrix, axis=1, keepdims=True)
    return (matrix / np.where(length > 0, length, 1.0)).astype(np.float32)


def nearest(
    vectors: NDArray[np.float32],
    candidates: NDArray[np.bool_],
    *,
    n: int,
    rows: NDArray[np.int64] | None = None,
    block: int = 1024,
) -> list[list[tuple[int, float]]]:
    """For each of these rows (all without ``rows``) the ``n`` most similar candidate rows and their cosine, best first.

    A row is not its own neighbour.

    Exact: a matrix product of ``block`` rows at a time. A row of zeros is similar to nothing.
    """
    result: list[list[tuple[int, float]]] = []
    columns = np.flatnonzero(candidates)
    wanted = np.arange(len(vectors)) if rows is None else rows
    for start in range(0, len(wanted), block):
        part = wanted[start : start + block]
        cosines = vectors[part] @ vectors[columns].T
        for i, row in zip(part.tolist(), cosines, strict=True):
            keep = np.flatnonzero((columns != i) & (row > 0))
            if len(keep) > n:
                keep = keep[row[keep] >= np.partition(row[keep], len(keep) - n)[len(keep) - n]]
            order = keep[np.lexsort((columns[keep], -row[keep]))][:n]
            result.append([(int(columns[j]), round(float(row[j]), 6)) for j in order])
    return result
