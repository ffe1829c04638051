"""K-means over sounds, and how many clusters: topics of music, on as many tracks as one machine reads at once.

Vectors have length one and the distance is one minus the cosine, which is linear in each vector: the mean distance of a
track to a cluster is its distance to the mean of the cluster. So the silhouette is exact at the price of the centres.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from spotistream.models.content import unit_rows

Floats = NDArray[np.float32]

TOLERANCE = 0.15
"""More topics are taken where the mean silhouette is lower by at most this share than with fewer."""
KEPT_TOLERANCE = 0.2
"""Topics that were there before are kept while their mean silhouette is lower by at most this share."""
LEAST_TO_MEAN = 1 / 3
"""The least coherent topic has at least this share of the mean silhouette: halves of one thing are not two topics."""
CLEAR_GAIN = 0.03
"""Topics that were there before give way to more of them only where those are better by this share."""
SMALLEST_MEAN_SIZE = 8
"""So many tracks there are on average in a topic, at the least."""
SMALLEST_SIZE = 4
"""A topic of fewer is a few odd tracks."""
STARTS, STARTS_OF_MANY = 30, 4
"""Starts of each fit with at most MANY tracks, and with more."""
MANY = 2_000


@dataclass(frozen=True)
class Clustering:
    """Clusters of a sample.

    centres : float32 (k, d), rows of length one
    silhouette : mean over the tracks, -1 to 1 (Rousseeuw 1987, cosine distance); 0 for one cluster
    weakest : the lowest mean of a cluster
    smallest : tracks of the smallest cluster
    """

    centres: Floats
    silhouette: float
    weakest: float
    smallest: int

    @property
    def is_coherent(self) -> bool:
        return self.weakest >= LEAST_TO_MEAN * self.silhouette and self.smallest >= SMALLEST_SIZE


def numbers_to_try(tracks: int) -> range:
    """How many topics a catalogue may have: half to double the classes Sturges (1926) gives a histogram.

    >>> [(found.start, found.stop - 1) for found in map(numbers_to_try, (10, 26, 240, 106_574))]
    [(1, 1), (2, 3), (4, 18), (9, 36)]
    """
    classes = math.ceil(math.log2(max(1, tracks))) + 1
    most = min(2 * classes, tracks // SMALLEST_MEAN_SIZE)
    return range(min(classes // 2, most), most + 1) if most > 1 else range(1, 2)


def clustered(vectors: Floats, numbers: Iterable[int], *, seed: int, before: Floats | None = None) -> Clustering:
    """The clustering to use, the same for the same vectors.

    Without ``before``: of the numbers whose mean silhouette is within TOLERANCE of the best and whose clusters are all
    coherent, the largest; where there is none, the best. With it: those clusters, moved to where the vectors are now,
    while they are within KEPT_TOLERANCE of the best and no larger number is better by CLEAR_GAIN; else a larger number
    starts from them.

    vectors : float32 (n, d), rows of length one
    numbers : of clusters to try, at most n
    before : float32 (p, d), centres that were found earlier, in the same space
    """
    vectors = np.asarray(vectors, dtype=np.float32)
    if before is not None and not 0 < len(before) <= len(vectors):
        before = None
    with threadpool_limits(1):  # sums in another order are other sums
        found = {k: _fitted(vectors, k, seed=seed, before=before) for k in numbers}
        kept = None if before is None else _from(vectors, before)
    best = max([*found.values(), *([kept] if kept else [])], key=lambda each: each.silhouette).silhouette
    good = {k: each for k, each in found.items() if each.silhouette >= (1 - TOLERANCE) * best and each.is_coherent}
    if kept is not None and kept.silhouette >= (1 - KEPT_TOLERANCE) * best and kept.weakest >= 0:
        better = [each for k, each in good.items() if k > len(kept.centres)]
        if all(each.silhouette <= (1 + CLEAR_GAIN) * kept.silhouette for each in better):
            return kept
        good = {k: each for k, each in good.items() if each.silhouette > kept.silhouette}
    if good:
        return good[max(good)]
    large = [each for each in found.values() if each.smallest >= SMALLEST_SIZE]
    return max(large or found.values(), key=lambda each: each.silhouette)


def nearest_centres(vectors: Floats, centres: Floats) -> tuple[NDArray[np.int64], Floats]:
    """The nearest centre of each vector and the cosine distance to it, [0, 2]: two (n,); ties go to the first."""
    cosines = vectors @ centres.T
    nearest = cosines.argmax(axis=1)
    return nearest, (1 - cosines[np.arange(len(vectors)), nearest]).astype(np.float32)


def silhouettes(vectors: Floats, clusters: NDArray[np.int64]) -> NDArray[np.float64]:
    """The silhouette of each vector by cosine distance: (n,) in [-1, 1]; 0 where it is alone in its cluster.

    vectors : (n, d), rows of length one
    clusters : (n,) numbers from 0, at least two different ones
    """
    rows, vectors = np.arange(len(vectors)), np.asarray(vectors, dtype=np.float64)
    sizes = np.bincount(clusters)
    sums = np.zeros((len(sizes), vectors.shape[1]))
    np.add.at(sums, clusters, vectors)
    similar = vectors @ sums.T
    own = sizes[clusters]
    within = 1 - (similar[rows, clusters] - 1) / np.maximum(own - 1, 1)
    distances = np.where(sizes > 0, 1 - similar / np.maximum(sizes, 1), np.inf)
    distances[rows, clusters] = np.inf
    other = distances.min(axis=1)
    larger = np.maximum(within, other)
    found = np.divide(other - within, larger, out=np.zeros_like(other), where=larger > 0)
    return np.where(own > 1, found, 0.0)


def _fitted(vectors: Floats, k: int, *, seed: int, before: Floats | None) -> Clustering:
    """``k`` clusters: from those before where there are some and that is as good, else from random starts."""
    starts = STARTS if len(vectors) <= MANY else STARTS_OF_MANY
    fresh = _assessed(vectors, KMeans(k, n_init=starts, random_state=seed).fit(vectors).cluster_centers_)
    if before is None or k < len(before):
        return fresh
    grown = _from(vectors, _with_furthest(vectors, before, k))
    return grown if grown.silhouette >= (1 - CLEAR_GAIN) * fresh.silhouette else fresh


def _from(vectors: Floats, centres: Floats) -> Clustering:
    return _assessed(vectors, KMeans(len(centres), init=centres, n_init=1).fit(vectors).cluster_centers_)


def _with_furthest(vectors: Floats, centres: Floats, k: int) -> Floats:
    """The centres and, one after the other, the vector furthest from all of them until there are ``k``: (k, d)."""
    while len(centres) < k:
        _, distances = nearest_centres(vectors, centres)
        centres = np.vstack([centres, vectors[distances.argmax()]])
    return centres


def _assessed(vectors: Floats, centres: Floats) -> Clustering:
    directions = unit_rows(centres)
    clusters, _ = nearest_centres(vectors, directions)
    if len(np.unique(clusters)) == 1:
        return Clustering(directions, 0.0, 0.0, 0)
    each = silhouettes(vectors, clusters)
    sizes = np.bincount(clusters, minlength=len(centres))
    means = np.bincount(clusters, weights=each, minlength=len(centres)) / np.maximum(sizes, 1)
    return Clustering(directions, float(each.mean()), float(means[sizes > 0].min()), int(sizes.min()))
