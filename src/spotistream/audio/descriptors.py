"""Descriptors of a clip over time: each equals what librosa's function of that name gives on the same samples."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from spotistream.audio.filters import CHROMA, chroma_bank, cosines, hann
from spotistream.audio.spec import DESCRIPTOR_SIZES
from spotistream.audio.spectrum import Spectrum, decibel

CENS_STEPS = (0.4, 0.2, 0.1, 0.05)
CENS_FRAMES = 41
ZERO = 1e-10
"""Samples nearer to zero than this have no sign."""


def chroma_cqt(spectrum: Spectrum) -> np.ndarray:
    """Magnitude of the twelve pitch classes from C over seven octaves, the loudest 1: float32 (12, t)."""
    return normalised(_notes_to_chroma(spectrum), np.max)


def chroma_cens(spectrum: Spectrum) -> np.ndarray:
    """Chroma quantised, smoothed over 41 moments, of length 1: float32 (12, t). Mueller and Ewert (2011)."""
    share = normalised(_notes_to_chroma(spectrum), np.sum)
    steps = np.zeros_like(share)
    for step in CENS_STEPS:
        steps += (share > step) * np.float32(1 / len(CENS_STEPS))
    window = np.concatenate([hann(CENS_FRAMES + 1), [0.0]])
    padded = np.pad(steps, ((0, 0), (len(window) // 2,) * 2))
    smooth = np.stack([np.convolve(row, window / window.sum(), mode="valid") for row in padded])
    return normalised(smooth.astype(np.float32), _length)


def chroma_stft(spectrum: Spectrum) -> np.ndarray:
    """Power of the twelve pitch classes from C, the loudest 1: float32 (12, t)."""
    bank = chroma_bank(spectrum.sr, spectrum.n_fft, tuning=spectrum.tuning)
    return normalised((spectrum.power @ bank).T, np.max)


def tonnetz(spectrum: Spectrum) -> np.ndarray:
    """Tonal centroids of the CENS chroma: fifths, minor and major thirds, sine and cosine: float64 (6, t).

    Harte, Sandler and Gasser (2006).
    """
    turns = np.outer([7 / 6, 7 / 6, 3 / 2, 3 / 2, 2 / 3, 2 / 3], np.arange(CHROMA, dtype=np.float64))
    turns[::2] -= 0.5
    radius = np.array([1, 1, 1, 1, 0.5, 0.5])[:, np.newaxis]
    return radius * np.cos(np.pi * turns) @ normalised(chroma_cens(spectrum), np.sum)


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


def zcr(spectrum: Spectrum) -> np.ndarray:
    """Share of samples at which the sign changes, [0, 1]: float64 (1, t). Before and after the clip nothing changes."""
    negative = spectrum.samples < -ZERO
    half, size = spectrum.n_fft // 2, spectrum.n_fft
    changes = np.zeros(len(negative) + size + 1, dtype=np.int32)
    np.cumsum(negative[1:] != negative[:-1], out=changes[half + 2 : half + 1 + len(negative)])
    changes[half + 1 + len(negative) :] = changes[half + len(negative)]
    starts = np.arange(0, len(negative) + 1, spectrum.hop_length)
    return ((changes[starts + size] - changes[starts + 1]) / size)[np.newaxis]


def normalised(values: np.ndarray, size: Callable[..., np.ndarray]) -> np.ndarray:
    """Each column divided by its size, in float64 and rounded; those of no size as they are; same shape and dtype."""
    sizes = size(np.abs(values).astype(np.float64), axis=0, keepdims=True)
    sizes[sizes < np.finfo(values.dtype).tiny] = 1.0
    return (values / sizes).astype(values.dtype)


def _length(values: np.ndarray, axis: int, keepdims: bool) -> np.ndarray:
    return np.sqrt(np.sum(values**2, axis=axis, keepdims=keepdims))


def _notes_to_chroma(spectrum: Spectrum) -> np.ndarray:
    """The sum of a pitch class over the octaves, as a product of matrices like librosa's: float32 (12, t)."""
    notes = spectrum.constant_q
    return np.tile(np.eye(CHROMA, dtype=np.float32), len(notes) // CHROMA) @ notes


DESCRIPTORS: Mapping[str, Callable[[Spectrum], np.ndarray]] = {
    function.__name__: function
    for function in (
        chroma_cens, chroma_cqt, chroma_stft, mel, mfcc, rmse, spectral_bandwidth, spectral_centroid,
        spectral_contrast, spectral_rolloff, tonnetz, zcr,
    )
}  # fmt: skip
