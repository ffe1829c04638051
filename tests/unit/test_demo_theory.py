"""Scales, chords, patterns and melodies of the demo catalogue."""

from __future__ import annotations

import pytest

from spotistream.demo.composer import compose, spans_of
from spotistream.demo.drums import KITS
from spotistream.demo.genres import STYLES
from spotistream.demo.instruments import INSTRUMENTS
from spotistream.demo.melody import melody, pattern_hits
from spotistream.demo.patterns import arp_bar, bass_bar, chords_bar
from spotistream.demo.styles import Style, sections
from spotistream.demo.theory import (
    SCALES,
    Chord,
    Note,
    frequency,
    parse_chord,
    parse_progression,
    scale_ladder,
    voice_lead,
)
from spotistream.demo.voice import artist_voice


def test_chord_symbol_gives_root_and_intervals() -> None:
    assert parse_chord("Ebmaj7") == Chord(root=3, intervals=(0, 4, 7, 11))


def test_slash_shares_a_bar() -> None:
    assert [[chord.root for chord in bar] for bar in parse_progression("Dm7/G7 C")] == [[2, 7], [0]]


def test_ladder_of_a_minor_pentatonic() -> None:
    assert scale_ladder(9, "minor pentatonic", low=57, high=69) == (57, 60, 62, 64, 67, 69)


def test_a440() -> None:
    assert frequency(69) == 440.0


def test_voice_leading_keeps_common_tones() -> None:
    c_major = voice_lead((), parse_chord("C"), tonic=0, low=48, high=72)
    assert c_major == (48, 52, 55)
    assert voice_lead(c_major, parse_chord("Am"), tonic=0, low=48, high=72) == (48, 52, 57)


def test_bass_approaches_the_next_root_by_a_semitone() -> None:
    c, f = parse_chord("C"), parse_chord("F")
    notes = bass_bar("r---5---3---a---", (c,), f, tonic=0, low=36, high=60)
    assert [note.pitch for note in notes] == [36, 43, 40, 40]


def test_up_strum_starts_at_the_top() -> None:
    assert [note.pitch for note in chords_bar("u", ((60, 64, 67),))] == [67, 64, 60]


def test_held_chord_changes_with_the_harmony() -> None:
    notes = chords_bar("x---", ((60,), (62,)))
    assert notes == (Note(0.0, 0.5, 60, 0.8), Note(0.5, 0.5, 62, 0.8))


def test_arp_climbs_into_the_next_octave() -> None:
    assert [note.pitch for note in arp_bar("b013", ((60, 64, 67),), (48,))] == [48, 60, 64, 72]


def test_hold_lengthens_a_hit() -> None:
    assert pattern_hits("x--.x", "x") == ((0, 0.75, "x"), (4, 0.25, "x"))


def test_melody_stays_in_scale_and_range_and_meets_the_chord_on_beats() -> None:
    bars = parse_progression("C Am F G")
    notes = melody(bars, rhythms=("x-x-x-x-x-x-x-x-",), tonic=2, scale="major", low=60, high=80, seed=(1,))
    assert len(notes) == 32
    assert all(60 <= note.pitch <= 80 and (note.pitch - 2) % 12 in SCALES["major"] for note in notes)
    on_beat = [note for note in notes if note.beat % 1 == 0]
    assert all((note.pitch - 2) % 12 in bars[int(note.beat // 4)][0].pitch_classes for note in on_beat)


def test_form_fills_all_bars_in_order() -> None:
    form = sections("intro 1 A 0.5 pad\nverse 3 A 1.0 pad\nend 4 B 1.0 pad")
    assert [(section.name, start, stop) for section, start, stop in spans_of(form, 16)] == [
        ("intro", 0, 2),
        ("verse", 2, 8),
        ("end", 8, 16),
    ]


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_style_names_only_what_exists(style: Style) -> None:
    names = {part.name for part in style.parts} | ({"drums"} if style.grooves else set())
    assert all(set(section.parts) <= names for form in style.forms for section in form)
    assert all(instrument in INSTRUMENTS for part in style.parts for instrument in part.instruments)
    assert all(kit in KITS for kit in style.kits)
    assert all(len(pattern) == style.steps for part in style.parts for pattern in part.patterns)
    assert all(len(pattern) == style.steps for groove in style.grooves for _, pattern in (*groove.lines, *groove.fill))
    assert all(parse_progression(text) for text in (*style.major, *style.minor))


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_song_has_several_sections_parts_and_chords(style: Style) -> None:
    score = compose(style, artist_voice(style, seed=(1,)), seed=(2,))
    playing = [line for line in score.lines if line.notes]
    assert len(score.arc) >= 3
    assert len(playing) >= 3
    assert len({note.pitch % 12 for line in playing for note in line.notes}) >= 4
    assert bool(score.hits) == bool(style.grooves) or style.name == "Folk"


def test_same_seed_same_score_and_another_seed_another() -> None:
    style = STYLES[0]
    voice = artist_voice(style, seed=(1,))
    assert compose(style, voice, seed=(2,)) == compose(style, voice, seed=(2,))
    assert compose(style, voice, seed=(2,)) != compose(style, voice, seed=(3,))


def test_artists_of_a_style_differ() -> None:
    voices = {artist_voice(STYLES[0], seed=(7, number)) for number in range(6)}
    assert len({round(voice.bpm[0]) for voice in voices}) >= 3
    assert len({voice.instruments for voice in voices}) >= 4
