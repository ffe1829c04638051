"""Chroma: how much of each of the twelve pitch classes there is, from C, and what is derived from it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from spotistream.audio.filters import CHROMA, hann

CENS_STEPS = (0.4, 0.2, 0.1, 0.05)
CENS_FRAMES = 41


def fold_octaves(notes: np.ndarray) -> np.ndarray:
    """The sum of each pitch class, as a product of matrices like librosa's: float32 (12, t) of (12 * octaves, t)."""
    return np.tile(np.eye(CHROMA, dtype=np.float32), len(notes) // CHROMA) @ notes


def energy_normalised(chroma: np.ndarray) -> np.ndarray:
    """CENS: quantised, smoothed over 41 moments, of length 1: float32 (12, t). Mueller and Ewert (2011)."""
    share = normalised(chroma, np.sum)
    steps = np.zeros_like(share)
    for step in CENS_STEPS:
        steps += (share > step) * np.float32(1 / len(CENS_STEPS))
    window = np.concatenate([hann(CENS_FRAMES + 1), [0.0]])
    padded = np.pad(steps, ((0, 0), (len(window) // 2,) * 2))
    smooth = np.stack([np.convolve(row, window / window.sum(), mode="valid") for row in padded])
    return normalised(smooth.astype(np.float32), _length)


def tonal_centroids(chroma: np.ndarray) -> np.ndarray:
    """Sine and cosine on the circles of fifths, minor and major thirds: float64 (6, t). Harte and others (2006)."""
    turns = np.outer([7 / 6, 7 / 6, 3 / 2, 3 / 2, 2 / 3, 2 / 3], np.arange(CHROMA, dtype=np.float64))
    turns[::2] -= 0.5
    radius = np.array([1, 1, 1, 1, 0.5, 0.5])[:, np.newaxis]
    return radius * np.cos(np.pi * turns) @ normalised(chroma, np.sum)


def normalised(values: np.ndarray, size: Callable[..., np.ndarray]) -> np.ndarray:
    """Each column divided by its size, in float64 and rounded; those of no size as they are; same shape and dtype."""
    sizes = size(np.abs(values).astype(np.float64), axis=0, keepdims=True)
    sizes[sizes < np.finfo(values.dtype).tiny] = 1.0
    return (values / sizes).astype(values.dtype)


def _length(values: np.ndarray, axis: int, keepdims: bool) -> np.ndarray:
    return np.sqrt(np.sum(values**2, axis=axis, keepdims=keepdims))
