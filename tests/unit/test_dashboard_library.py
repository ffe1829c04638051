"""What the library shows of times and lengths, and what a newcomer is offered to choose from."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from player_fakes import MemoryStore, track

from dashboard.moments import ago, together
from dashboard.pages.kept import kept_page
from dashboard.pages.welcome import SEEDS, welcome_page
from spotistream.config import load_config
from spotistream.serving.topics import TopicTile, TopicView

NOW_MS = 1_772_366_400_000
"""1 March 2026, noon, UTC."""
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (-5_000, "just now"),
        (59_999, "just now"),
        (MINUTE, "1 minute ago"),
        (59 * MINUTE, "59 minutes ago"),
        (HOUR, "1 hour ago"),
        (23 * HOUR, "23 hours ago"),
        (DAY, "yesterday"),
        (6 * DAY, "6 days ago"),
        (7 * DAY, "22 Feb 2026"),
    ],
)
def test_how_long_ago_in_words(before: int, words: str) -> None:
    assert ago(NOW_MS - before, now_ms=NOW_MS) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(20, "1 minute"), (150, "2 minutes"), (3600, "1 h"), (7505, "2 h 5 min")]
)
def test_how_long_together_in_words(seconds: float, words: str) -> None:
    assert together(seconds) == words


def text(component: Any) -> str:
    return json.dumps(component.to_plotly_json(), default=lambda each: each.to_plotly_json())


def test_a_newcomer_chooses_among_topics_and_popular_tracks_that_can_be_played(tmp_path: Path) -> None:
    tracks = [track(number, playable=number != 2) for number in range(1, 8)]
    topic = TopicView(TopicTile("4", "Calm folk", 3), typical=tuple(f"demo:{number}" for number in (1, 2, 3, 4, 5)))
    silent = TopicView(TopicTile("5", "Silent", 1), typical=("demo:2", "demo:99"))
    store = MemoryStore(tracks, popular=["demo:6", "demo:2", "demo:7"], topics=[topic, silent])

    shown = text(welcome_page(store, load_config(home=tmp_path, environ={})))  # type: ignore[arg-type]

    assert re.findall(r'"data-pick": "([^"]*)"', shown) == ["demo:1 demo:3 demo:4", "demo:6", "demo:7"]
    assert SEEDS == 3
    assert "No music yet" in text(welcome_page(MemoryStore(), load_config(home=tmp_path, environ={})))  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["/playlist/1", "/playlist/..%2Fx", "/playlist/" + "x" * 36])
def test_an_address_that_is_no_playlist_says_so(path: str) -> None:
    assert "This playlist is not here" in text(kept_page(path))


def test_other_addresses_are_other_pages() -> None:
    assert kept_page("/libraries") is None
    assert kept_page("/playlist/") is None
    assert "Tracks you like" in text(kept_page("/library/likes"))
