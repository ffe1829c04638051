"""Bass instruments, with the signature described in instruments.py."""

from __future__ import annotations

import numpy as np

from spotistream.demo.oscillators import Samples, decay, noise, oscillator, plucked, shaped, sine


def sub_bass(freq: float, seconds: float, sr: int, tone: float) -> Samples:
    """A sine, saturated enough to be heard on small speakers."""
    n = max(64, int((seconds + 0.05) * sr))
    y = np.tanh((1.4 + 1.6 * tone) * sine(freq, n, sr=sr)) * (0.55 + 0.45 * decay(n, 0.5, sr=sr))
    return shaped(0.6 * y, attack=0.006, release=0.06, sr=sr)


def round_bass(freq: float, seconds: float, sr: int, tone: float) -> Samples:
    """A filtered saw with an octave-down sine: the house and synth bass."""
    n = max(64, int((seconds + 0.06) * sr))
    bright = oscillator("saw", freq, n, sr=sr, cutoff=500 + 1800 * tone, bump=0.7) * decay(n, 0.18, sr=sr)
    dark = oscillator("saw", freq, n, sr=sr, cutoff=240 + 200 * tone)
    return shaped(0.5 * bright + 0.6 * dark, attack=0.004, release=0.06, sr=sr)


def reese_bass(freq: float, seconds: float, sr: int, tone: float) -> Samples:
    """Detuned saws that beat against each other over a clean sub."""
    n = max(64, int((seconds + 0.08) * sr))
    cutoff = 350 + 900 * tone
    left = oscillator("saw", freq * 0.993, n, sr=sr, cutoff=cutoff, bump=0.5)
    right = oscillator("saw", freq * 1.007, n, sr=sr, cutoff=cutoff, bump=0.5, phase=0.5)
    low = 0.5 * sine(freq, n, sr=sr)
    return shaped(
        0.6 * np.stack([0.8 * left + 0.4 * right + low, 0.4 * left + 0.8 * right + low]),
        attack=0.01,
        release=0.08,
        sr=sr,
    )


def acid_bass(freq: float, seconds: float, sr: int, tone: float) -> Samples:
    """A resonant filter closing over a saw, as a cross-fade of three filter settings."""
    n = max(64, int((seconds + 0.04) * sr))
    top = 900 + 3200 * tone
    waves = [oscillator("saw", freq, n, sr=sr, cutoff=cutoff, bump=3.0) for cutoff in (top, top / 2.4, top / 6)]
    fast, slow = decay(n, 0.05, sr=sr), decay(n, 0.14, sr=sr)
    return shaped(
        0.6 * (waves[0] * fast + waves[1] * (slow - fast) + waves[2] * (1 - slow)), attack=0.003, release=0.04, sr=sr
    )


def upright_bass(freq: float, seconds: float, sr: int, tone: float) -> Samples:
    """A thick string plucked with the finger over a wooden body."""
    n = max(64, int((seconds + 0.12) * sr))
    y = plucked(freq, n, sr=sr, brightness=0.05 + 0.3 * tone, sustain=2.4, pick=0.3)
    body = 0.45 * sine(freq, n, sr=sr) * decay(n, 0.5, sr=sr)
    thump = 0.12 * np.convolve(noise(n, seed=2), np.ones(40) / 14, mode="same") * decay(n, 0.015, sr=sr)
    return shaped((0.8 * y + body + thump).astype(np.float32), attack=0.004, release=0.1, sr=sr)


def finger_bass(freq: float, seconds: float, sr: int, tone: float) -> Samples:
    """An electric bass: a long string with a firm low end."""
    n = max(64, int((seconds + 0.06) * sr))
    y = plucked(freq, n, sr=sr, brightness=0.3 + 0.4 * tone, sustain=5.0, pick=0.18)
    return shaped(0.8 * y + 0.4 * sine(freq, n, sr=sr) * decay(n, 0.9, sr=sr), attack=0.003, release=0.06, sr=sr)


BASSES = {
    "sub bass": sub_bass,
    "round bass": round_bass,
    "reese bass": reese_bass,
    "acid bass": acid_bass,
    "upright bass": upright_bass,
    "finger bass": finger_bass,
}
