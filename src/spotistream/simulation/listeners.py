"""The simulated listeners: tastes, habits and activity that stay as they are."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spotistream.simulation.shelves import SCENES, Shelves, SimTrack

LEANING_SHAPE = 0.35
FEW_STYLES = 16
ACTIVITY_SIGMA = 1.0
PEAK_HOURS = (8.0, 13.0, 18.0, 21.0)


@dataclass(frozen=True)
class Listener:
    """One simulated listener. Shares are of listens, 0 to 1; what is left is drawn from the taste."""

    user_id: str
    scene: int
    taste: tuple[tuple[str, float], ...]
    """Style and weight, largest first; the weights sum to 1."""
    favourite_artists: tuple[str, ...]
    exploration: float
    """Share drawn from everything, by popularity."""
    loyalty: float
    """Share drawn from the favourite artists."""
    repetition: float
    """Share that repeats an earlier listen."""
    skip: float
    """Chance of skipping a track of average fit."""
    like: float
    """Chance of liking a fitting track at its first full listen."""
    activity: float
    """Relative number of listens; log-normal over the listeners."""
    session_length: float
    """Mean number of listens in a session."""
    hours: tuple[float, ...]
    """Weight of each hour of the day, UTC; 24 numbers that sum to 1."""
    weekend: float
    """Weight of a Saturday or Sunday; other days have 1."""


def make_listeners(tracks: Sequence[SimTrack], *, count: int, seed: int) -> tuple[Listener, ...]:
    """``count`` listeners of these tracks, ``sim-0001`` onwards; the same arguments make the same listeners.

    Raises ``ValueError`` where there are no tracks.
    """
    shelves = Shelves(tracks, seed=seed)
    rngs = [np.random.default_rng([seed, 1, number]) for number in range(count)]
    scenes = np.array([int(SCENES * rng.random() ** 1.3) for rng in rngs], dtype=np.intp)
    tastes = _tastes(shelves, scenes, seed=seed)
    return tuple(
        _listener(number, int(scenes[number]), tastes[number], shelves, rng) for number, rng in enumerate(rngs)
    )


def _tastes(shelves: Shelves, scenes: NDArray[np.intp], *, seed: int) -> NDArray[np.float64]:
    """Weights over ``shelves.style_names`` of each listener: float64 (listeners, styles), rows sum to 1.

    Each style has its own generator, so that a new style leaves the weights among the others as they were; with many
    styles each is less likely to be liked, in steps of two, so that a listener still has few.
    """
    concentration = min(1.0, FEW_STYLES / 2.0 ** np.ceil(np.log2(len(shelves.style_names))))
    weights = np.empty((len(scenes), len(shelves.style_names)))
    for column, style in enumerate(shelves.style_names):
        rng = np.random.default_rng([seed, 2, zlib.crc32(style.encode())])
        leaning = rng.gamma(LEANING_SHAPE, size=SCENES) + 0.02
        weights[:, column] = rng.gamma(leaning[scenes] * concentration) * shelves.style_share(style) ** 0.5
    weights += 1e-9
    return weights / weights.sum(axis=1, keepdims=True)


def _listener(
    number: int, scene: int, weights: NDArray[np.float64], shelves: Shelves, rng: np.random.Generator
) -> Listener:
    order = np.argsort(-weights, kind="stable")
    activity = float(rng.lognormal(0.0, ACTIVITY_SIGMA))
    taste = tuple((shelves.style_names[i], float(weights[i])) for i in order)
    return Listener(
        user_id=f"sim-{number + 1:04d}",
        scene=scene,
        taste=taste,
        favourite_artists=_favourite_artists(scene, weights, shelves, rng),
        exploration=float(rng.beta(2.0, 12.0)),
        loyalty=float(rng.beta(2.0, 8.0)),
        repetition=float(rng.beta(3.0, 9.0)),
        skip=float(rng.beta(2.0, 8.0)),
        like=float(rng.beta(1.5, 12.0)),
        activity=activity,
        session_length=float(3.0 + rng.gamma(2.0, 3.0) * activity**0.3),
        hours=_hours(rng),
        weekend=float(rng.lognormal(0.2, 0.4)),
    )


def _favourite_artists(
    scene: int, weights: NDArray[np.float64], shelves: Shelves, rng: np.random.Generator
) -> tuple[str, ...]:
    styles = rng.choice(len(weights), size=int(rng.integers(2, 6)), p=weights)
    drawn = [shelves.track_of_style(shelves.style_names[style], scene, rng.random()) for style in styles]
    return tuple(dict.fromkeys(shelves.tracks[position].artist_id for position in drawn))


def _hours(rng: np.random.Generator) -> tuple[float, ...]:
    peak = rng.choice(PEAK_HOURS) + rng.normal(0.0, 1.5)
    angle = 2.0 * np.pi * (np.arange(24) - peak) / 24.0
    weights = np.exp(rng.uniform(1.5, 4.0) * np.cos(angle)) + 0.05
    return tuple(float(weight) for weight in weights / weights.sum())
