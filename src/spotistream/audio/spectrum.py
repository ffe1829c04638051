"""The samples of a clip and what its descriptors share: each is computed once, when it is first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.fft

from spotistream.audio.chroma import energy_normalised, fold_octaves
from spotistream.audio.constantq import constant_q
from spotistream.audio.filters import MEL_BANDS, hann, mel_parts
from spotistream.audio.rhythm import onset_strength, tempo
from spotistream.audio.shapes import Shapes, shapes

HANN_RMS = 0.375**0.5
SOFTEST = 1e-10
RANGE_DB = 80.0
FRAMES_AT_ONCE = 64
"""Few enough for the windows and their transforms to stay in the processor's cache."""


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Time runs along the first axis here, and along the last in :mod:`descriptors`.

    samples : float32 (n,), mono, [-1, 1]; n at least n_fft
    sr : int, Hz
    n_fft, hop_length : int, samples
    tuning : semitones from A = 440 Hz
    """

    samples: np.ndarray
    sr: int
    n_fft: int
    hop_length: int
    tuning: float

    @cached_property
    def magnitude(self) -> np.ndarray:
        """Of the one Fourier transform, windows centred on their moments: float32 (t, 1 + n_fft / 2)."""
        return stft_magnitude(self.samples, n_fft=self.n_fft, hop_length=self.hop_length)

    @cached_property
    def power(self) -> np.ndarray:
        """float32 (t, 1 + n_fft / 2)."""
        return self.magnitude**2

    @cached_property
    def mel_db(self) -> np.ndarray:
        """Mel spectrogram, dB relative to 1, clipped 80 dB below its peak: float32 (t, 128)."""
        mel = np.empty((len(self.power), MEL_BANDS), dtype=np.float32)
        for bins, bands, weights in mel_parts(self.sr, self.n_fft):
            np.matmul(self.power[:, bins], weights, out=mel[:, bands])
        return decibel(mel)

    @cached_property
    def shapes(self) -> Shapes:
        return shapes(self.magnitude, sr=self.sr)

    @cached_property
    def constant_q(self) -> np.ndarray:
        """float32 (84, t)."""
        return constant_q(self.samples, sr=self.sr, hop_length=self.hop_length, tuning=self.tuning)

    @cached_property
    def notes_chroma(self) -> np.ndarray:
        """Magnitude of the twelve pitch classes from C, summed over the octaves: float32 (12, t)."""
        return fold_octaves(self.constant_q)

    @cached_property
    def cens(self) -> np.ndarray:
        """float32 (12, t)."""
        return energy_normalised(self.notes_chroma)

    @cached_property
    def tempo(self) -> float:
        """Beats per minute."""
        onsets = onset_strength(self.mel_db, n_fft=self.n_fft, hop_length=self.hop_length)
        return tempo(onsets, sr=self.sr, hop_length=self.hop_length)

    @property
    def hertz_per_bin(self) -> float:
        return self.sr / self.n_fft

    @cached_property
    def rms(self) -> np.ndarray:
        """Root mean square of the windowed samples, [0, 1], by Parseval's theorem: float32 (t,)."""
        return np.sqrt(2 * self.shapes.energy / np.float32(self.n_fft**2))

    @property
    def energy(self) -> float:
        """Mean over the windows of the root mean square of the samples, [0, 1]: rms without the window's own loss."""
        return float(self.rms.mean(dtype=np.float64)) / HANN_RMS


def stft_magnitude(samples: np.ndarray, *, n_fft: int, hop_length: int) -> np.ndarray:
    """``abs(librosa.stft(samples))``, time first, to the last bit: float32 (1 + n / hop_length, 1 + n_fft / 2).

    Transformed in float64, as librosa does: in float32 the valleys of a soft treble, 70 dB below a bass, are noise.
    """
    padded = np.pad(samples, n_fft // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, n_fft)[::hop_length]
    window = hann(n_fft)
    magnitude = np.empty((len(frames), 1 + n_fft // 2), dtype=np.float32)
    for begin in range(0, len(frames), FRAMES_AT_ONCE):
        some = slice(begin, begin + FRAMES_AT_ONCE)
        np.abs(scipy.fft.rfft(frames[some] * window, axis=1).astype(np.complex64), out=magnitude[some])
    return magnitude


def decibel(power: np.ndarray) -> np.ndarray:
    """``librosa.power_to_db``: 10 log10, clipped below 1e-10 and 80 dB below the peak; same shape and dtype."""
    level = np.log10(np.maximum(power.dtype.type(SOFTEST), power))
    level *= 10.0
    return np.maximum(level, level.max() - power.dtype.type(RANGE_DB), out=level)
