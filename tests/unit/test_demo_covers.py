"""Covers and names of the demo catalogue."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from spotistream.demo.covers import LOOKS, draw_cover
from spotistream.demo.genres import STYLES
from spotistream.demo.lexicon import LEXICONS
from spotistream.demo.names import artist_names, titles
from spotistream.demo.palette import oklch
from spotistream.demo.planning import file_name, plan_tracks

NAMES = [style.name for style in STYLES]


def test_every_style_has_words_and_a_look() -> None:
    assert set(NAMES) == set(LEXICONS) == set(LOOKS)


@pytest.mark.parametrize("style", NAMES)
def test_cover_is_a_square_with_many_colours_and_repeats_by_seed(style: str) -> None:
    first = draw_cover(style, seed=(1, 2), artist="An Artist", title="A Title")
    again = draw_cover(style, seed=(1, 2), artist="An Artist", title="A Title")
    other = draw_cover(style, seed=(1, 3), artist="An Artist", title="A Title")
    assert first.size == (512, 512) and first.mode == "RGB"
    assert first.tobytes() == again.tobytes()
    assert np.abs(np.asarray(first, dtype=int) - np.asarray(other, dtype=int)).mean() > 5


def test_cover_letters_can_be_left_out() -> None:
    bare = draw_cover("House", seed=(1,), artist="A", title="B", lettering=False)
    assert bare.tobytes() != draw_cover("House", seed=(1,), artist="A", title="B").tobytes()


def test_white_and_black_of_oklch() -> None:
    assert oklch(1.0, 0.0, 0.0) == (255, 255, 255)
    assert oklch(0.0, 0.0, 0.0) == (0, 0, 0)


def test_artists_of_different_styles_never_share_a_name() -> None:
    names = [name for index, style in enumerate(NAMES) for name in islice(artist_names(style, seed=(7, index)), 8)]
    assert len(set(names)) == len(names) == 8 * len(NAMES)


def test_titles_of_a_style_do_not_repeat() -> None:
    drawn = list(islice(titles("Jazz", seed=(7,)), 120))
    assert len(set(drawn)) == 120


def test_file_name_has_nothing_a_system_forbids() -> None:
    assert file_name('A/B: "C"? ') == "A-B- -C--"


def test_longer_plan_starts_with_the_shorter() -> None:
    assert plan_tracks(60, seed=3)[:25] == plan_tracks(25, seed=3)


def test_plan_of_240_has_distinct_files_all_styles_and_albums_of_three_to_five() -> None:
    tracks = plan_tracks(240, seed=7)
    assert len({track.path for track in tracks}) == 240
    counts = np.bincount([track.album.style for track in tracks], minlength=len(NAMES))
    assert counts.min() >= 18
    assert max(track.number for track in tracks) <= 5
    assert 35 <= len({track.album.artist for track in tracks}) <= 70


def test_another_seed_gives_another_plan() -> None:
    assert {t.path for t in plan_tracks(26, seed=1)} != {t.path for t in plan_tracks(26, seed=2)}
