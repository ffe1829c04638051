"""Descriptors of a clip over time, all from one Fourier transform.

Each equals what librosa's function of that name gives on the same samples; where librosa does more work than the
number needs, the same number is computed directly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import librosa
import numpy as np

from spotistream.audio.spec import DESCRIPTOR_SIZES

ROLLOFF_SHARE = 0.85
HANN_RMS = 0.375**0.5
TINY = np.finfo(np.float32).tiny


@dataclass(frozen=True, eq=False)
class Spectrum:
    """The samples of a clip and what is computed from them once.

    samples : float32 (n,), mono, [-1, 1]; n at least n_fft
    sr : int, Hz
    n_fft, hop_length : int, samples
    """

    samples: np.ndarray
    sr: int
    n_fft: int
    hop_length: int

    @cached_property
    def magnitude(self) -> np.ndarray:
        """float32 (1 + n_fft / 2, t)."""
        return np.abs(librosa.stft(self.samples, n_fft=self.n_fft, hop_length=self.hop_length))

    @cached_property
    def power(self) -> np.ndarray:
        """float32 (1 + n_fft / 2, t)."""
        return self.magnitude**2

    @cached_property
    def mel_db(self) -> np.ndarray:
        """Mel spectrogram of 128 bands, dB relative to 1, clipped 80 dB below its peak: float32 (128, t)."""
        return librosa.power_to_db(librosa.feature.melspectrogram(S=self.power, sr=self.sr))

    @cached_property
    def frequency_moments(self) -> np.ndarray:
        """Mean of f and of f squared, weighted by magnitude; Hz, Hz squared; zero in silence: float64 (2, t)."""
        hertz = librosa.fft_frequencies(sr=self.sr, n_fft=self.n_fft)
        weights = np.stack([np.ones_like(hertz), hertz, hertz**2])
        total, first, second = weights @ self.magnitude.astype(np.float64)
        return np.stack([first, second]) / np.where(total > TINY, total, 1.0)

    @cached_property
    def tempo(self) -> float:
        """Beats per minute, by the autocorrelation of the onset strength: ``librosa.feature.tempo``."""
        onsets = librosa.onset.onset_strength(S=self.mel_db, sr=self.sr, hop_length=self.hop_length)
        return float(librosa.feature.tempo(onset_envelope=onsets, sr=self.sr, hop_length=self.hop_length)[0])

    @cached_property
    def energy(self) -> float:
        """Mean over the windows of the root mean square of the samples, [0, 1]: rmse without the window's own loss."""
        return float(rmse(self).mean(dtype=np.float64)) / HANN_RMS


def mfcc(spectrum: Spectrum) -> np.ndarray:
    return librosa.feature.mfcc(S=spectrum.mel_db, n_mfcc=DESCRIPTOR_SIZES["mfcc"])


def spectral_contrast(spectrum: Spectrum) -> np.ndarray:
    """Peak over valley in each octave band, dB: float (7, t). Jiang and others (2002)."""
    return librosa.feature.spectral_contrast(S=spectrum.magnitude, sr=spectrum.sr, n_fft=spectrum.n_fft)


def spectral_centroid(spectrum: Spectrum) -> np.ndarray:
    """Centre of mass of the magnitudes, Hz: float64 (1, t)."""
    return spectrum.frequency_moments[:1]


def spectral_bandwidth(spectrum: Spectrum) -> np.ndarray:
    """Standard deviation of frequency around the centroid, Hz: float64 (1, t)."""
    centroid, square = spectrum.frequency_moments
    return np.sqrt(np.maximum(square - centroid**2, 0.0))[np.newaxis]


def spectral_rolloff(spectrum: Spectrum) -> np.ndarray:
    """Frequency below which 85 % of the magnitude lies, Hz: float64 (1, t)."""
    below = np.cumsum(spectrum.magnitude, axis=0)
    bins = np.count_nonzero(below < ROLLOFF_SHARE * below[-1], axis=0)
    return librosa.fft_frequencies(sr=spectrum.sr, n_fft=spectrum.n_fft)[bins][np.newaxis]


def rmse(spectrum: Spectrum) -> np.ndarray:
    """Root mean square of the windowed samples, [0, 1], from the magnitudes as in FMA: float32 (1, t)."""
    return librosa.feature.rms(S=spectrum.magnitude, frame_length=spectrum.n_fft, hop_length=spectrum.hop_length)


def zcr(spectrum: Spectrum) -> np.ndarray:
    """Share of samples at which the sign changes, [0, 1]: float64 (1, t)."""
    return librosa.feature.zero_crossing_rate(
        spectrum.samples, frame_length=spectrum.n_fft, hop_length=spectrum.hop_length
    )


def chroma_stft(spectrum: Spectrum) -> np.ndarray:
    """Energy of the twelve pitch classes from C, the loudest 1, tuning fixed at A = 440 Hz: float32 (12, t)."""
    return librosa.feature.chroma_stft(
        S=spectrum.power, sr=spectrum.sr, n_fft=spectrum.n_fft, hop_length=spectrum.hop_length, tuning=0.0
    )


DESCRIPTORS: Mapping[str, Callable[[Spectrum], np.ndarray]] = {
    function.__name__: function
    for function in (
        mfcc, spectral_contrast, spectral_centroid, spectral_bandwidth, spectral_rolloff, rmse, zcr, chroma_stft,
    )
}  # fmt: skip
