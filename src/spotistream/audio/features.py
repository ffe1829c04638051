"""Clip -> one feature vector, by a spec."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from spotistream.audio.decode import Clip
from spotistream.audio.descriptors import DESCRIPTORS
from spotistream.audio.spec import FeatureSpec
from spotistream.audio.spectrum import Spectrum
from spotistream.audio.statistics import STATISTICS, Series
from spotistream.errors import ConfigError

SCALARS: Mapping[str, Callable[[Spectrum], float]] = {"tempo": lambda spectrum: spectrum.tempo}


@dataclass(frozen=True, eq=False)
class Features:
    """vector : float32 (len(spec),), finite
    tempo : beats per minute
    brightness : mean spectral centroid, Hz
    energy : mean root mean square of the samples, [0, 1]
    mel_db : float32 (128, t), dB relative to 1, mel spectrogram of the analysed samples, for pictures
    """

    vector: np.ndarray
    tempo: float
    brightness: float
    energy: float
    mel_db: np.ndarray


def features(clip: Clip, *, spec: FeatureSpec) -> Features:
    """The features of a clip, the vector in the order of ``spec.names``.

    clip : at ``spec.sr`` Hz; finite. A clip shorter than one window is followed by silence.

    Raises ValueError for a clip at another rate, ConfigError for a spec whose vectors are only imported.
    """
    if not spec.extractable:
        raise ConfigError("audio.preset", f"{spec.id} can be imported, not extracted", source="the configuration")
    if clip.sr != spec.sr:
        raise ValueError(f"the clip has {clip.sr} Hz, spec {spec.id} asks for {spec.sr}")
    missing = spec.n_fft - len(clip.samples)
    samples = np.pad(clip.samples, (0, missing)) if missing > 0 else clip.samples
    spectrum = Spectrum(samples, clip.sr, spec.n_fft, spec.hop_length, spec.tuning)
    scalars = [SCALARS[name](spectrum) for name in spec.scalars]
    return Features(
        vector=np.concatenate([_described(spectrum, spec), np.array(scalars)]).astype(np.float32),
        tempo=spectrum.tempo,
        brightness=float(DESCRIPTORS["spectral_centroid"](spectrum).mean(dtype=np.float64)),
        energy=spectrum.energy,
        mel_db=spectrum.mel_db.T,
    )


def _described(spectrum: Spectrum, spec: FeatureSpec) -> np.ndarray:
    """The statistics of all descriptors, taken of all rows at once and put in the vector's order: float64."""
    over_time = [DESCRIPTORS[name](spectrum) for name in spec.descriptors]
    series = Series(np.concatenate(over_time, dtype=np.float64))
    table = np.stack([STATISTICS[name](series) for name in spec.statistics])
    ends = np.cumsum([len(rows) for rows in over_time])
    return np.concatenate([part.ravel() for part in np.split(table, ends[:-1], axis=1)])
