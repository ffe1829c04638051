"""Sound as a vector: raw features standardised, then scaled to length one, so that a dot product is a cosine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CLIP_SIGMA = 5.0
"""Standardised values are held within this many standard deviations: one broken value must not fill the vector."""


def sound_vectors(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Unit vectors (n, d) from raw features (n, d); a feature that is the same for all tracks becomes 0."""
    if not len(features):
        return features.astype(np.float32)
    wide = features.astype(np.float64)
    spread = wide.std(axis=0)
    scaled = (wide - wide.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    scaled = scaled.clip(-CLIP_SIGMA, CLIP_SIGMA)
    return unit_rows(scaled)


def unit_rows(matrix: NDArray[np.floating]) -> NDArray[np.float32]:
    """Rows scaled to length one; a row of zeros stays."""
    length = np.linalg.norm(matrix, axis=1, keepdims=True)
    return (matrix / np.where(length > 0, length, 1.0)).astype(np.float32)


def nearest(
    vectors: NDArray[np.float32], candidates: NDArray[np.bool_], *, n: int, block: int = 1024
) -> list[list[tuple[int, float]]]:
    """For each row the ``n`` most similar candidate rows and their cosine, best first, itself left out.

    Exact: a matrix product of ``block`` rows at a time. A row of zeros is similar to nothing.
    """
    result: list[list[tuple[int, float]]] = []
    columns = np.flatnonzero(candidates)
    for start in range(0, len(vectors), block):
        cosines = vectors[start : start + block] @ vectors[columns].T
        for offset, row in enumerate(cosines):
            keep = np.flatnonzero((columns != start + offset) & (row > 0))
            if len(keep) > n:
                keep = keep[row[keep] >= np.partition(row[keep], len(keep) - n)[len(keep) - n]]
            order = keep[np.lexsort((columns[keep], -row[keep]))][:n]
            result.append([(int(columns[i]), round(float(row[i]), 6)) for i in order])
    return result
