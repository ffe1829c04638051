"""Pitched instruments: (frequency, seconds held) -> one note.

Every instrument has the signature of ``Instrument``: freq : Hz; seconds : held length, the ring-out comes on top;
sr : Hz; tone : 0 dark to 1 bright. It returns float32, mono (n,) or stereo (2, n), RMS of the loud part about 0.3.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

import numpy as np

from spotistream.demo.basses import BASSES
from spotistream.demo.oscillators import Samples, decay, noise, oscillator, plucked, shaped, sine

Instrument = Callable[[float, float, int, float], Samples]


def _length(seconds: float, sr: int) -> int:
    return max(64, int(seconds * sr))


def warm_pad(freq: float, seconds: float, sr: int, tone: float) -> Samples:
    """Two detuned saws a side behind a low-pass, slow to come and to go."""
    n = _length(seconds + 0.6, sr)
    cutoff = 700 + 2600 * tone
    side = [
        oscillator("saw", freq * (1 + cents / 1731), n, sr=sr, cutoff=cutoff, phase=phase)
        for cents, phase in ((-7.0, 0.1), (6.0, 0.6))
    ]
    return shaped(0.55 * np.stack(side), attack=0.35, release=0.7, sr=sr)


def glass_pad(freq: float, seconds: float, sr: int, tone: float) -> Samples:
    """Slowly beating sines with an octave and a twelfth that swell after the attack."""
    n = _length(seconds + 1.2, sr)
    swell = np.linspace(0, 1, n, dtype=np.float32)
    left = sine(freq, n, sr=sr) + (0.2 + 0.4 * tone) * swell * sine(2.003 * freq, n, sr=sr)
    right = sine(1.002 * freq, n, sr=sr) + (0.1 + 0.3 * tone) * (1 - swell) * sine(2.997 * freq, n, sr=sr)
    shimmer = 0.12 * tone * swell * (1 - swell)
    left += shimmer * sine(6.01 * freq, n, sr=sr)
    right += shimmer * sine(5.02 * freq, n, sr=sr)
    return shaped(0.32 * np.stack([left, right]), attack=0.7, release=1.4, sr=sr)


def strings(freq: float, seconds: float, sr: int, tone: float) -> Samples:
    """A section: three saws, each with its own vibrato phase, spread over the sides."""
    n = _length(seconds + 0.35, sr)
    cutoff = 1200 + 2500 * tone
    left = oscillator("saw", freq * 0.998, n, sr=sr, cutoff=cutoff, phase=0.2, vibrato=0.12)
    middle = oscillator("saw", freq, n, sr=sr, cutoff=cutoff, phase=0.5)
    right = oscillator("saw", freq * 1.0023, n, sr=sr, cutoff=cutoff, phase=0.8, vibrato=0.1)
    return shaped(0.4 * np.stack([left + 0.6 * middle, right + 0.6 * middle]), attack=0.18, release=0.4, sr=sr)


def supersaw(freq: float, seconds: float, sr: int, tone: float) -> Samples:
    """Four saws, detuned wide; the big chord of electronic music."""
    n = _length(seconds + 0.12, sr)
    cutoff = 1800 + 5500 * tone
    voices = [
        oscillator("saw", freq * (1 + cents / 1731), n, sr=sr, cutoff=cutoff, phase=0.37 * i)
        for i, cents in enumerate((-14.0, -4.0, 5.0, 13.0))
    ]
    stereo = np.stack([voices[0] + voices[2], voices[1] + voices[3]])
    return shaped(0.42 * stereo, attack=0.006, release=0.12, sr=sr)


def organ(freq: float, seconds: float, sr: int, tone: float) -> Samples:
    """Drawbars: sub, root, twelfth, octave and up, with a slow rotor."""
    n = _length(seconds + 0.05, sr)
    bars = ((0.5, 0.5), (1.0, 0.7), (1.5, 0.35), (2.0, 0.45), (3.0, 0.3 * tone), (4.0, 0.35 * tone))
    y = np.sum([level * sine(ratio * freq, n, sr=sr) for ratio, level in bars], axis=0, dtype=np.float32)
    rotor = 1 + 0.12 * np.sin(np.arange(n) * (2 * np.pi * 6.1 / sr)).astype(np.float32)
    return shaped(0.32 * np.stack([y * rotor, y * (2 - rotor)]), attack=0.008, release=0.05, sr=sr)


def electric_piano(freq: float, seconds: float, sr: int, tone: float) -> Samples:
    """Two-operator frequency modulation with a bell-like tine on the attack."""
    n = _length(seconds + 0.25, sr)
    t = np.arange(n) / sr
    index = (0.5 + 1.6 * tone) * np.exp(-t / 0.35)
    body = np.sin(2 * np.pi * freq * t + index * np.sin(2 * np.pi * freq * t))
    tine = 0.22 * tone * np.exp(-t / 0.08) * np.sin(2 * np.pi * 14 * freq * t) if freq < 900 else 0.0
    ring = decay(n, 1.5 * (220 / freq) ** 0.4, sr=sr)
    pan = 0.15 * np.sin(2 * np.pi * 4.3 * t)
    y = 0.55 * (body + tine) * ring
    return shaped(np.stack([y * (1 - pan), y * (1 + pan)]).astype(np.float32), attack=0.003, release=0.22, sr=sr)


def piano(freq: float, seconds: float, sr: int, tone: float) -> Samples:
    """Stretched partials that die the faster the higher they are, two strings a note, and a hammer."""
    n = _length(min(seconds + 0.5, 5.0), sr)
    y = np.zeros(n, dtype=np.float32)
    life = 2.6 * (220 / freq) ** 0.55
    for k in range(1, 9):
        partial = k * freq * np.sqrt(1 + 0.0004 * k * k)
        if partial > 0.42 * sr:
            break
        level = (0.95 - 0.1 * k) * k ** -(1.35 - 0.6 * tone) * (0.35 if k == 7 else 1.0)
        y += np.float32(level) * decay(n, life / (1 + 0.45 * (k - 1)), sr=sr) * sine(partial, n, sr=sr)
    beat = 1 + 0.08 * np.sin(np.arange(n) * (2 * np.pi * 0.9 / sr)).astype(np.float32)
    m = min(n, int(0.08 * sr))
    y = 0.5 * y * beat
    y[:m] += 0.06 * np.convolve(noise(m, seed=3), np.ones(24) / 8, mode="same") * decay(m, 0.012, sr=sr)
    place = float(np.clip(np.log2(freq / 330) * 0.16, -0.4, 0.4))
    return shaped(np.stack([y * (1 - place), y * (1 + place)]).astype(np.float32), attack=0.002, release=0.3, sr=sr)


def vibraphone(freq: float, seconds: float, sr: int, tone: float) -> Samples:
    """Root and double octave of a metal bar under a motor tremolo."""
    n = _length(seconds + 0.8, sr)
    y = sine(freq, n, sr=sr) * decay(n, 1.1, sr=sr)
    y += (0.15 + 0.3 * tone) * sine(3.98 * freq, n, sr=sr) * decay(n, 0.18, sr=sr)
    tremolo = 1 - 0.25 * (1 + np.sin(np.arange(n) * (2 * np.pi * 5.5 / sr)).astype(np.float32))
    return shaped(0.6 * y * tremolo, attack=0.002, release=0.5, sr=sr)


def bell(freq: float, seconds: float, sr: int, tone: float) -> Samples:
    """Inharmonic partials with long decays."""
    n = _length(seconds + 1.5, sr)
    parts = ((1.0, 1.0, 1.4), (2.0, 0.4, 0.9), (2.76, 0.5 * tone, 0.6), (5.4, 0.3 * tone, 0.25))
    y = np.zeros(n, dtype=np.float32)
    for ratio, level, life in parts:
        y += np.float32(level) * sine(ratio * freq, n, sr=sr) * decay(n, life, sr=sr)
    return shaped(0.5 * y, attack=0.003, release=0.8, sr=sr)


def music_box(freq: float, seconds: float, sr: int, tone: float) -> Samples:
    """A short, bright tine."""
    n = _length(max(seconds, 0.5) + 0.3, sr)
    y = sine(freq, n, sr=sr) * decay(n, 0.45, sr=sr) + 0.35 * sine(3.01 * freq, n, sr=sr) * decay(n, 0.09, sr=sr)
    y += 0.2 * tone * sine(6.3 * freq, n, sr=sr) * decay(n, 0.03, sr=sr) if freq < 2000 else 0.0
    return shaped(0.6 * y, attack=0.001, release=0.3, sr=sr)


def synth_pluck(freq: float, seconds: float, sr: int, tone: float) -> Samples:
    """A saw whose filter closes within a fifth of a second."""
    n = _length(max(seconds, 0.12) + 0.2, sr)
    bright = oscillator("saw", freq, n, sr=sr, cutoff=2500 + 5000 * tone, bump=0.6)
    dark = oscillator("saw", freq * 1.002, n, sr=sr, cutoff=max(500.0, 1.5 * freq))
    y = bright * decay(n, 0.06 + 0.08 * tone, sr=sr) + 0.7 * dark * decay(n, 0.28, sr=sr)
    return shaped(0.8 * y, attack=0.002, release=0.1, sr=sr)


def saw_lead(freq: float, seconds: float, sr: int, tone: float) -> Samples:
    """A singing lead: two saws, vibrato after the attack."""
    n = _length(seconds + 0.12, sr)
    cutoff = max(1600 + 3500 * tone, 2 * freq)
    y = oscillator("saw", freq, n, sr=sr, cutoff=cutoff, bump=0.8, vibrato=0.25)
    y = y + 0.6 * oscillator("saw", freq * 1.004, n, sr=sr, cutoff=cutoff, phase=0.4, vibrato=0.2)
    return shaped(0.42 * y, attack=0.015, release=0.13, sr=sr)


def square_lead(freq: float, seconds: float, sr: int, tone: float) -> Samples:
    """A hollow, clarinet-like lead."""
    n = _length(seconds + 0.08, sr)
    y = oscillator("square", freq, n, sr=sr, cutoff=max(1200 + 3000 * tone, 2 * freq), vibrato=0.2)
    return shaped(0.6 * y, attack=0.02, release=0.1, sr=sr)


def flute(freq: float, seconds: float, sr: int, tone: float) -> Samples:
    """Few harmonics, vibrato, and breath around the pitch."""
    n = _length(seconds + 0.1, sr)
    y = oscillator("triangle", freq, n, sr=sr, cutoff=2.2 * freq, vibrato=0.22)
    y = y + (0.1 + 0.25 * tone) * oscillator("saw", freq, n, sr=sr, cutoff=3 * freq, vibrato=0.22)
    breath = np.convolve(noise(n, seed=11), np.ones(10) / 10, mode="same") * (0.04 + 0.2 * decay(n, 0.05, sr=sr))
    return shaped((0.75 * y + breath).astype(np.float32), attack=0.06, release=0.1, sr=sr)


def reed(freq: float, seconds: float, sr: int, tone: float) -> Samples:
    """A saxophone of sorts: a narrow pulse with a formant, a breathy attack and a wide vibrato."""
    n = _length(seconds + 0.07, sr)
    y = oscillator("pulse25", freq, n, sr=sr, cutoff=900 + 1200 * tone, bump=1.5, vibrato=0.32)
    y = y + 0.35 * oscillator("saw", freq, n, sr=sr, cutoff=2600 + 1500 * tone, vibrato=0.32)
    growl = noise(n, seed=5) * (0.02 + 0.12 * decay(n, 0.03, sr=sr))
    return shaped(0.55 * (y + growl), attack=0.035, release=0.08, sr=sr)


def nylon_guitar(freq: float, seconds: float, sr: int, tone: float) -> Samples:
    """Gut strings, plucked softly over the hole."""
    n = _length(min(seconds, 2.5) + 0.35, sr)
    y = plucked(freq, n, sr=sr, brightness=0.25 + 0.3 * tone, sustain=3.0, pick=0.32)
    return shaped(0.9 * y, attack=0.002, release=0.3, sr=sr)


def steel_guitar(freq: float, seconds: float, sr: int, tone: float) -> Samples:
    """Steel strings with a plectrum."""
    n = _length(min(seconds, 3.0) + 0.5, sr)
    y = plucked(freq, n, sr=sr, brightness=0.6 + 0.35 * tone, sustain=5.0, pick=0.16)
    return shaped(0.9 * y, attack=0.001, release=0.35, sr=sr)


def electric_guitar(freq: float, seconds: float, sr: int, tone: float) -> Samples:
    """A string with much sustain, meant for the drive of its part."""
    n = _length(seconds + 0.06, sr)
    y = plucked(freq, n, sr=sr, brightness=0.55 + 0.3 * tone, sustain=9.0, pick=0.13)
    hold = oscillator("saw", freq, n, sr=sr, cutoff=1800, vibrato=0.1) * (1 - decay(n, 0.2, sr=sr))
    return shaped(0.7 * y + 0.2 * hold, attack=0.002, release=0.06, sr=sr)


def clean_guitar(freq: float, seconds: float, sr: int, tone: float) -> Samples:
    """A muted electric with a short choke, for skanks and chops."""
    n = _length(seconds + 0.05, sr)
    y = plucked(freq, n, sr=sr, brightness=0.5 + 0.4 * tone, sustain=1.2, pick=0.22)
    return shaped(0.9 * y, attack=0.001, release=0.05, sr=sr)


def chip(shape: str) -> Instrument:
    """A voice of an eight-bit sound chip: no filter, an instant attack, an octave of vibrato-free pulse."""
    wave = {"50": "square", "25": "pulse25", "12": "pulse12", "tri": "triangle"}[shape]

    def play(freq: float, seconds: float, sr: int, tone: float) -> Samples:
        n = _length(seconds, sr)
        y = oscillator(wave, freq, n, sr=sr, cutoff=16000, vibrato=0.15 if seconds > 0.3 else 0.0)  # type: ignore[arg-type]
        steps = np.floor(np.linspace(15.99, 15.99 - 10 * min(1.0, seconds / (0.3 + tone)), n)) / 15
        return shaped((0.5 * y * steps).astype(np.float32), attack=0.001, release=0.008, sr=sr)

    return play


INSTRUMENTS: MappingProxyType[str, Instrument] = MappingProxyType(
    {
        "warm pad": warm_pad,
        "glass pad": glass_pad,
        "strings": strings,
        "supersaw": supersaw,
        "organ": organ,
        "electric piano": electric_piano,
        "piano": piano,
        "vibraphone": vibraphone,
        "bell": bell,
        "music box": music_box,
        "synth pluck": synth_pluck,
        "saw lead": saw_lead,
        "square lead": square_lead,
        "flute": flute,
        "reed": reed,
        "nylon guitar": nylon_guitar,
        "steel guitar": steel_guitar,
        "electric guitar": electric_guitar,
        "clean guitar": clean_guitar,
        "pulse 50": chip("50"),
        "pulse 25": chip("25"),
        "pulse 12": chip("12"),
        "chip triangle": chip("tri"),
        **BASSES,
    }
)
