"""Numbers in words, covers by code, addresses that escape."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from player_fakes import track

from dashboard import links
from dashboard.artwork import cover_svg
from dashboard.words import Feature, duration, features


def test_features_are_said_in_words_and_unknown_ones_left_out() -> None:
    found = features(track(1, tempo=90.0, brightness=None, energy=0.4))

    assert found == (
        Feature("Tempo", "relaxed", "90 bpm", 0.5),
        Feature("Energy", "loud", "0.40 RMS", 1.0),
    )


@pytest.mark.parametrize(
    ("seconds", "text"), [(None, ""), (0.4, "0:00"), (59.6, "1:00"), (187.0, "3:07"), (3725.0, "1:02:05")]
)
def test_durations(seconds: float | None, text: str) -> None:
    assert duration(seconds) == text


def test_drawn_cover_is_the_same_each_time_and_differs_between_tracks() -> None:
    covers = {cover_svg(f"demo:{number}") for number in range(50)}

    assert cover_svg("demo:1") == cover_svg("demo:1")
    assert len(covers) == 50
    for svg in covers:
        ElementTree.fromstring(svg)  # noqa: S314 - our own drawing


def test_drawn_cover_holds_nothing_of_the_id() -> None:
    assert "<script" not in cover_svg("demo:<script>alert(1)</script>")


def test_address_of_a_track_leads_back_to_it() -> None:
    assert links.track_of_page(links.track_page("file:a/b ü?#")) == "file:a/b ü?#"
    assert links.track_of_page("/track/") is None
    assert links.track_of_page("/elsewhere") is None


@pytest.mark.parametrize(
    ("lufs", "expected"),
    [
        (-40.0, Feature("Loudness", "soft", "−40.0 LUFS", 0.0)),
        (-21.0, Feature("Loudness", "moderate", "−21.0 LUFS", 0.5)),
        (-14.0, Feature("Loudness", "strong", "−14.0 LUFS", 0.733)),
        (-4.0, Feature("Loudness", "intense", "−4.0 LUFS", 1.0)),
    ],
)
def test_loudness_is_said_in_words(lufs: float, expected: Feature) -> None:
    assert features(track(1, loudness_lufs=lufs)) == (expected,)
