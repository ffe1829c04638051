"""What the page of a track shows of its sound, and what it does not."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from player_fakes import MemoryStore, track

from dashboard import links
from dashboard.components.waveform import BARS, outline
from dashboard.pages.track import track_page
from spotistream.serving.topics import TopicPlace, TopicTile, TopicView

PEAKS = bytes(number // 2 for number in range(512))
SOUND = {"waveform": PEAKS, "waveform_start_s": 0.0, "waveform_end_s": 187.0, "spectrogram_path": "/p/ab.webp"}
SVG = "{http://www.w3.org/2000/svg}"


def shown(**values: Any) -> str:
    return written(MemoryStore([track(1, **values)]))


def written(store: MemoryStore) -> str:
    return json.dumps(track_page(store, "demo:1", analysed_s=120.0), default=lambda part: part.to_plotly_json())


def test_pictures_of_the_sound_have_names_and_a_fixed_size() -> None:
    page = shown(**SOUND)
    assert '"aria-label": "Waveform of Song 1"' in page
    assert '"data-lazy": "/spectrogram/demo:1"' in page
    assert '"alt": "Spectrogram of Song 1: loudness of each pitch over time"' in page
    assert '"height": "128"' in page
    assert '"width": "480"' in page
    assert '"data-end": "187"' in page
    assert "3:07" in page


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"waveform": PEAKS},
        {"waveform": b"", "waveform_start_s": 0.0, "waveform_end_s": 9.0},
        {"waveform": PEAKS, "waveform_start_s": 9.0, "waveform_end_s": 9.0},
        {**SOUND, "spectrogram_path": None, "playable": False},
    ],
)
def test_a_track_without_a_waveform_has_no_section_for_it(values: dict[str, Any]) -> None:
    assert "waveform" not in shown(**values)
    assert "sound-heading" not in shown(**values)


@pytest.mark.parametrize(("duration_s", "is_part"), [(None, False), (120.4, False), (187.0, True)])
def test_spectrogram_of_a_long_track_says_which_part_it_shows(duration_s: float | None, is_part: bool) -> None:
    assert ("The middle 2:00 of the track." in shown(**SOUND, duration_s=duration_s)) is is_part


def test_a_track_without_audio_shows_its_spectrogram_alone() -> None:
    page = shown(**SOUND, playable=False)
    assert "spectrogram-picture" in page
    assert "waveform-picture" not in page


def test_outline_has_a_bar_for_each_part_as_high_as_its_peak() -> None:
    picture = ElementTree.fromstring(unquote(outline(PEAKS).partition(",")[2]))  # noqa: S314 - our own drawing
    (path,) = picture.findall(f"{SVG}path")
    bars = path.attrib["d"].split("M")[1:]
    assert len(bars) == BARS
    assert bars[0] == "0 490h6.6V510h-6.6z", "silence is a thin line"
    assert bars[-1] == "1270 0h6.6V1000h-6.6z"


def test_a_short_outline_has_as_many_bars_as_parts() -> None:
    assert unquote(outline(b"\xff\x00")).count("M") == 2


def test_loudness_plays_licence_and_source_are_told() -> None:
    page = shown(
        loudness_lufs=-14.23,
        play_count=12_345,
        source_url="https://www.freemusicarchive.org/a?b=1",
        licence="CC BY 4.0",
    )
    assert '"strong"' in page
    assert '"\\u221214.2 LUFS"' in page
    assert '"12,345"' in page
    assert '"CC BY 4.0"' in page
    assert '"href": "https://www.freemusicarchive.org/a?b=1"' in page
    assert '"children": "freemusicarchive.org"' in page
    assert '"rel": "noopener noreferrer"' in page


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "ftp://x.example/y",
        "https://",
        "http://[",
        " ",
        None,
    ],
)
def test_only_pages_of_the_web_are_linked(address: str | None) -> None:
    assert links.web_page(address) is None
    assert '"Source"' not in shown(source_url=address, play_count=3)
    assert '"Plays there"' not in shown(source_url=address, play_count=3)


def test_a_licence_that_is_an_address_is_a_link() -> None:
    page = shown(licence="https://creativecommons.org/licenses/by/4.0/")
    assert '"href": "https://creativecommons.org/licenses/by/4.0/"' in page
    assert '"not stated"' in shown()


def test_an_address_is_named_by_its_site() -> None:
    assert links.site("https://www.example.org:8080/a") == "example.org"


@pytest.mark.parametrize(
    ("part", "named"), [("7.1", ["Slow folk", "Darker"]), (None, ["Slow folk"]), ("7.9", ["Slow folk"])]
)
def test_topic_of_the_track_and_the_part_of_it_are_links(part: str | None, named: list[str]) -> None:
    topic = TopicView(
        TopicTile("7", "Slow folk", 9), parts=(TopicTile("7.1", "Darker", 4), TopicTile("7.2", "Fast", 5))
    )
    store = MemoryStore([track(1)], topics=[topic])
    assert "/topic/" not in written(store)
    store.places = {"demo:1": TopicPlace("7", part)}
    assert re.findall(r'"children": "([^"]*)", "href": "/topic/', written(store)) == named
    store.places = {"demo:1": TopicPlace("8")}
    assert "/topic/" not in written(store)
