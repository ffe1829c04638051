"""Descriptors of a clip over time: each equals what librosa's function of that name gives on the same samples."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from spotistream.audio.chroma import normalised, tonal_centroids
from spotistream.audio.filters import chroma_bank, cosines
from spotistream.audio.spec import DESCRIPTOR_SIZES
from spotistream.audio.spectrum import Spectrum, decibel

ZERO = 1e-10
"""Samples nearer to zero than this have no sign."""


def chroma_cens(spectrum: Spectrum) -> np.ndarray:
    """Chroma of the constant-Q transform, quantised and smoothed over 41 moments, of length 1: float32 (12, t)."""
    return spectrum.cens


def chroma_cqt(spectrum: Spectrum) -> np.ndarray:
    """Magnitude of the twelve pitch classes from C over seven octaves, the loudest 1: float32 (12, t)."""
    return normalised(spectrum.notes_chroma, np.max)


def chroma_stft(spectrum: Spectrum) -> np.ndarray:
    """Power of the twelve pitch classes from C, the loudest 1: float32 (12, t)."""
    bank = chroma_bank(spectrum.sr, spectrum.n_fft, tuning=spectrum.tuning)
    return normalised((spectrum.power @ bank).T, np.max)


def mel(spectrum: Spectrum) -> np.ndarray:
    """dB relative to 1: float32 (128, t)."""
    return spectrum.mel_db.T


def mfcc(spectrum: Spectrum) -> np.ndarray:
    """float32 (20, t)."""
    return (spectrum.mel_db @ cosines(spectrum.mel_db.shape[1], DESCRIPTOR_SIZES["mfcc"])).T


def rmse(spectrum: Spectrum) -> np.ndarray:
    """Root mean square of the windowed samples, [0, 1], from the magnitudes as in FMA: float32 (1, t)."""
    return spectrum.rms[np.newaxis]


def spectral_bandwidth(spectrum: Spectrum) -> np.ndarray:
    """Standard deviation of frequency around the centroid, Hz: float (1, t)."""
    return spectrum.shapes.bandwidth[np.newaxis] * spectrum.hertz_per_bin


def spectral_centroid(spectrum: Spectrum) -> np.ndarray:
    """Centre of mass of the magnitudes, Hz: float (1, t)."""
    return spectrum.shapes.centroid[np.newaxis] * spectrum.hertz_per_bin


def spectral_contrast(spectrum: Spectrum) -> np.ndarray:
    """Peak over valley in each octave band, dB: float64 (7, t). Jiang and others (2002)."""
    peaks, valleys = spectrum.shapes.peaks.astype(np.float64), spectrum.shapes.valleys.astype(np.float64)
    return (decibel(peaks) - decibel(valleys)).T


def spectral_rolloff(spectrum: Spectrum) -> np.ndarray:
    """Frequency below which 85 % of the magnitude lies, Hz: float64 (1, t)."""
    return spectrum.shapes.rolloff[np.newaxis] * spectrum.hertz_per_bin


def tonnetz(spectrum: Spectrum) -> np.ndarray:
    """Tonal centroids of the CENS chroma: fifths, minor and major thirds, sine and cosine: float64 (6, t)."""
    return tonal_centroids(spectrum.cens)


def zcr(spectrum: Spectrum) -> np.ndarray:
    """Share of samples at which the sign changes, [0, 1]: float64 (1, t). Before and after the clip nothing changes."""
    negative = spectrum.samples < -ZERO
    half, size = spectrum.n_fft // 2, spectrum.n_fft
    changes = np.zeros(len(negative) + size + 1, dtype=np.int32)
    np.cumsum(negative[1:] != negative[:-1], out=changes[half + 2 : half + 1 + len(negative)])
    changes[half + 1 + len(negative) :] = changes[half + len(negative)]
    starts = np.arange(0, len(negative) + 1, spectrum.hop_length)
    return ((changes[starts + size] - changes[starts + 1]) / size)[np.newaxis]


DESCRIPTORS: Mapping[str, Callable[[Spectrum], np.ndarray]] = {
    function.__name__: function
    for function in (
        chroma_cens, chroma_cqt, chroma_stft, mel, mfcc, rmse, spectral_bandwidth, spectral_centroid,
        spectral_contrast, spectral_rolloff, tonnetz, zcr,
    )
}  # fmt: skip
