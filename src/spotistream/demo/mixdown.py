"""A score becomes sound: notes through instruments onto buses, buses through effects into a stereo clip."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spotistream.demo import effects
from spotistream.demo.composer import Line, Score
from spotistream.demo.drums import KITS, hit
from spotistream.demo.instruments import INSTRUMENTS
from spotistream.demo.oscillators import Samples
from spotistream.demo.theory import frequency

TAIL_SECONDS = 2.2
BUS_RMS = 0.12
PLACES = {
    "hat": 0.25,
    "open": 0.25,
    "ride": -0.3,
    "crash": -0.2,
    "shaker": -0.35,
    "tom": 0.2,
    "conga": 0.35,
    "rim": -0.15,
}
DRUM_LEVELS = {
    "kick": 1.0,
    "snare": 0.7,
    "clap": 0.6,
    "hat": 0.42,
    "open": 0.4,
    "ride": 0.36,
    "crash": 0.36,
    "shaker": 0.3,
}


def render(score: Score, *, sr: int, seed: tuple[int, ...]) -> Samples:
    """The clip, float32 (n, 2), [-1, 1], no DC, at the style's loudness. seed : for the human timing."""
    n = int((score.beats * 60 / score.bpm + TAIL_SECONDS) * sr)
    rng = np.random.default_rng((*seed, 9))
    mix = np.zeros((2, n), dtype=np.float32)
    reverb_send, echo_send = np.zeros(n, dtype=np.float32), np.zeros(n, dtype=np.float32)
    kicks = _seconds([beat for beat, piece, _ in score.hits if piece == "kick"], score)
    if score.hits:
        drums = _drum_bus(score, n, rng, sr)
        mix += drums
        reverb_send += score.style.drum_reverb * effects.mono_of(drums)
    for line in score.lines:
        if line.notes:
            bus = _line_bus(line, score, kicks, n, rng, sr)
            mix += bus
            mono = effects.mono_of(bus)
            reverb_send += np.float32(line.part.reverb) * mono
            echo_send += np.float32(line.part.echo) * mono
    repeats = effects.echo(echo_send, seconds=score.style.echo_beats * 60 / score.bpm, sr=sr)
    reverb_send += 0.3 * effects.mono_of(repeats)
    mix += repeats + effects.reverb(reverb_send, seconds=score.style.room * score.voice.room, sr=sr)
    return _mastered(mix, score, sr)


def _mastered(mix: Samples, score: Score, sr: int) -> Samples:
    """DC out, loudness to the style's target, peaks limited, start and end faded; (n, 2)."""
    mix = effects.without_dc(mix, sr=sr)
    gain = 10 ** ((score.style.loudness - effects.loudness(mix, sr=sr)) / 20)
    mix = effects.limited(np.float32(gain) * mix)
    fade = int((2.6 if score.style.ending == "fade" else 0.9) * sr)
    mix[:, -fade:] *= 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, fade, dtype=np.float32))
    mix[:, :200] *= np.linspace(0, 1, 200, dtype=np.float32)
    return np.ascontiguousarray(mix.T)


def _seconds(beats: list[float], score: Score) -> NDArray[np.float64]:
    """Times of beats, s, after swing and rubato."""
    beat = np.asarray(beats, dtype=np.float64)
    pair = score.style.swing_unit / 2
    share = beat / pair % 1.0
    swing = score.voice.swing
    swung = np.where(share < 0.5, share * (1 + swing), 0.5 * (1 + swing) + (share - 0.5) * (1 - swing))
    beat = beat - share * pair + swung * pair
    if score.style.rubato:
        bar = score.style.steps / 4
        beat = beat + score.style.rubato * (np.sin(np.pi * beat / bar) + 0.4 * np.sin(2 * np.pi * beat / bar))
        beat = np.maximum(beat, 0.0)
    return beat * (60 / score.bpm)


def _place(bus: Samples, sound: Samples, start: int, left: float, right: float) -> None:
    """Add a sound, (n,) or (2, n), into a bus at a sample, cut at the bus's end."""
    length = min(bus.shape[1] - start, sound.shape[-1])
    if length > 0:
        for side, gain in enumerate((left, right)):
            source = sound[side] if sound.ndim == 2 else sound
            bus[side, start : start + length] += np.float32(gain) * source[:length]


