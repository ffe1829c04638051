"""Each address shows its page, in every state of the store."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from player_fakes import KAFKA, MemoryPublisher, MemoryStore, track
from starlette.testclient import TestClient

from dashboard import ids
from dashboard.app import create_app
from dashboard.callbacks.for_you import offered, recent
from dashboard.callbacks.listener import suggested
from dashboard.components.cards import for_you_section
from dashboard.pages.router import page
from spotistream.config import Config, load_config
from spotistream.serving.live import RecommendationFeed
from spotistream.serving.views import Scored, SimilarTracks, TrendingTracks, recommendations_view

ASSETS = Path(__file__).resolve().parents[2] / "dashboard" / "assets"
SPOKEN = {
    "version": 1,
    "model_version": "m1",
    "caused_by": {"event_id": "e", "track_id": "demo:1", "action": "play", "event_time": None},
    "recommendations": [
        {"rank": 1, "track_id": "demo:2", "score": 1.0, "reason": {"code": "sounds_like", "track_id": "demo:1"}}
    ],
}


@pytest.fixture(scope="module")
def config() -> Config:
    return load_config(environ={})


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore(
        [track(1), track(2, tempo=120.0), track(3, playable=False)],
        popular=["demo:1", "demo:2", "demo:3"],
        recommendations={"maya": SPOKEN, "sim-001": SPOKEN},
        similar={"demo:1": SimilarTracks((Scored("demo:2", 0.9), Scored("demo:3", 0.8)), ())},
    )


def text(component: Any) -> str:
    return json.dumps(component, default=lambda part: part.to_plotly_json())


def test_home_shows_popular_tracks_that_can_be_played_and_labels_the_simulation(
    store: MemoryStore, config: Config
) -> None:
    shown_page = text(page(store, config, "/"))

    assert "Song 1" in shown_page
    assert "Song 3" not in shown_page
    assert "simulated ones included" in shown_page


@pytest.mark.parametrize(
    ("tracks", "hours_ago", "shown"),
    [
        (("demo:2", "demo:3"), 1.0, ["Song 2"]),
        (("demo:2",), 25.0, []),
        (("demo:3",), 1.0, []),
        ((), None, []),
    ],
)
def test_home_shows_what_rises_today_and_nothing_where_nothing_does(
    store: MemoryStore, config: Config, tracks: tuple[str, ...], hours_ago: float | None, shown: list[str]
) -> None:
    ended = None if hours_ago is None else datetime.now(UTC) - timedelta(hours=hours_ago)
    store.rising = TrendingTracks(tuple(Scored(each, 1.0) for each in tracks), ended)
    shelves = [part for part in page(store, config, "/").children if getattr(part, "data-shelf", None) == "trending"]
    assert [re.findall(r'"data-title": "([^"]+)"', text(part)) for part in shelves] == ([shown] if shown else [])


def test_home_without_music_says_what_to_do(config: Config) -> None:
    assert "No music yet" in text(page(MemoryStore(), config, "/"))


def test_track_page_shows_the_track_and_its_playable_neighbours(store: MemoryStore, config: Config) -> None:
    shown_page = text(page(store, config, "/track/demo:1"))

    assert "Sounds like Song 1" in shown_page
    assert "Song 2" in shown_page
    assert "Song 3" not in shown_page
    assert "Liked by listeners" not in shown_page


@pytest.mark.parametrize(
    ("pathname", "heading"),
    [
        ("/track/demo:99", "This track is not here"),
        ("/track/..%2F..%2Fetc%2Fpasswd", "This track is not here"),
        ("/nowhere", "This page does not exist"),
    ],
)
def test_wrong_addresses_are_told_kindly(store: MemoryStore, config: Config, pathname: str, heading: str) -> None:
    assert heading in text(page(store, config, pathname))


def test_store_that_is_away_is_told_kindly_everywhere(store: MemoryStore, config: Config) -> None:
    feed = RecommendationFeed(KAFKA)
    before = offered(store, feed, config, "maya")
    store.away = True

    assert "taking a break" in text(page(store, config, "/"))
    assert "taking a break" in text(page(store, config, "/track/demo:1"))
    assert "cannot be read just now" in text(for_you_section(offered(store, feed, config, "maya")))
    assert "Song 1" in text(for_you_section(offered(store, feed, config, "maya", before)))
    assert "Song 1" not in text(for_you_section(offered(store, feed, config, "noor", before)))
    assert suggested(store, "ma") == []
    assert recent(store, ["demo:1"]) is None


def test_for_you_says_what_changed_it_and_why_each_track(store: MemoryStore, config: Config) -> None:
    section = text(for_you_section(offered(store, RecommendationFeed(KAFKA), config, "maya")))

    assert "you just played Song 1" in section
    assert "sounds like Song 1" in section


def test_newcomer_is_told_what_to_do(store: MemoryStore, config: Config) -> None:
    section = text(for_you_section(offered(store, RecommendationFeed(KAFKA), config, "newcomer")))

    assert "Choose what you like" in section
    assert "popular right now" in section


def test_pushed_table_is_shown_though_the_store_is_behind(store: MemoryStore, config: Config) -> None:
    class Ahead(RecommendationFeed):
        def newest(self, user_id: str) -> Any:
            return recommendations_view(user_id, {**SPOKEN, "version": 2, "caused_by": None})

    assert offered(store, Ahead(KAFKA), config, "maya")["version"] == 2


def test_simulated_listeners_are_labelled(store: MemoryStore) -> None:
    maya, simulated = suggested(store, "")

    assert "simulation" not in text(maya)
    assert "simulation" in text(simulated)


def test_scripts_name_only_ids_that_exist(store: MemoryStore, config: Config) -> None:
    app = create_app(store, MemoryPublisher(), RecommendationFeed(KAFKA), config)
    known = set(re.findall(r'"id": "([^"]+)"', text(app.layout)))
    known |= {ids.FOR_YOU, ids.PLAYLIST_ROWS, ids.PLAYLIST_SAID, ids.WELCOME_COUNT, ids.MAP, ids.MAP_CANVAS}
    named = set()
    for script in ASSETS.glob("*.js"):
        named |= set(re.findall(r'(?:byId|setProps|click)\("([^"]+)"', script.read_text(encoding="utf-8")))

    assert named
    assert named <= known


def test_page_that_is_asked_for_first_has_its_styles_and_scripts(store: MemoryStore, config: Config) -> None:
    app = create_app(store, MemoryPublisher(), RecommendationFeed(KAFKA), config)
    with TestClient(app.server, base_url="http://127.0.0.1:8050") as client:
        sent = client.get("/track/demo:1").text

    assert "assets/theme.css" in sent
    assert "assets/start.js" in sent
