"""Topics of music on the home page and on pages of their own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from player_fakes import MemoryStore, track

from dashboard import links
from dashboard.components.topics import mosaic, tracks_in_words
from dashboard.pages.router import page
from spotistream.config import Config, load_config
from spotistream.serving.topics import TopicTile, TopicView
from spotistream.serving.views import PopularTracks, Scored

TECHNO, PART, JAZZ = (
    TopicTile("4", "Fast techno", 1200, ("demo:1",)),
    TopicTile("4.2", "Darker", 300),
    TopicTile("5", "Jazz", 1),
)


@pytest.fixture(scope="module")
def config() -> Config:
    return load_config(environ={})


@pytest.fixture
def store() -> MemoryStore:
    topics = [
        TopicView(
            TECHNO, "Techno (90%).", parts=(PART,), nearest=(JAZZ,), typical=("demo:2",), tempo=140.0,
        ),
        TopicView(PART, parent=TECHNO),
        TopicView(JAZZ),
    ]  # fmt: skip
    found = MemoryStore([track(1), track(2), track(3, playable=False)], popular=["demo:1"], topics=topics)
    found.popular_of_topics["4"] = PopularTracks((Scored("demo:1", 1.0), Scored("demo:3", 0.5)), "topics-1")
    return found


def text(component: Any) -> str:
    return json.dumps(component, default=lambda part: part.to_plotly_json())


def test_home_has_a_tile_for_each_topic_and_none_for_parts(store: MemoryStore, config: Config) -> None:
    shown = text(page(store, config, "/"))
    assert "Fast techno" in shown and "1,200 tracks" in shown and '"/topic/4"' in shown
    assert "Jazz" in shown
    assert "Darker" not in shown


def test_home_without_topics_has_no_shelf_of_them(config: Config) -> None:
    assert "Topics" not in text(page(MemoryStore([track(1)], popular=["demo:1"]), config, "/"))


def test_topic_page_shows_what_is_popular_typical_inside_and_near(store: MemoryStore, config: Config) -> None:
    shown = text(page(store, config, "/topic/4"))
    for words in ("Fast techno", "Techno (90%).", "140 bpm", "Popular here", "Song 1", "Typical of it", "Song 2",
                  "Darker", '"/topic/4.2"', "Jazz", '"/topic/5"'):  # fmt: skip
        assert words in shown
    assert "Song 3" not in shown
    assert '"data-model": "topics-1"' in shown


def test_before_anybody_played_the_tracks_are_those_of_the_topic(store: MemoryStore, config: Config) -> None:
    store.popular_of_topics["4"] = PopularTracks((Scored("demo:2", 0.0),), "topics-1")
    shown = text(page(store, config, "/topic/4"))
    assert "From this topic" in shown
    assert "Popular here" not in shown and "simulated" not in shown


def test_the_page_of_a_part_leads_to_its_topic_and_has_nothing_to_play_where_nothing_can_be(
    store: MemoryStore, config: Config
) -> None:
    shown = text(page(store, config, "/topic/4.2"))
    assert "Part of Fast techno" in shown
    assert "data-playshelf" not in shown


@pytest.mark.parametrize("pathname", ["/topic/9", "/topic/current", "/topic/..%2F4", "/topic/4.2.1"])
def test_a_topic_that_is_not_there_is_told_kindly(store: MemoryStore, config: Config, pathname: str) -> None:
    assert "This topic is not here" in text(page(store, config, pathname))


def test_a_store_that_is_away_is_told_kindly(store: MemoryStore, config: Config) -> None:
    store.away = True
    assert "taking a break" in text(page(store, config, "/topic/4"))


def test_an_address_names_its_topic() -> None:
    assert links.topic_of_page(links.topic_page("4.2")) == "4.2"
    assert links.topic_of_page("/topic/") is None
    assert links.topic_of_page("/track/4") is None


@pytest.mark.parametrize(("covers", "pictures"), [(0, 0), (1, 1), (3, 1), (4, 4), (6, 4)])
def test_a_mosaic_is_of_four_covers_or_of_one(covers: int, pictures: int) -> None:
    assert len(mosaic([f"demo:{number}" for number in range(covers)]).children) == pictures


def test_one_track_is_not_tracks() -> None:
    assert [tracks_in_words(size) for size in (1, 2, 1200)] == ["1 track", "2 tracks", "1,200 tracks"]
