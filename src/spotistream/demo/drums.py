"""Drum kits: one hit of each piece, mono float32, from noise and swept sines. Nothing here is sampled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spotistream.demo.oscillators import Samples, decay, noise, shaped, sine


@dataclass(frozen=True)
class Kit:
    """How a kit is built.

    kick : Hz of its tail; punch : how far the pitch falls, Hz; boom : s; snare : Hz; snap : share of noise;
    bright : 0 to 1, how much of the cymbals is high; crush : bits, 0 for none; brush : soft noise for the snare
    """

    kick: float
    punch: float
    boom: float
    snare: float
    snap: float
    bright: float
    crush: int = 0
    brush: bool = False


KITS: dict[str, Kit] = {
    "909": Kit(kick=49, punch=240, boom=0.22, snare=190, snap=0.7, bright=0.9),
    "808": Kit(kick=45, punch=120, boom=0.42, snare=175, snap=0.55, bright=0.8),
    "warehouse": Kit(kick=46, punch=300, boom=0.28, snare=160, snap=0.8, bright=1.0),
    "boom bap": Kit(kick=56, punch=130, boom=0.17, snare=205, snap=0.6, bright=0.45, crush=9),
    "break": Kit(kick=62, punch=150, boom=0.13, snare=225, snap=0.65, bright=0.8),
    "rock": Kit(kick=58, punch=170, boom=0.17, snare=200, snap=0.72, bright=0.75),
    "studio": Kit(kick=54, punch=110, boom=0.15, snare=210, snap=0.55, bright=0.6),
    "jazz": Kit(kick=62, punch=60, boom=0.16, snare=220, snap=0.5, bright=0.6, brush=True),
    "gated": Kit(kick=50, punch=180, boom=0.22, snare=170, snap=0.75, bright=0.85),
    "chip": Kit(kick=60, punch=330, boom=0.1, snare=240, snap=0.95, bright=1.0, crush=4),
    "hand": Kit(kick=70, punch=40, boom=0.12, snare=240, snap=0.35, bright=0.4),
}


def hit(piece: str, kit: Kit, *, sr: int) -> Samples:
    """One hit of a piece, float32 (n,), peak about 1. An unknown piece is a KeyError."""
    makers = {
        "kick": _kick,
        "snare": _snare,
        "clap": _clap,
        "rim": _rim,
        "hat": _closed_hat,
        "open": _open_hat,
        "ride": _ride,
        "crash": _crash,
        "shaker": _shaker,
        "tom": _tom,
        "conga": _conga,
    }
    y = makers[piece](kit, sr).astype(np.float32)
    if kit.crush:
        levels = np.float32(2 ** (kit.crush - 1))
        y = (np.round(y * levels) / levels).astype(np.float32)
    return shaped(y / np.abs(y).max(), attack=0.0003, release=0.01, sr=sr)


def _high_passed(n: int, *, seed: int, times: int) -> Samples:
    y = noise(n + times, seed=seed)
    for _ in range(times):
        y = np.diff(y)
    return (y / np.abs(y).max()).astype(np.float32)


def _kick(kit: Kit, sr: int) -> Samples:
    n = int((kit.boom * 2.2 + 0.05) * sr)
    t = np.arange(n) / sr
    sweep = kit.kick * t + kit.punch * 0.03 * (1 - np.exp(-t / 0.03))
    body = np.tanh(1.8 * np.sin(2 * np.pi * sweep) * np.exp(-t / kit.boom))
    click = 0.25 * noise(n, seed=21) * decay(n, 0.003, sr=sr)
    return (body + click).astype(np.float32)


def _snare(kit: Kit, sr: int) -> Samples:
    n = int(0.32 * sr)
    if kit.brush:
        sweep = _high_passed(n, seed=22, times=1) * (0.6 * decay(n, 0.09, sr=sr) + 0.4 * decay(n, 0.02, sr=sr))
        return sweep + 0.25 * sine(kit.snare, n, sr=sr) * decay(n, 0.04, sr=sr)
    shell = sine(kit.snare, n, sr=sr) * decay(n, 0.07, sr=sr) + 0.6 * sine(kit.snare * 1.6, n, sr=sr) * decay(
        n, 0.04, sr=sr
    )
    wires = (0.5 * noise(n, seed=22) + 0.7 * _high_passed(n, seed=23, times=1)) * decay(n, 0.09, sr=sr)
    return (1 - kit.snap) * shell + kit.snap * wires


def _clap(kit: Kit, sr: int) -> Samples:
    n = int(0.3 * sr)
    y = np.zeros(n, dtype=np.float32)
    for i, at in enumerate((0.0, 0.011, 0.021, 0.03)):
        start = int(at * sr)
        y[start:] += noise(n, seed=30 + i)[start:] * decay(n - start, 0.09 if i == 3 else 0.006, sr=sr)
    smooth = np.convolve(y, np.ones(4) / 4, mode="same")
    return (smooth - np.convolve(y, np.ones(60) / 60, mode="same")).astype(np.float32)


def _rim(kit: Kit, sr: int) -> Samples:
    n = int(0.08 * sr)
    y = sine(1720, n, sr=sr) + 0.7 * sine(480, n, sr=sr) + 0.3 * noise(n, seed=25)
    return y * decay(n, 0.012, sr=sr)


def _metal(n: int, kit: Kit, sr: int) -> Samples:
    partials = (205.3, 304.4, 369.6, 522.7, 540.0, 800.0)
    y = sum(np.sign(sine(8.2 * hz, n, sr=sr)) for hz in partials)
    mixed = np.diff(np.asarray(y, dtype=np.float32), prepend=np.float32(0)) / 6
    return kit.bright * mixed + 0.9 * _high_passed(n, seed=26, times=2 if kit.bright > 0.5 else 1)


def _closed_hat(kit: Kit, sr: int) -> Samples:
    n = int(0.12 * sr)
    return _metal(n, kit, sr) * decay(n, 0.022, sr=sr)


def _open_hat(kit: Kit, sr: int) -> Samples:
    n = int(0.42 * sr)
    return _metal(n, kit, sr) * decay(n, 0.13, sr=sr)


def _ride(kit: Kit, sr: int) -> Samples:
    n = int(0.9 * sr)
    ring = sum(sine(hz, n, sr=sr) for hz in (3110.0, 4230.0, 5470.0, 6890.0))
    stick = _high_passed(n, seed=28, times=2) * decay(n, 0.012, sr=sr)
    wash = _high_passed(n, seed=29, times=1) * decay(n, 0.3, sr=sr)
    return (0.1 * ring * decay(n, 0.25, sr=sr) + stick + 0.25 * wash).astype(np.float32)


def _crash(kit: Kit, sr: int) -> Samples:
    n = int(1.5 * sr)
    return _high_passed(n, seed=27, times=1) * decay(n, 0.4, sr=sr)


def _shaker(kit: Kit, sr: int) -> Samples:
    n = int(0.09 * sr)
    return shaped(_high_passed(n, seed=33, times=2), attack=0.02, release=0.05, sr=sr)


def _tom(kit: Kit, sr: int) -> Samples:
    n = int(0.4 * sr)
    t = np.arange(n) / sr
    body = np.sin(2 * np.pi * (105 * t + 60 * 0.05 * (1 - np.exp(-t / 0.05)))) * np.exp(-t / 0.13)
    return (body + 0.15 * noise(n, seed=34) * decay(n, 0.02, sr=sr)).astype(np.float32)


def _conga(kit: Kit, sr: int) -> Samples:
    n = int(0.25 * sr)
    body = sine(330, n, sr=sr) * decay(n, 0.07, sr=sr) + 0.3 * sine(520, n, sr=sr) * decay(n, 0.03, sr=sr)
    return body + 0.2 * noise(n, seed=35) * decay(n, 0.006, sr=sr)