def _pan(place: float) -> tuple[float, float]:
    """Gains of the two sides at equal power, 1 and 1 in the middle."""
    angle = (place + 1) * np.pi / 4
    return float(np.sqrt(2) * np.cos(angle)), float(np.sqrt(2) * np.sin(angle))


def _drum_bus(score: Score, n: int, rng: np.random.Generator, sr: int) -> Samples:
    kit = KITS[score.voice.kit]
    sounds = {piece: hit(piece, kit, sr=sr) for piece in sorted({piece for _, piece, _ in score.hits})}
    bus = np.zeros((2, n), dtype=np.float32)
    times = _seconds([beat for beat, _, _ in score.hits], score)
    late = rng.normal(0, score.style.humanise, len(times))
    for (_, piece, velocity), time, shift in zip(score.hits, times, late, strict=True):
        gain = DRUM_LEVELS.get(piece, 0.35) * velocity**1.3
        left, right = _pan(PLACES.get(piece, 0.0))
        start = max(0, int((time + shift * (piece != "kick")) * sr))
        _place(bus, sounds[piece], start, gain * left, gain * right)
    return _levelled(bus, score.style.drum_gain + 2.0, sr)


def _line_bus(
    line: Line, score: Score, kicks: NDArray[np.float64], n: int, rng: np.random.Generator, sr: int
) -> Samples:
    """One part through its instrument, drive, filter, duck, level and place."""
    part, play = line.part, INSTRUMENTS[line.instrument]
    bus = np.zeros((2, n), dtype=np.float32)
    times = _seconds([note.beat for note in line.notes], score)
    late = rng.normal(0, score.style.humanise, len(times))
    cache: dict[tuple[int, int], Samples] = {}
    for note, time, shift in zip(line.notes, times, late, strict=True):
        held = int(note.beats * 60 / score.bpm * 100)
        sound = cache.get((note.pitch, held))
        if sound is None:
            sound = cache[note.pitch, held] = play(frequency(note.pitch), held / 100, sr, score.voice.tone)
        _place(bus, sound, max(0, int((time + shift) * sr)), note.velocity, note.velocity)
    if part.drive and line.instrument not in ("clean guitar", "organ"):
        bus = effects.overdriven(_levelled(bus, 8.0, sr), amount=part.drive, sr=sr)
    if part.sweep and min(intensity for _, intensity in score.arc) < 0.9:
        bus = effects.opened(bus, _openness(score, n, sr), sr=sr)
    if part.duck and len(kicks):
        bus *= effects.duck_envelope(n, kicks, depth=part.duck, sr=sr)
    bus = _levelled(bus, part.gain + (0.5 if part.kind == "bass" else 0.0), sr)
    left, right = _pan(part.pan)
    bus[0] *= np.float32(left)
    bus[1] *= np.float32(right)
    return bus


def _levelled(bus: Samples, gain: float, sr: int) -> Samples:
    """The bus with its busy RMS at ``BUS_RMS`` plus ``gain`` dB."""
    rms = effects.busy_rms(bus, sr=sr)
    return bus * np.float32(BUS_RMS * 10 ** (gain / 20) / rms) if rms > 1e-6 else bus


def _openness(score: Score, n: int, sr: int) -> Samples:
    """How open filters are, (n,) 0 to 1: each section rises from the last one's intensity to its own."""
    starts = [beat * 60 / score.bpm for beat, _ in score.arc]
    levels = [max(0.0, (intensity - 0.3) / 0.7) for _, intensity in score.arc]
    ends = [*starts[1:], n / sr]
    times, values = [], []
    for i, (start, end, level) in enumerate(zip(starts, ends, levels, strict=True)):
        coming = levels[i + 1] if i + 1 < len(levels) else level
        times += [start, end - 0.01]
        values += [level, 0.5 * (level + coming)]
    coarse = np.interp(np.arange(0, n, 64) / sr, times, values).astype(np.float32)
    return np.repeat(coarse, 64)[:n]
