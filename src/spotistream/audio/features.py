"""Clip -> one feature vector, by a spec."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from spotistream.audio.decode import Clip
from spotistream.audio.descriptors import DESCRIPTORS, Spectrum
from spotistream.audio.spec import FeatureSpec

STATISTICS: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "mean": lambda values: values.mean(axis=1, dtype=np.float64),
    "std": lambda values: values.std(axis=1, dtype=np.float64),
}
"""float (rows, t) -> float64 (rows,)."""
SCALARS: Mapping[str, Callable[[Spectrum], float]] = {"tempo": lambda spectrum: spectrum.tempo}


@dataclass(frozen=True, eq=False)
class Features:
    """vector : float32 (len(spec),), finite
    tempo : beats per minute
    brightness : mean spectral centroid, Hz
    energy : mean root mean square of the samples, [0, 1]
    """

    vector: np.ndarray
    tempo: float
    brightness: float
    energy: float


def features(clip: Clip, *, spec: FeatureSpec) -> Features:
    """The features of a clip, the vector in the order of ``spec.names``.

    clip : at ``spec.sr`` Hz; finite. A clip shorter than one window is followed by silence.

    Raises ValueError for a clip at another rate.
    """
    if clip.sr != spec.sr:
        raise ValueError(f"the clip has {clip.sr} Hz, spec {spec.id} asks for {spec.sr}")
    padding = max(0, spec.n_fft - len(clip.samples))
    spectrum = Spectrum(np.pad(clip.samples, (0, padding)), clip.sr, spec.n_fft, spec.hop_length)
    over_time = {name: DESCRIPTORS[name](spectrum) for name in spec.descriptors}
    parts = [STATISTICS[statistic](over_time[name]) for name in spec.descriptors for statistic in spec.statistics]
    scalars = [SCALARS[name](spectrum) for name in spec.scalars]
    vector = np.concatenate([*parts, np.array(scalars)]).astype(np.float32)
    return Features(
        vector=vector,
        tempo=spectrum.tempo,
        brightness=float(DESCRIPTORS["spectral_centroid"](spectrum).mean()),
        energy=spectrum.energy,
    )
