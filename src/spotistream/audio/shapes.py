"""Shape of a spectrum at each moment: the loops of centroid, bandwidth, rolloff, energy and contrast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spotistream.audio.compiled import compiled, compiled_sums

ROLLOFF_SHARE = np.float32(0.85)
CONTRAST_BANDS = 7
CONTRAST_LOWEST_HZ = 200.0
CONTRAST_SHARE = 0.02
"""Peaks and valleys are the means of the loudest and softest two in a hundred bins of a band, at least one."""
TINY = np.float32(np.finfo(np.float32).tiny)


@dataclass(frozen=True, eq=False)
class Shapes:
    """centroid, bandwidth : float32 (t,), bins; 0 in silence
    rolloff : int64 (t,), bins
    energy : float32 (t,), sum of the squares, the two outer bins halved
    peaks, valleys : float32 (t, 7), magnitudes
    """

    centroid: np.ndarray
    bandwidth: np.ndarray
    rolloff: np.ndarray
    energy: np.ndarray
    peaks: np.ndarray
    valleys: np.ndarray


def shapes(magnitude: np.ndarray, *, sr: int) -> Shapes:
    """magnitude : float32 (t, bins), C order; sr : int, Hz, at least 25,600 / 2, for the bands of the contrast."""
    frames, bins = magnitude.shape
    found = Shapes(
        centroid=np.empty(frames, dtype=np.float32),
        bandwidth=np.empty(frames, dtype=np.float32),
        rolloff=np.empty(frames, dtype=np.int64),
        energy=np.empty(frames, dtype=np.float32),
        peaks=np.empty((frames, CONTRAST_BANDS), dtype=np.float32),
        valleys=np.empty((frames, CONTRAST_BANDS), dtype=np.float32),
    )
    _moments(magnitude, found.centroid, found.bandwidth, found.energy)
    _rolloff(magnitude, found.rolloff)
    _extremes(magnitude, contrast_bands(sr, bins), found.peaks, found.valleys)
    return found


def contrast_bands(sr: int, bins: int) -> np.ndarray:
    """First bin, bin after the last, and number of bins that make a peak, of each octave band: int64 (7, 3).

    As ``librosa.feature.spectral_contrast`` cuts them: a band also holds the bin below it, and its last bin only in
    the number. Raises ValueError where a band lies beyond half the rate.
    """
    hertz = np.fft.rfftfreq(2 * (bins - 1), 1 / sr)
    edges = np.concatenate([[0.0], CONTRAST_LOWEST_HZ * 2.0 ** np.arange(CONTRAST_BANDS)])
    if edges[-2] >= sr / 2:
        raise ValueError(f"no spectral contrast of {CONTRAST_BANDS} bands at {sr} Hz")
    bands = []
    for number in range(CONTRAST_BANDS):
        inside = np.flatnonzero((hertz >= edges[number]) & (hertz <= edges[number + 1]))
        first, after = inside[0] - (number > 0), inside[-1] + 1
        last_band = number == CONTRAST_BANDS - 1
        after = bins if last_band else after
        count = max(1, int(np.rint(CONTRAST_SHARE * (after - first))))
        bands.append((first, after if last_band else after - 1, count))
    return np.array(bands, dtype=np.int64)


@compiled_sums
def _moments(magnitude: np.ndarray, centroid: np.ndarray, bandwidth: np.ndarray, energy: np.ndarray) -> None:
    frames, bins = magnitude.shape
    for t in range(frames):
        frame = magnitude[t]
        weight, first, power = np.float32(0), np.float32(0), np.float32(0)
        for k in range(bins):
            value = frame[k]
            weight += value
            first += value * np.float32(k)
            power += value * value
        sounds = weight > TINY
        mean = first / weight if sounds else np.float32(0)
        spread = np.float32(0)
        for k in range(bins):
            distance = np.float32(k) - mean
            spread += frame[k] * (distance * distance)
        centroid[t] = mean
        bandwidth[t] = np.sqrt(spread / weight) if sounds else np.float32(0)
        edges = frame[0] * frame[0] + frame[bins - 1] * frame[bins - 1]
        energy[t] = power - np.float32(0.5) * edges


@compiled
def _rolloff(magnitude: np.ndarray, rolloff: np.ndarray) -> None:
    """First bin at which the running sum reaches 85 %, summed one by one in float32, as numpy's cumsum does."""
    frames, bins = magnitude.shape
    running = np.empty(bins, dtype=np.float32)
    for t in range(frames):
        total = np.float32(0)
        for k in range(bins):
            total += magnitude[t, k]
            running[k] = total
        rolloff[t] = np.searchsorted(running, ROLLOFF_SHARE * total)


@compiled
def _extremes(magnitude: np.ndarray, bands: np.ndarray, peaks: np.ndarray, valleys: np.ndarray) -> None:
    """Means of the largest and smallest values of each band, kept in order while passing over it."""
    frames = len(magnitude)
    large, small = np.empty(64, dtype=np.float32), np.empty(64, dtype=np.float32)
    for t in range(frames):
        for b in range(len(bands)):
            first, after, count = bands[b]
            part = magnitude[t, first:after]
            large[:count], small[:count] = -np.inf, np.inf
            for value in part:
                if value > large[0]:
                    i = 1
                    while i < count and large[i] < value:
                        large[i - 1] = large[i]
                        i += 1
                    large[i - 1] = value
            for k in range(len(part) - 1, -1, -1):  # music gets softer with frequency: the valleys come first
                value = part[k]
                if value < small[0]:
                    i = 1
                    while i < count and small[i] > value:
                        small[i - 1] = small[i]
                        i += 1
                    small[i - 1] = value
            peaks[t, b], valleys[t, b] = large[:count].sum() / count, small[:count].sum() / count
