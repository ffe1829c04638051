"""Style + voice + seed -> a score: who plays what when. Nothing sounds here; mixdown.py does that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spotistream.demo.melody import melody
from spotistream.demo.patterns import arp_bar, bass_bar, chords_bar, drums_bar
from spotistream.demo.styles import Part, Section, Style
from spotistream.demo.theory import Chord, Note, parse_progression, place_above, voice_lead
from spotistream.demo.voice import Voice

Bars = tuple[tuple[Chord, ...], ...]
Hit = tuple[float, str, float]

SECONDS_WANTED = 21.4


@dataclass(frozen=True)
class Line:
    """What one part plays, notes in order of section, beats from the start of the clip."""

    part: Part
    instrument: str
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Score:
    """A composed clip. beats : length before the tail; hits : (beat, piece, velocity) of the drums;

    arc : (beat, intensity) at each section's start; tonic : pitch class 0-11.
    """

    style: Style
    voice: Voice
    bpm: float
    beats: float
    tonic: int
    minor: bool
    lines: tuple[Line, ...]
    hits: tuple[Hit, ...]
    arc: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Plan:
    """The draws that every part of a clip shares. spans : (section, first bar, bar after the last)."""

    tonic: int
    minor: bool
    scale: str
    bars: Bars
    spans: tuple[tuple[Section, int, int], ...]


def bar_count(bpm: float, beats_per_bar: float) -> int:
    """The even number of bars that comes nearest to ``SECONDS_WANTED`` at this tempo."""
    return max(2, 2 * round(SECONDS_WANTED / (2 * beats_per_bar * 60 / bpm)))


def spans_of(form: tuple[Section, ...], bars: int) -> tuple[tuple[Section, int, int], ...]:
    """The form laid over ``bars``, each section at whole bars; the shortest may vanish from a very slow clip."""
    total = sum(section.share for section in form)
    edges = np.round(np.cumsum([0] + [section.share for section in form]) * bars / total).astype(int)
    laid = zip(form, edges[:-1], edges[1:], strict=True)
    return tuple((section, int(start), int(stop)) for section, start, stop in laid if stop > start)


def compose(style: Style, voice: Voice, *, seed: tuple[int, ...]) -> Score:
    """A clip of ``style`` as this artist would write it. The same arguments give the same score."""
    rng = np.random.default_rng(seed)
    bpm = float(rng.uniform(*voice.bpm))
    beats_per_bar = style.steps / 4
    bars = bar_count(bpm, beats_per_bar)
    plan = _plan(style, voice, rng, bars)
    lines = []
    instruments = dict(voice.instruments)
    for index, part in enumerate(style.parts):
        notes = _part_notes(part, plan, steps=style.steps, seed=(*seed, index))
        if style.ending == "chord":
            notes += _ending(part, plan, beat=bars * beats_per_bar)
        lines.append(Line(part=part, instrument=instruments[part.name], notes=notes))
    return Score(
        style=style,
        voice=voice,
        bpm=bpm,
        beats=bars * beats_per_bar,
        tonic=plan.tonic,
        minor=plan.minor,
        lines=tuple(lines),
        hits=_drums(style, voice, plan, rng),
        arc=tuple((start * beats_per_bar, section.intensity) for section, start, _ in plan.spans),
    )


def _plan(style: Style, voice: Voice, rng: np.random.Generator, bars: int) -> Plan:
    minor = bool(rng.random() < voice.minor_share) if style.major and style.minor else bool(style.minor)
    choices = voice.minor if minor else voice.major
    drawn = [parse_progression(choices[i]) for i in rng.permutation(len(choices))[:2]]
    themes = {"A": drawn[0], "B": drawn[-1]}
    form = style.forms[rng.integers(len(style.forms))]
    spans = spans_of(form, bars)
    if style.ending == "fade":
        last, start, stop = spans[-1]
        spans = (*spans[:-1], (last, start, stop + 1))
    sequence: list[tuple[Chord, ...]] = []
    for section, start, stop in spans:
        progression = themes[section.theme]
        sequence.extend(progression[bar % len(progression)] for bar in range(start, stop))
    return Plan(
        tonic=int(rng.integers(12)),
        minor=minor,
        scale=style.minor_scale if minor else style.major_scale,
        bars=tuple(sequence),
        spans=spans,
    )


def _part_notes(part: Part, plan: Plan, *, steps: int, seed: tuple[int, ...]) -> tuple[Note, ...]:
    """All notes of a part. Theme B gets another pattern than A where the part has two."""
    rng = np.random.default_rng(seed)
    order = [part.patterns[i] for i in rng.permutation(len(part.patterns))]
    patterns = {"A": order[0], "B": order[1 % len(order)]}
    voicing: tuple[int, ...] = ()
    notes: list[Note] = []
    for section, start, stop in plan.spans:
        if part.name not in section.parts:
            continue
        loud = 0.55 + 0.45 * section.intensity
        if part.kind == "melody":
            theme = (*seed, 1 + "AB".index(section.theme))
            rhythms = tuple(order[:3]) if section.theme == "A" else tuple(order[1:4]) or tuple(order)
            tune = melody(
                plan.bars[start:stop],
                rhythms=rhythms,
                tonic=plan.tonic,
                scale=plan.scale,
                low=part.low,
                high=part.high,
                seed=theme,
            )
            notes.extend(_moved(tune, start * steps / 4, loud))
            continue
        for bar in range(start, stop):
            varied = (bar - start) % 4 == 3 and part.kind == "bass"
            pattern = order[2 % len(order)] if varied else patterns[section.theme]
            played, voicing = _bar_notes(part, pattern, plan, bar, voicing)
            notes.extend(_moved(played, bar * steps / 4, loud))
    return tuple(notes)


def _bar_notes(
    part: Part, pattern: str, plan: Plan, bar: int, voicing: tuple[int, ...]
) -> tuple[tuple[Note, ...], tuple[int, ...]]:
    """One bar of a part that follows the chords, and the voicing it ends on."""
    chords = plan.bars[bar]
    if part.kind == "bass":
        following = plan.bars[min(bar + 1, len(plan.bars) - 1)][0]
        return bass_bar(pattern, chords, following, tonic=plan.tonic, low=part.low, high=part.high), voicing
    found = []
    for chord in chords:
        voicing = voice_lead(voicing, chord, tonic=plan.tonic, low=part.low, high=part.high)
        found.append(voicing)
    if part.kind == "chords":
        return chords_bar(pattern, tuple(found)), voicing
    roots = tuple(place_above(plan.tonic + chord.root, part.low - 12) for chord in chords)
    return arp_bar(pattern, tuple(found), roots), voicing


def _moved(notes: tuple[Note, ...], beat: float, loud: float) -> list[Note]:
    return [note._replace(beat=note.beat + beat, velocity=min(1.0, note.velocity * loud)) for note in notes]


def _ending(part: Part, plan: Plan, *, beat: float) -> tuple[Note, ...]:
    """The last sound of a part that plays in the last section: its share of the tonic chord, held."""
    if part.name not in plan.spans[-1][0].parts:
        return ()
    third = 3 if plan.minor else 4
    if part.kind in ("melody", "bass"):
        middle = (part.low + part.high) // 2 if part.kind == "melody" else part.low
        pitches: tuple[int, ...] = (place_above(plan.tonic, middle),)
    else:
        intervals = (0, 7, 12) if plan.bars[0][0].intervals == (0, 7, 12) else (0, third, 7)
        pitches = voice_lead((), Chord(root=0, intervals=intervals), tonic=plan.tonic, low=part.low, high=part.high)
    return tuple(Note(beat=beat + 0.04 * i, beats=3.0, pitch=pitch, velocity=0.8) for i, pitch in enumerate(pitches))


def _drums(style: Style, voice: Voice, plan: Plan, rng: np.random.Generator) -> tuple[Hit, ...]:
    """The drums: a groove a theme, a fill before each change, cymbals where a loud section starts."""
    if not style.grooves:
        return ()
    chosen = [style.grooves[voice.grooves[i]] for i in rng.permutation(len(voice.grooves))]
    per_theme = {"A": chosen[0], "B": chosen[-1]}
    hits: list[Hit] = []
    for section, start, stop in plan.spans:
        if "drums" not in section.parts:
            continue
        groove = per_theme[section.theme]
        loud = 0.6 + 0.4 * section.intensity
        for bar in range(start, stop):
            filling = bar == stop - 1 and stop - start > 1
            quiet = section.intensity < 0.6 and bar == start
            lines = groove.fill if filling else groove.lines[:1] if quiet and len(plan.spans) > 1 else groove.lines
            at = bar * style.steps / 4
            hits.extend((at + beat, piece, velocity * loud) for beat, piece, velocity in drums_bar(lines))
        if style.crashes and section.intensity > 0.75:
            hits.append((start * style.steps / 4, "crash", 0.5))
    if style.ending == "chord" and "drums" in plan.spans[-1][0].parts:
        end = plan.spans[-1][2] * style.steps / 4
        hits.extend([(end, "kick", 0.9)] + ([(end, "crash", 0.6)] if style.crashes else []))
    return tuple(hits)
