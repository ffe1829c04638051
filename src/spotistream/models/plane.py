"""Vectors of sound on a plane: tracks that sound alike are near each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spotistream.models.content import unit_rows

PERPLEXITY = 30
"""How many neighbours a track is kept close to; a quarter of the tracks where that is fewer."""
FEWEST = 12
"""With fewer tracks neighbourhoods say nothing, and the two main directions are the map."""
NEIGHBOURS = 5
"""Tracks of the map that decide where a new one is placed."""
FEWEST_FOR_THREADS = 2_000
"""Below this many tracks threads cost more than they save."""
BLOCK = 1_000
NEAREST_TO_TELL = 1e-4
"""Distances below this are rounding: such tracks have the same place."""


def plane(vectors: NDArray[np.float32], *, seed: int, jobs: int) -> NDArray[np.float32]:
    """Places of tracks, the same for the same vectors: float32 (n, 2), [-1, 1], the larger axis filled.

    t-SNE by cosine distance from the principal components: van der Maaten and Hinton (2008), with the start and the
    settings Kobak and Berens (2019) found to keep what is far apart in place too; by openTSNE.

    vectors : float (n, d), the directions count
    seed : of the approximate neighbours
    jobs : threads; another number may place tracks a little elsewhere
    """
    directions = unit_rows(np.asarray(vectors, dtype=np.float32))
    count = len(directions)
    if not count:
        return np.zeros((0, 2), dtype=np.float32)
    if count < FEWEST or not _differ(directions):
        return _scaled(_main_directions(directions))
    from openTSNE import TSNE  # a second of compiled code that small catalogues do without

    embedding = TSNE(
        perplexity=min(PERPLEXITY, count / 4),
        metric="cosine",
        initialization=_start(directions),
        random_state=seed,
        n_jobs=jobs if count >= FEWEST_FOR_THREADS else 1,
    ).fit(directions)
    return _scaled(np.asarray(embedding))


def placed(
    vectors: NDArray[np.float32], *, among: NDArray[np.float32], points: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Places of new tracks on a map that stays as it is: float32 (m, 2), inside its outline.

    The mean of the places of the nearest tracks of the map, each weighted by one over its distance squared; where the
    same sound is there, its place.

    vectors : float (m, d) of the new tracks
    among : float (n, d) of the tracks of the map, n at least 1; points : float (n, 2), where those are
    """
    new, known = unit_rows(np.asarray(vectors, np.float32)), unit_rows(np.asarray(among, np.float32))
    kept = min(NEIGHBOURS, len(known))
    found = np.empty((len(new), 2), dtype=np.float32)
    for begin in range(0, len(new), BLOCK):
        cosines = new[begin : begin + BLOCK] @ known.T
        nearest = np.argpartition(-cosines, kept - 1, axis=1)[:, :kept]
        closeness = np.take_along_axis(cosines, nearest, axis=1).astype(np.float64)
        distances = np.sqrt(np.maximum(2 - 2 * closeness, 0))
        weights = 1 / np.maximum(distances, NEAREST_TO_TELL) ** 2
        same = distances < 10 * NEAREST_TO_TELL
        weights = np.where(same.any(axis=1, keepdims=True), same, weights)
        weights /= weights.sum(axis=1, keepdims=True)
        found[begin : begin + BLOCK] = (weights[:, :, np.newaxis] * points[nearest]).sum(axis=1)
    return found


def _differ(directions: NDArray[np.float32]) -> bool:
    return bool(np.ptp(directions, axis=0).max(initial=0) > NEAREST_TO_TELL)


def _main_directions(directions: NDArray[np.float32]) -> NDArray[np.float64]:
    """The first two principal components (n, 2), of a sign that depends on nothing but the vectors."""
    centred = directions.astype(np.float64) - directions.mean(axis=0, dtype=np.float64)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    axes = vectors[:, ::-1][:, :2]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    found = np.zeros((len(centred), 2))
    found[:, : axes.shape[1]] = centred @ axes
    return found


def _start(directions: NDArray[np.float32]) -> NDArray[np.float64]:
    """The main directions, as small as t-SNE wants to start: standard deviation 1e-4 along the first."""
    found = _main_directions(directions)
    return found / found[:, 0].std() * 1e-4


def _scaled(points: NDArray[np.float64]) -> NDArray[np.float32]:
    """Centred, and in [-1, 1] with both axes to one scale: a distance means the same in every direction."""
    low, high = points.min(axis=0), points.max(axis=0)
    half = (high - low).max() / 2
    if half < NEAREST_TO_TELL**2:
        return np.zeros(points.shape, dtype=np.float32)
    return np.clip((points - (low + high) / 2) / half, -1, 1).astype(np.float32)
