"""Banks of filters by librosa, made once for each process: librosa's own descriptors make them anew at each call.

``librosa.filters`` alone is imported: more of librosa compiles more functions on its way in. The first use on a machine
takes ten seconds of that, which ``scripts/setup`` takes already.
"""

from __future__ import annotations

from functools import lru_cache

import librosa.filters
import numpy as np

MEL_BANDS = 128
CHROMA = 12


@lru_cache(maxsize=16)
def hann(size: int) -> np.ndarray:
    """The periodic window: float64 (size,); not to be changed."""
    return librosa.filters.get_window("hann", size, fftbins=True)


def mel_bank(sr: int, n_fft: int) -> np.ndarray:
    """Triangles of equal area on Slaney's scale, from 0 Hz to half the rate: float32 (1 + n_fft / 2, 128)."""
    return np.ascontiguousarray(librosa.filters.mel(sr=sr, n_fft=n_fft, n_mels=MEL_BANDS).T)


@lru_cache(maxsize=4)
def mel_parts(sr: int, n_fft: int, *, bands: int = 16) -> tuple[tuple[slice, slice, np.ndarray], ...]:
    """The mel bank in parts of neighbouring bands, without the bins that count nothing in any of them.

    (bins, bands, float32 (bins, bands)): a tenth of the products of the whole bank.
    """
    bank = mel_bank(sr, n_fft)
    parts = []
    for first in range(0, MEL_BANDS, bands):
        part = bank[:, first : first + bands]
        used = np.flatnonzero(part.any(axis=1))
        bins = slice(int(used[0]), int(used[-1]) + 1) if len(used) else slice(0, 1)
        parts.append((bins, slice(first, first + bands), np.ascontiguousarray(part[bins])))
    return tuple(parts)


@lru_cache(maxsize=4)
def cosines(size: int, count: int) -> np.ndarray:
    """The first ``count`` of the orthonormal discrete cosine transform, type 2: float32 (size, count)."""
    angles = np.outer(np.arange(size) + 0.5, np.arange(count)) * (np.pi / size)
    bank = np.cos(angles) * np.sqrt(2 / size)
    bank[:, 0] /= np.sqrt(2)
    return bank.astype(np.float32)


@lru_cache(maxsize=4)
def chroma_bank(sr: int, n_fft: int, *, tuning: float) -> np.ndarray:
    """Weight of each bin in each pitch class from C: float32 (1 + n_fft / 2, 12).

    tuning : semitones from A = 440 Hz
    """
    return np.ascontiguousarray(librosa.filters.chroma(sr=sr, n_fft=n_fft, tuning=tuning, n_chroma=CHROMA).T)
