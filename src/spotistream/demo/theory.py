"""Scales, chord symbols and voice leading. Pitches are MIDI numbers (60 = middle C, 440 Hz = 69), pure integers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

SCALES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "major pentatonic": (0, 2, 4, 7, 9),
    "minor pentatonic": (0, 3, 5, 7, 10),
    "blues": (0, 3, 5, 6, 7, 10),
}

QUALITIES: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "5": (0, 7, 12),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "69": (0, 4, 9, 14),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "m7": (0, 3, 7, 10),
    "9": (0, 4, 10, 14),
    "maj9": (0, 4, 11, 14),
    "m9": (0, 3, 10, 14),
    "m11": (0, 3, 10, 17),
    "13": (0, 4, 10, 21),
    "7b9": (0, 4, 10, 13),
    "7s9": (0, 4, 10, 15),
    "m7b5": (0, 3, 6, 10),
    "dim7": (0, 3, 6, 9),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
    "7sus4": (0, 5, 10, 14),
    "add9": (0, 4, 7, 14),
    "madd9": (0, 3, 7, 14),
}

_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


class Note(NamedTuple):
    """One note of a part.

    beat : quarter notes from the start of the clip; beats : length in quarter notes;
    pitch : MIDI number; velocity : (0, 1].
    """

    beat: float
    beats: float
    pitch: int
    velocity: float


@dataclass(frozen=True)
class Chord:
    """root : semitones above the tonic, 0-11; intervals : semitones above the root, ascending, first is 0."""

    root: int
    intervals: tuple[int, ...]

    @property
    def pitch_classes(self) -> frozenset[int]:
        """The chord's tones as semitones above the tonic, 0-11."""
        return frozenset((self.root + interval) % 12 for interval in self.intervals)


def parse_chord(symbol: str) -> Chord:
    """The chord of a symbol such as ``Cm9`` or ``Bb7sus4``, written as if the tonic were C.

    >>> parse_chord("Bbmaj7")
    Chord(root=10, intervals=(0, 4, 7, 11))
    """
    root, rest = _LETTERS[symbol[0]], symbol[1:]
    if rest[:1] in ("b", "#"):
        root, rest = root + (1 if rest[0] == "#" else -1), rest[1:]
    return Chord(root=root % 12, intervals=QUALITIES[rest])


def parse_progression(text: str) -> tuple[tuple[Chord, ...], ...]:
    """Bars of chords: a space parts bars, a slash parts the chords that share one bar evenly.

    >>> [len(bar) for bar in parse_progression("Dm7/G7 Cmaj7")]
    [2, 1]
    """
    return tuple(tuple(parse_chord(symbol) for symbol in bar.split("/")) for bar in text.split())


def scale_ladder(tonic: int, scale: str, *, low: int, high: int) -> tuple[int, ...]:
    """All pitches of a scale on ``tonic`` from ``low`` to ``high`` inclusive, ascending."""
    members = frozenset((tonic + step) % 12 for step in SCALES[scale])
    return tuple(pitch for pitch in range(low, high + 1) if pitch % 12 in members)


def place_above(pitch_class: int, low: int) -> int:
    """The lowest pitch of this pitch class that is at or above ``low``."""
    return low + (pitch_class - low) % 12


def voicings(chord: Chord, *, tonic: int, low: int, high: int) -> tuple[tuple[int, ...], ...]:
    """Every inversion of the chord, stacked upwards from each chord tone in the octave above ``low``.

    A voicing that passes ``high`` loses the tones above it; a power chord stays root-fifth-octave.
    """
    if chord.intervals == QUALITIES["5"]:
        base = place_above(tonic + chord.root, low)
        return (tuple(base + step for step in chord.intervals),)
    classes = [(tonic + chord.root + interval) % 12 for interval in chord.intervals]
    found = []
    for turn in range(len(classes)):
        pitches = [place_above(classes[turn], low)]
        for pitch_class in classes[turn + 1 :] + classes[:turn]:
            pitches.append(place_above(pitch_class, pitches[-1] + 1))
        found.append(tuple(pitch for pitch in pitches if pitch <= high) or (pitches[0],))
    return tuple(found)


def voice_lead(previous: tuple[int, ...], chord: Chord, *, tonic: int, low: int, high: int) -> tuple[int, ...]:
    """The voicing of ``chord`` whose tones lie nearest to those of ``previous`` (any, the lowest, if that is empty)."""
    options = voicings(chord, tonic=tonic, low=low, high=high)
    if not previous:
        return min(options, key=lambda voicing: (-len(voicing), voicing))

    def distance(voicing: tuple[int, ...]) -> tuple[int, int, tuple[int, ...]]:
        moved = sum(min(abs(pitch - old) for old in previous) for pitch in voicing)
        return (moved - 3 * len(voicing), sum(voicing), voicing)

    return min(options, key=distance)


def frequency(pitch: float) -> float:
    """Hz of a MIDI pitch in equal temperament, A4 = 440 Hz."""
    return float(440.0 * 2.0 ** ((pitch - 69) / 12))
