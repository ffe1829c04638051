"""Raw sound: band-limited waves, envelopes, plucked strings, noise. Mono float32, sr in Hz, never defaulted."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Shape = Literal["saw", "square", "pulse25", "pulse12", "triangle"]

TABLE = 4096


@lru_cache(maxsize=512)
def wave_table(shape: Shape, harmonics: int, rolloff: int, bump: float) -> Samples:
    """One cycle of a band-limited wave, float32 (TABLE,), RMS near 0.5, no DC. Do not write to it.

    harmonics : the last that sounds; rolloff : harmonic at which a 12 dB/octave low-pass starts;
    bump : resonance at the rolloff, 0 none.
    """
    k = np.arange(1, harmonics + 1, dtype=np.float64)
    amplitude = {
        "saw": 1 / k,
        "square": (k % 2) / k,
        "pulse25": np.sin(np.pi * k * 0.25) / k,
        "pulse12": np.sin(np.pi * k * 0.125) / k,
        "triangle": (k % 2) * np.where(k % 4 == 1, 1.0, -1.0) / k**2,
    }[shape]
    ratio = k / max(rolloff, 1)
    amplitude = amplitude / np.sqrt(1 + ratio**4) * (1 + bump * np.exp(-(((ratio - 1) / 0.25) ** 2)))
    spectrum = np.zeros(TABLE // 2 + 1, dtype=np.complex128)
    spectrum[1 : harmonics + 1] = -1j * amplitude
    cycle = np.fft.irfft(spectrum)
    table = (0.5 * cycle / np.sqrt(np.mean(cycle**2))).astype(np.float32)
    table.setflags(write=False)
    return table


def oscillator(
    shape: Shape,
    freq: float,
    n: int,
    *,
    sr: int,
    cutoff: float,
    bump: float = 0.0,
    phase: float = 0.0,
    vibrato: float = 0.0,
) -> Samples:
    """A steady wave, float32 (n,), RMS near 0.5.

    freq, cutoff : Hz; phase : cycles; vibrato : depth in semitones at 5.2 Hz, faded in over 0.4 s.
    """
    harmonics = int(max(1, min(0.45 * sr / freq, 4.5 * cutoff / freq + 1, TABLE // 4)))
    table = wave_table(shape, harmonics, max(1, round(cutoff / freq)), bump)
    cycles = np.arange(n) * (freq / sr) + (phase + 1.0)
    if vibrato:
        t = np.arange(n) / sr
        depth = vibrato * 0.0578 * freq / (2 * np.pi * 5.2)
        cycles = cycles + depth * np.minimum(t / 0.4, 1.0) * np.sin(2 * np.pi * 5.2 * t)
    return table[(cycles * TABLE).astype(np.int64) & (TABLE - 1)]


def sine(freq: float, n: int, *, sr: int) -> Samples:
    """A sine of amplitude 1, float32 (n,)."""
    cycles = np.arange(n) * (freq / sr)
    cycles -= np.floor(cycles)
    return np.sin(cycles.astype(np.float32) * np.float32(2 * np.pi))


def decay(n: int, seconds: float, *, sr: int) -> Samples:
    """exp(-t / seconds), float32 (n,)."""
    return np.exp(np.arange(n, dtype=np.float32) * np.float32(-1.0 / (seconds * sr)))


def shaped(wave: NDArray[np.floating[Any]], *, attack: float, release: float, sr: int) -> Samples:
    """The wave with a raised-cosine attack and release, s. The release is the end of the wave, so it never clicks."""
    n = wave.shape[-1]
    up, down = min(n // 2, max(8, int(attack * sr))), min(n // 2, max(8, int(release * sr)))
    envelope = np.ones(n, dtype=np.float32)
    envelope[:up] = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, up, dtype=np.float32))
    envelope[n - down :] = 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, down, dtype=np.float32))
    return (wave * envelope).astype(np.float32, copy=False)


def noise(n: int, *, seed: int) -> Samples:
    """White noise in [-1, 1], float32 (n,), the same for the same seed."""
    return (np.random.default_rng(seed).random(n, dtype=np.float32) * 2 - 1).astype(np.float32)


def plucked(freq: float, n: int, *, sr: int, brightness: float, sustain: float, pick: float) -> Samples:
    """A plucked string, float32 (n,), peak 1 (Karplus and Strong 1983, with a fractional delay).

    brightness : 0 dull to 1 sharp; sustain : seconds to fall by 60 dB; pick : place along the string, 0 to 0.5.
    """
    period = sr / freq
    loss = 10.0 ** (-3.0 / (max(sustain, 0.05) * freq))
    side = 0.25 * (1.0 - 0.85 * brightness)
    whole = int(period - 1.0)
    fraction = period - 1.0 - whole
    taps = np.convolve([1 - fraction, fraction], [side, 1 - 2 * side, side]) * loss
    burst = noise(whole + 3, seed=int(freq * 8))
    burst -= np.roll(burst, max(1, int(pick * whole)))
    smooth = 1 + int(6 * (1 - brightness))
    soft = np.convolve(np.tile(burst, 2), np.ones(smooth) / smooth, mode="same")[: whole + 3]
    y = np.zeros(n + 2 * whole + 8, dtype=np.float32)
    start = whole + 3
    y[:start] = soft - soft.mean()
    weights = [np.float32(tap) for tap in taps]
    while start < n + whole + 3:
        stop = start + whole
        back = start - whole
        y[start:stop] = (
            weights[0] * y[back:start]
            + weights[1] * y[back - 1 : start - 1]
            + weights[2] * y[back - 2 : start - 2]
            + weights[3] * y[back - 3 : start - 3]
        )
        start = stop
    y = y[whole + 3 : whole + 3 + n]
    return y / np.float32(max(1e-6, float(np.abs(y).max())))
