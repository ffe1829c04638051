"""Shelves that follow the listener: what is new on them, and what is like the track that was just started."""

from __future__ import annotations

import json
from typing import Any

import pytest
from player_fakes import KAFKA, MemoryPublisher, MemoryStore, track
from starlette.testclient import TestClient

from dashboard.app import create_app
from dashboard.components.cards import for_you, with_fresh
from dashboard.routes.similar import just_played
from spotistream.config import load_config
from spotistream.serving.live import RecommendationFeed
from spotistream.serving.views import Scored, SimilarTracks


def offer(version: int, *numbers: int, **values: Any) -> dict[str, Any]:
    cards = [
        {"track_id": f"demo:{number}", "title": f"Song {number}", "artist": "A", "format": "ogg", "why": None}
        for number in numbers
    ]
    return {
        "user_id": "maya",
        "known": True,
        "version": version,
        "model_version": "m1",
        "because": "you skipped Song 9",
        "tracks": cards,
        **values,
    }


def text(component: Any) -> str:
    return json.dumps(component, default=lambda part: part.to_plotly_json())


@pytest.fixture
def store() -> MemoryStore:
    near = SimilarTracks(
        by_sound=(Scored("demo:2", 0.9), Scored("demo:3", 0.8), Scored("demo:1", 0.7)),
        by_listeners=(Scored("demo:4", 0.9), Scored("demo:2", 0.8), Scored("demo:5", 0.7)),
        model_version="m1",
    )
    known = [track(1), track(2), track(3), track(4), track(5, playable=False)]
    return MemoryStore(known, popular=[], similar={"demo:1": near})


@pytest.mark.parametrize(
    ("shown", "fresh"),
    [
        (None, []),
        ({"user_id": "maya", "away": True}, []),
        (offer(1, 2, 3), ["demo:4"]),
        (offer(1, 2, 3, user_id="other"), []),
        (offer(2, 2, 3, 4, fresh=["demo:3"]), ["demo:3"]),
    ],
    ids=["first", "nothing was read", "newer", "of another listener", "read again"],
)
def test_cards_that_were_not_shown_before_are_new(shown: dict[str, Any] | None, fresh: list[str]) -> None:
    assert with_fresh(offer(2, 3, 4, 2), shown)["fresh"] == fresh


def test_a_change_is_told_in_words_and_marked_on_the_cards() -> None:
    shown = text(for_you(with_fresh(offer(2, 3, 4, 2), offer(1, 3))))
    assert "you skipped Song 9" in shown
    assert "2 new tracks" in shown
    assert shown.count("card-new") == 2


def test_neighbours_by_listeners_and_by_sound_stand_in_turns_with_their_reasons(store: MemoryStore) -> None:
    shelf = text(just_played(store, "demo:1", max_per_artist=2))
    assert "Because you just played Song 1" in shelf
    assert [shelf.count(f'"data-track": "demo:{number}"') for number in (1, 2, 3, 4, 5)] == [0, 1, 1, 1, 0]
    places = [shelf.index(f'"data-track": "demo:{number}"') for number in (4, 2, 3)]
    assert places == sorted(places)
    assert shelf.count("liked by listeners of Song 1") == 1
    assert shelf.count("sounds like Song 1") == 2


def test_route_answers_with_a_shelf_or_none(store: MemoryStore) -> None:
    app = create_app(store, MemoryPublisher(), RecommendationFeed(KAFKA), load_config(environ={}))
    with TestClient(app.server, base_url="http://127.0.0.1:8050") as client:
        answer = client.get("/similar/demo:1")
        assert answer.headers["content-type"] == "application/json"
        assert answer.json()["shelf"]["props"]["tag"] == "section"
        for track_id in ("demo:2", "demo:99", "..%2Fx"):
            assert client.get(f"/similar/{track_id}").json()["shelf"] is None
        store.away = True
        assert client.get("/similar/demo:1").status_code == 503
