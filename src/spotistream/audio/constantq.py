"""The constant-Q transform, seven octaves of twelve notes from C1 (Schoerkhuber and Klapuri, 2010).

The wavelets are librosa's. ``librosa.cqt`` makes them anew at each call, which is most of its time; here they are made
once. The rest is done in librosa's order and precision, to the last bit: CENS quantises, and a difference of one part
in ten million may flip a step of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import librosa.filters
import numpy as np
import scipy.fft
import soxr
from scipy.sparse import csr_matrix

from spotistream.audio.filters import CHROMA

OCTAVES = 7
C1_HZ = 440.0 * 2.0 ** ((24 - 69) / 12)
SPARSITY = 0.01
"""Share of a filter's spectrum that is left out, the smallest values."""


@dataclass(frozen=True, eq=False)
class Octave:
    """basis : complex64 (12, bins), the filters' spectra, sparse
    bins : those of a transform that any filter uses
    n_fft, hop_length : int, samples at the octave's own rate
    """

    basis: csr_matrix
    bins: slice
    n_fft: int
    hop_length: int


def constant_q(samples: np.ndarray, *, sr: int, hop_length: int, tuning: float) -> np.ndarray:
    """Magnitude of each note: float32 (84, t), Fortran order; equal to ``abs(librosa.cqt(...))``.

    samples : float32 (n,)
    sr : int, Hz; high enough for B7 and its filter, 3,951 Hz
    hop_length : int, samples, divisible by 64
    tuning : semitones from A = 440 Hz
    """
    octaves, lengths = filter_bank(sr, hop_length, tuning)
    responses = []
    for i, octave in enumerate(octaves):
        if i:
            samples = _half(samples)
        responses.append(octave.basis @ _spectra(samples, octave))
    frames = min(response.shape[1] for response in responses)
    stacked = np.empty((OCTAVES * CHROMA, frames), dtype=np.complex64, order="F")
    for i, response in enumerate(responses):
        stacked[(OCTAVES - 1 - i) * CHROMA : (OCTAVES - i) * CHROMA] = response[:, :frames]
    stacked /= np.sqrt(lengths)[:, np.newaxis]
    return np.abs(stacked)


def _spectra(samples: np.ndarray, octave: Octave) -> np.ndarray:
    """complex64 (bins, t)."""
    padded = np.pad(samples.astype(np.float64), octave.n_fft // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, octave.n_fft)[:: octave.hop_length]
    return scipy.fft.rfft(frames, axis=1)[:, octave.bins].T.astype(np.complex64, order="C")


def _half(samples: np.ndarray) -> np.ndarray:
    """At half the rate, with the same energy."""
    halved = soxr.resample(samples, 2, 1, quality="HQ")
    size = (len(samples) + 1) // 2
    fixed = halved[:size] if len(halved) >= size else np.pad(halved, (0, size - len(halved)))
    return np.divide(fixed, np.sqrt(0.5), out=fixed, casting="same_kind")


@lru_cache(maxsize=4)
def filter_bank(sr: int, hop_length: int, tuning: float) -> tuple[tuple[Octave, ...], np.ndarray]:
    """The octaves from the highest down, and the length of each of the 84 filters in samples at ``sr``.

    Raises ValueError where the rate is too low or the hop cannot be halved six times.
    """
    first = C1_HZ * 2.0 ** (tuning / CHROMA)
    scale = 2.0 ** (np.arange(CHROMA) / CHROMA)
    hertz = np.sort(np.multiply.outer(2.0 ** np.arange(OCTAVES), scale).ravel()) * first
    width = _relative_bandwidth(hertz)
    lengths = sr / (hertz * width)
    highest = hertz[-1] * (1 + 0.75 * width[-1])
    if highest > sr / 2 or np.ceil(np.log2(sr / 2 / highest)) > 2 or hop_length % 2 ** (OCTAVES - 1):
        raise ValueError(f"no constant-Q transform at {sr} Hz with a hop of {hop_length}")
    octaves = []
    for i in range(OCTAVES):
        notes = slice((OCTAVES - 1 - i) * CHROMA, (OCTAVES - i) * CHROMA)
        basis = _basis(hertz[notes], width[notes], sr / 2**i)
        basis[:] = basis * np.sqrt(2.0**i)
        used = np.flatnonzero(basis.any(axis=0))
        bins = slice(int(used[0]), int(used[-1]) + 1)
        octaves.append(Octave(csr_matrix(basis[:, bins]), bins, 2 * (basis.shape[1] - 1), hop_length >> i))
    return tuple(octaves), lengths


def _relative_bandwidth(hertz: np.ndarray) -> np.ndarray:
    """Bandwidth of each filter over its frequency, from the distance of its neighbours."""
    log = np.log2(hertz)
    per_octave = np.empty_like(hertz)
    per_octave[0], per_octave[-1] = 1 / (log[1] - log[0]), 1 / (log[-1] - log[-2])
    per_octave[1:-1] = 2 / (log[2:] - log[:-2])
    ratio = 2.0 ** (2 / per_octave)
    return (ratio - 1) / (ratio + 1)


def _basis(hertz: np.ndarray, width: np.ndarray, sr: float) -> np.ndarray:
    """Spectra of windowed sines whose length is the constant Q's, small values zero: complex64 (12, bins)."""
    waves, lengths = librosa.filters.wavelet(freqs=hertz, sr=sr, window="hann", norm=1, gamma=0, alpha=width)  # type: ignore[arg-type]
    size = waves.shape[1]
    waves *= lengths[:, np.newaxis] / float(size)
    spectra = scipy.fft.fft(waves, n=size, axis=1)[:, : size // 2 + 1]
    sizes = np.abs(spectra)
    ranked = np.sort(sizes, axis=1)
    share = np.cumsum(ranked / np.sum(sizes, axis=1, keepdims=True), axis=1)
    smallest = np.take_along_axis(ranked, np.argmin(share < SPARSITY, axis=1)[:, np.newaxis], axis=1)
    return np.where(sizes >= smallest, spectra, 0).astype(np.complex64)
