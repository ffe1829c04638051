"""Banks of filters, made once for each process: what librosa 0.11 makes, without importing it.

Importing librosa compiles a dozen functions, 15 s where no cache is warm and 1 s where it is; what is needed of it here
are these formulas. The tests compare every one with librosa's own.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

MEL_BANDS = 128
CHROMA = 12


def hann(size: int) -> np.ndarray:
    """The periodic window: float64 (size,)."""
    return 0.5 + 0.5 * np.cos(np.linspace(-np.pi, np.pi, size + 1))[:-1]


@lru_cache(maxsize=4)
def mel_bank(sr: int, n_fft: int) -> np.ndarray:
    """Triangles of equal area on Slaney's scale, from 0 Hz to half the rate: float32 (1 + n_fft / 2, 128)."""
    bins = np.fft.rfftfreq(n_fft, 1 / sr)
    edges = _slaney_to_hertz(np.linspace(0.0, _hertz_to_slaney(sr / 2), MEL_BANDS + 2))
    widths = np.diff(edges)
    ramps = np.subtract.outer(edges, bins)
    rising, falling = -ramps[:-2] / widths[:-1, np.newaxis], ramps[2:] / widths[1:, np.newaxis]
    bank = np.maximum(0, np.minimum(rising, falling)).astype(np.float32)
    bank *= (2.0 / (edges[2:] - edges[:-2]))[:, np.newaxis]
    return np.ascontiguousarray(bank.T)


SLANEY_HERTZ, SLANEY_MEL, SLANEY_STEP = 1_000.0, 15.0, np.log(6.4) / 27
"""Linear up to 1,000 Hz at 15 mel, above it 27 steps for a factor of 6.4 (Slaney, 1998)."""


def _hertz_to_slaney(hertz: float) -> float:
    if hertz < SLANEY_HERTZ:
        return hertz * SLANEY_MEL / SLANEY_HERTZ
    return float(SLANEY_MEL + np.log(hertz / SLANEY_HERTZ) / SLANEY_STEP)


def _slaney_to_hertz(mel: np.ndarray) -> np.ndarray:
    return np.where(
        mel < SLANEY_MEL, mel * SLANEY_HERTZ / SLANEY_MEL, SLANEY_HERTZ * np.exp(SLANEY_STEP * (mel - SLANEY_MEL))
    )


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
    """Gaussian bumps around the pitch classes from C, octaves around 880 Hz weighing most: float32 (bins, 12).

    Ellis (2007), as ``librosa.filters.chroma``. tuning : semitones from A = 440 Hz
    """
    hertz = np.linspace(0, sr, n_fft, endpoint=False)[1:]
    pitch = CHROMA * np.log2(hertz / (440.0 * 2 ** (tuning / CHROMA) / 16))
    pitch = np.concatenate([[pitch[0] - 1.5 * CHROMA], pitch])
    widths = np.concatenate([np.maximum(np.diff(pitch), 1.0), [1.0]])
    distance = np.subtract.outer(pitch, np.arange(CHROMA)).T
    distance = np.remainder(distance + CHROMA / 2 + 10 * CHROMA, CHROMA) - CHROMA / 2
    bumps = np.exp(-0.5 * (2 * distance / widths) ** 2)
    bumps /= np.sqrt((bumps**2).sum(axis=0))
    bumps *= np.exp(-0.5 * ((pitch / CHROMA - 5.0) / 2.0) ** 2)
    from_c = np.roll(bumps, -3, axis=0)[:, : 1 + n_fft // 2]
    return np.ascontiguousarray(from_c.T, dtype=np.float32)
