"""Melodies out of motifs: a rhythm and a contour, repeated, answered and bent to the chord of the moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spotistream.demo.theory import Chord, Note, scale_ladder

STEPS = (-2, -1, -1, 0, 1, 1, 2)
LEAPS = (-4, -3, 3, 4)


@dataclass(frozen=True)
class Motif:
    """rhythm : a melody pattern of one bar; moves : scale steps before each note."""

    rhythm: str
    moves: tuple[int, ...]


def draw_motif(rng: np.random.Generator, rhythms: tuple[str, ...]) -> Motif:
    """A motif on one of the rhythms; mostly steps, one leap at most."""
    rhythm = rhythms[rng.integers(len(rhythms))]
    count = sum(symbol in "xX" for symbol in rhythm)
    moves = [STEPS[rng.integers(len(STEPS))] for _ in range(count)]
    if count > 2 and rng.random() < 0.6:
        moves[int(rng.integers(1, count))] = LEAPS[rng.integers(len(LEAPS))]
    return Motif(rhythm=rhythm, moves=tuple(moves))


def melody(
    bars: tuple[tuple[Chord, ...], ...],
    *,
    rhythms: tuple[str, ...],
    tonic: int,
    scale: str,
    low: int,
    high: int,
    seed: tuple[int, ...],
) -> tuple[Note, ...]:
    """A melody over ``bars``, beats from the first bar's start.

    Phrases of four bars: motif, answer, motif, cadence. A note on a beat is moved to the nearest chord tone.
    """
    rng = np.random.default_rng(seed)
    ladder = scale_ladder(tonic, scale, low=low, high=high)
    call, answer, cadence = (draw_motif(rng, rhythms) for _ in range(3))
    place = len(ladder) // 2
    notes: list[Note] = []
    for index, chords in enumerate(bars):
        motif = (call, answer, call, cadence)[index % 4]
        if index % 2 == 0:
            place = int(np.clip(place, len(ladder) // 3, 2 * len(ladder) // 3))
        moves = iter(motif.moves)
        for step, beats, accent in pattern_hits(motif.rhythm, "xX"):
            place = _bounded(place + next(moves), len(ladder))
            chord = chords[step * len(chords) // len(motif.rhythm)]
            if step % 4 == 0:
                place = _nearest_chord_tone(ladder, place, chord, tonic)
            velocity = (0.95 if accent == "X" else 0.78) + float(rng.uniform(-0.08, 0.05))
            beat = (index * len(motif.rhythm) + step) / 4
            notes.append(Note(beat=beat, beats=beats, pitch=ladder[place], velocity=velocity))
    return tuple(notes)


def pattern_hits(pattern: str, symbols: str) -> tuple[tuple[int, float, str], ...]:
    """(step, beats held, symbol) of each symbol in a pattern; ``-`` after a symbol holds it on.

    >>> pattern_hits("x-.x", "x")
    ((0, 0.5, 'x'), (3, 0.25, 'x'))
    """
    hits = []
    for step, symbol in enumerate(pattern):
        if symbol in symbols:
            rest = pattern[step + 1 :]
            held = 1 + len(rest) - len(rest.lstrip("-"))
            hits.append((step, held / 4, symbol))
    return tuple(hits)


def _bounded(place: int, size: int) -> int:
    """``place`` reflected at the ends of a ladder of ``size`` rungs."""
    place = abs(place)
    return max(0, 2 * (size - 1) - place) if place >= size else place


def _nearest_chord_tone(ladder: tuple[int, ...], place: int, chord: Chord, tonic: int) -> int:
    tones = [rung for rung, pitch in enumerate(ladder) if (pitch - tonic) % 12 in chord.pitch_classes]
    return min(tones, key=lambda rung: (abs(rung - place), rung)) if tones else place
