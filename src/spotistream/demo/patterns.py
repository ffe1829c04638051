"""Patterns played over chords: each function turns one bar of pattern into notes. See styles.py for the symbols."""

from __future__ import annotations

from spotistream.demo.melody import pattern_hits
from spotistream.demo.theory import Chord, Note, place_above

ACCENT = {"X": 1.0, "x": 0.8, "o": 0.5, "d": 0.85, "u": 0.65}
STRUM_BEATS = 0.035


def chord_at(chords: tuple[Chord, ...], step: int, steps: int) -> Chord:
    """The chord that sounds at ``step`` of a bar of ``steps``."""
    return chords[step * len(chords) // steps]


def bass_bar(
    pattern: str, chords: tuple[Chord, ...], following: Chord, *, tonic: int, low: int, high: int
) -> tuple[Note, ...]:
    """A bar of bass, beats from the bar's start; ``following`` : the next bar's first chord, for approach notes."""
    notes = []
    steps = len(pattern)
    for step, beats, symbol in pattern_hits(pattern, "r358a"):
        chord = chord_at(chords, step, steps)
        root = place_above(tonic + chord.root, low)
        third = chord.intervals[1] if chord.intervals[1] in (3, 4) else 12
        fifth = 6 if 6 in chord.intervals else 7
        pitch = root + {"r": 0, "3": third, "5": fifth, "8": 12, "a": 0}[symbol]
        if symbol == "a":
            target = place_above(tonic + following.root, low)
            pitch = target - 1 if target > root else target + 1
        while pitch > high:
            pitch -= 12
        notes.append(Note(beat=step / 4, beats=beats, pitch=pitch, velocity=0.92 if step % 8 == 0 else 0.8))
    return tuple(notes)


def chords_bar(pattern: str, voicings: tuple[tuple[int, ...], ...]) -> tuple[Note, ...]:
    """A bar of chords. voicings : the pitches of each chord of the bar; strums roll from low to high or back."""
    notes: list[Note] = []
    steps = len(pattern)
    for step, beats, symbol in pattern_hits(pattern, "xXodu"):
        voicing = voicings[step * len(voicings) // steps]
        ordered = voicing[::-1] if symbol == "u" else voicing
        roll = STRUM_BEATS if symbol in "du" else 0.0
        notes.extend(
            Note(beat=step / 4 + i * roll, beats=beats, pitch=pitch, velocity=ACCENT[symbol])
            for i, pitch in enumerate(ordered)
        )
    if "-" not in pattern or len(voicings) == 1:
        return tuple(notes)
    return _held_changes(pattern, voicings, notes)


def _held_changes(pattern: str, voicings: tuple[tuple[int, ...], ...], notes: list[Note]) -> tuple[Note, ...]:
    """A chord held across a change of harmony is struck again with the new harmony."""
    span = len(pattern) / 4 / len(voicings)
    changed = []
    for note in notes:
        first = int(note.beat / span + 1e-6)
        end = (first + 1) * span
        if note.beat + note.beats <= end + 0.1:
            changed.append(note)
            continue
        changed.append(note._replace(beats=end - note.beat))
        if note.pitch == max(voicings[first]):
            for later in range(first + 1, len(voicings)):
                held = min(span, note.beat + note.beats - later * span)
                if held > 0.1:
                    changed.extend(
                        Note(beat=later * span, beats=held, pitch=pitch, velocity=note.velocity)
                        for pitch in voicings[later]
                    )
    return tuple(changed)


def arp_bar(pattern: str, voicings: tuple[tuple[int, ...], ...], roots: tuple[int, ...]) -> tuple[Note, ...]:
    """A bar of broken chords. roots : the pitch that ``b`` stands for, one for each voicing."""
    notes = []
    steps = len(pattern)
    for step, beats, symbol in pattern_hits(pattern, "01234567b"):
        which = step * len(voicings) // steps
        voicing = voicings[which]
        if symbol == "b":
            pitch = roots[which]
        else:
            octave, tone = divmod(int(symbol), len(voicing))
            pitch = voicing[tone] + 12 * octave
        notes.append(Note(beat=step / 4, beats=beats, pitch=pitch, velocity=0.9 if step % 4 == 0 else 0.72))
    return tuple(notes)


def drums_bar(lines: tuple[tuple[str, str], ...]) -> tuple[tuple[float, str, float], ...]:
    """(beat, piece, velocity) of one bar of drums."""
    return tuple(
        (step / 4, piece, {"X": 1.0, "x": 0.75, "o": 0.4}[symbol])
        for piece, pattern in lines
        for step, symbol in enumerate(pattern)
        if symbol != "."
    )
