"""Onsets and tempo from a mel spectrogram, as ``librosa.onset.onset_strength`` and ``librosa.feature.tempo``."""

from __future__ import annotations

import numpy as np
import scipy.fft

from spotistream.audio.filters import hann

WINDOW_SECONDS = 8.0
USUAL_BPM = 120.0
HIGHEST_BPM = 320.0


def onset_strength(mel_db: np.ndarray, *, n_fft: int, hop_length: int) -> np.ndarray:
    """Mean rise of the mel bands from one moment to the next, dB: float32 (t,).

    mel_db : float32 (t, bands), dB
    n_fft, hop_length : int, samples; half a window is added in front, for an onset to stand where it is heard
    """
    rise = np.maximum(0.0, mel_db[1:] - mel_db[:-1]).mean(axis=1)
    return np.pad(rise, (1 + n_fft // (2 * hop_length), 0))[: len(mel_db)]


def tempo(onsets: np.ndarray, *, sr: int, hop_length: int) -> float:
    """Beats per minute: the lag at which onsets repeat best, tempi near 120 preferred.

    Each window's autocorrelation counts in proportion to its value at lag 0. The mean of them is the transform of the
    mean of their power spectra: one inverse transform for all.
    """
    size = int(WINDOW_SECONDS * sr / hop_length)
    padded = np.pad(onsets, size // 2, mode="linear_ramp")
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[: len(onsets)] * hann(size).astype(np.float32)
    energy = np.einsum("ts,ts->t", frames, frames)
    spectra = scipy.fft.rfft(frames, n=scipy.fft.next_fast_len(2 * size - 1, real=True), axis=1)
    power = np.square(spectra.real) + np.square(spectra.imag)
    share = np.divide(1.0, energy, out=np.zeros_like(energy), where=energy > np.finfo(np.float32).tiny)
    mean = share.astype(np.float64) @ power / len(onsets)
    repeated = scipy.fft.irfft(mean)[:size]
    bpm = np.concatenate([[np.inf], 60.0 * sr / (hop_length * np.arange(1.0, size))])
    preference = -0.5 * (np.log2(bpm) - np.log2(USUAL_BPM)) ** 2
    preference[: int(np.argmax(bpm < HIGHEST_BPM))] = -np.inf
    return float(bpm[np.argmax(np.log1p(1e6 * np.maximum(repeated, 0.0)) + preference)])
