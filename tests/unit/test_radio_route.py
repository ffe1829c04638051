"""A radio over a store in memory: what comes next, and how it is asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from player_fakes import KAFKA, MemoryPublisher, MemoryStore, track
from starlette.testclient import TestClient

from dashboard.app import create_app
from spotistream.config import load_config
from spotistream.serving.catalogue_keeper import CatalogueKeeper
from spotistream.serving.listening import Listen, Listening, Opinion
from spotistream.serving.live import RecommendationFeed
from spotistream.serving.topics import TopicTile, TopicView
from spotistream.serving.views import PopularTracks, Scored, SimilarTracks

TRACKS = 60
ROUTE = "/radio/next"


def scored(*numbers: int) -> tuple[Scored, ...]:
    return tuple(Scored(f"demo:{number}", 0.9) for number in numbers)


@pytest.fixture
def store() -> MemoryStore:
    """Every track has an artist of its own but 1, 2 and 3, which share one. Listeners put 11 to 19 beside track 1, its
    sound 21 to 29; 30 is like 11, 40 and 41 like 21. Tracks 50 to 60 are like nothing."""
    tracks = [track(number) for number in range(1, TRACKS + 1)]
    tracks[0:3] = [track(number, artist="One", artist_id="one") for number in (1, 2, 3)]
    store = MemoryStore(
        tracks,
        popular=[f"demo:{number}" for number in (50, 51, 52)],
        similar={
            "demo:1": SimilarTracks(scored(*range(21, 30)), scored(*range(11, 20)), "m1"),
            "demo:11": SimilarTracks(scored(30), scored(12, 13, 14)),
            "demo:21": SimilarTracks(scored(40, 41), ()),
        },
        topics=[TopicView(TopicTile("t", "Calm", 3), typical=("demo:42", "demo:43"))],
    )
    store.popular_of_topics["t"] = PopularTracks(scored(44, 45), "m1")
    return store


@pytest.fixture
def keeper(store: MemoryStore) -> CatalogueKeeper:
    keeper = CatalogueKeeper(store)  # type: ignore[arg-type]
    keeper.read()
    return keeper


@pytest.fixture
def client(store: MemoryStore, keeper: CatalogueKeeper, tmp_path: Path) -> Iterator[TestClient]:
    config = load_config(home=tmp_path, environ={})
    app = create_app(store, MemoryPublisher(), RecommendationFeed(KAFKA), config, keeper)  # type: ignore[arg-type]
    with TestClient(app.server, base_url="http://127.0.0.1:8050") as client:
        yield client


def radio(**values: Any) -> dict[str, Any]:
    seed = {"kind": "track", "id": "demo:1"}
    return {"user_id": "maya", "seed": seed, "dial": 0.5, "number": 1, "count": 6, "memory": ["demo:1"], **values}


def of(number: int | str) -> str:
    return f"demo:{number}"


def following(client: TestClient, **values: Any) -> list[int]:
    """Numbers of the tracks that come next."""
    answer = client.post(ROUTE, json=radio(**values))
    assert answer.status_code == 200, answer.text
    return [int(each["track_id"].removeprefix("demo:")) for each in answer.json()["tracks"]]


def test_familiar_is_what_its_listeners_hear_and_discovery_what_sounds_like_it(client: TestClient) -> None:
    def share_by_sound(dial: float) -> float:
        found = [each for number in range(10) for each in following(client, dial=dial, number=number)]
        assert set(found) <= {*range(11, 20), *range(21, 30)}
        return sum(each > 20 for each in found) / len(found)

    assert share_by_sound(0) < 0.05
    assert 0.3 < share_by_sound(0.5) < 0.7
    assert share_by_sound(1) > 0.95


def test_a_radio_of_a_track_begins_with_it_unless_it_plays(client: TestClient) -> None:
    assert following(client, memory=[])[0] == 1
    assert 1 not in following(client)


def test_cards_have_what_the_player_needs_and_the_version_of_the_model(client: TestClient) -> None:
    answer = client.post(ROUTE, json=radio(memory=[], count=1)).json()

    assert answer["model_version"] == "m1"
    assert answer["tracks"] == [
        {"track_id": "demo:1", "title": "Song 1", "artist": "One", "artist_id": "one", "format": None, "lufs": None,
         "why": None}
    ]  # fmt: skip


def test_neighbours_of_a_skipped_track_go_behind_all_others(client: TestClient) -> None:
    before = following(client, dial=0, count=5)
    after = following(client, dial=0, count=5, memory=[of(1), of(11)], skipped=[of(11)])

    assert {12, 13, 14} & set(before)
    assert set(after) == {15, 16, 17, 18, 19}


def test_what_is_heard_or_liked_draws_its_neighbours_in(client: TestClient) -> None:
    assert 40 not in following(client, dial=1)
    assert 40 in following(client, dial=1, memory=[of(1), of(21)], heard=[of(21)], liked=[of(21)])


def test_two_radios_of_one_track_differ_and_one_can_be_asked_again(client: TestClient) -> None:
    assert following(client) == following(client)
    assert following(client) != following(client, number=2)


def test_nothing_comes_twice_until_the_whole_catalogue_was_played(client: TestClient) -> None:
    memory = [1]
    while len(memory) < TRACKS:
        found = following(client, memory=[of(each) for each in memory], count=5)[: TRACKS - len(memory)]
        assert len(found) == min(5, TRACKS - len(memory))
        assert set(found) & set(memory) == set()
        memory += found
    assert sorted(memory) == list(range(1, TRACKS + 1))
    assert memory[-7:] != sorted(memory[-7:])

    assert following(client, memory=[of(each) for each in memory], count=3) == memory[:3]


def test_near_tracks_come_first_then_those_near_them_then_the_popular(client: TestClient) -> None:
    near = [*range(11, 20), *range(21, 30)]
    played = [of(each) for each in (1, *near)]
    assert set(following(client, memory=played, count=3)) == {30, 40, 41}
    assert set(following(client, memory=[*played, of(30), of(40), of(41)], count=3, dial=0)) == {50, 51, 52}


def test_disliked_and_silent_tracks_do_not_come_even_when_all_was_played(
    client: TestClient, store: MemoryStore, keeper: CatalogueKeeper
) -> None:
    store.known["demo:60"] = track(60, playable=False)
    keeper.read()
    everything = [of(each) for each in (60, 59, *range(1, 59))]

    assert following(client, memory=everything, disliked=[of(59), of(1)], count=2) == [2, 3]


def test_radio_of_an_artist_a_topic_and_for_you(client: TestClient, store: MemoryStore) -> None:
    assert {1, 2, 3} & set(following(client, seed={"kind": "artist", "id": "one"}, memory=[], dial=0))
    assert set(following(client, seed={"kind": "topic", "id": "t"}, memory=[], count=2)) <= {42, 43, 44, 45}
    assert set(following(client, seed={"kind": "for-you"}, memory=[], count=3)) == {50, 51, 52}

    reason = {"code": "popular"}
    table = [{"rank": rank, "track_id": of(number), "reason": reason} for rank, number in ((1, 35), (2, 36))]
    store.tables["maya"] = {"version": 1, "recommendations": table}
    assert set(following(client, seed={"kind": "for-you"}, memory=[], count=2)) == {35, 36}


def test_no_artist_follows_itself(client: TestClient) -> None:
    found = following(client, seed={"kind": "artist", "id": "one"}, memory=[], dial=0, count=9)
    places = [found.index(each) for each in (1, 2, 3) if each in found]

    assert len(places) > 1
    assert min(abs(one - other) for one in places for other in places if one != other) > 3


def test_what_the_listener_knows_is_familiar(client: TestClient, store: MemoryStore) -> None:
    unknown = {"seed": {"kind": "for-you"}, "memory": [], "dial": 0, "count": 1}
    store.heard["maya"] = Listening(1, (Listen("l1", of(52), 1),))

    assert following(client, **unknown) == [52]


def test_what_was_not_for_the_listener_before_the_radio_is_not_for_it_either(
    client: TestClient, store: MemoryStore
) -> None:
    store.heard["maya"] = Listening(1, opinions=tuple(Opinion(of(each), "dislike", 1, "e") for each in range(11, 19)))

    found = following(client, dial=0, count=5)
    assert found[0] == 19
    assert set(found) & set(range(11, 19)) == set()


def test_before_the_catalogue_is_read_near_tracks_are_found(client: TestClient, keeper: CatalogueKeeper) -> None:
    keeper.index = None

    assert set(following(client, dial=0)) <= set(range(11, 20))
    answer = client.post(ROUTE, json=radio(seed={"kind": "artist", "id": "one"}))
    assert (answer.status_code, "still being read" in answer.json()["error"]) == (400, True)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"dial": 1.01}, "dial"),
        ({"dial": True}, "dial"),
        ({"dial": "0.5"}, "dial"),
        ({"number": -1}, "number"),
        ({"number": 1.5}, "number"),
        ({"count": 0}, "count"),
        ({"count": 26}, "count"),
        ({"user_id": "a b"}, "user_id"),
        ({"seed": None}, "seed"),
        ({"seed": {"kind": "album", "id": "x"}}, "seed"),
        ({"seed": {"kind": "track"}}, "seed id"),
        ({"seed": {"kind": "topic", "id": {"$gt": ""}}}, "seed id"),
        ({"memory": "demo:1"}, "memory"),
        ({"memory": [of(1)] * 501}, "memory"),
        ({"memory": [{"$gt": ""}]}, "memory"),
        ({"skipped": [of(1)] * 51}, "skipped"),
        ({"heard": ["no id"]}, "heard"),
        ({"seed": {"kind": "track", "id": "demo:99"}}, "track of the radio"),
        ({"seed": {"kind": "artist", "id": "nobody"}}, "artist of the radio"),
        ({"seed": {"kind": "topic", "id": "none"}}, "topic of the radio"),
    ],
)
def test_a_wrong_request_is_refused_in_one_line(client: TestClient, values: dict[str, Any], field: str) -> None:
    answer = client.post(ROUTE, json=radio(**values))

    assert answer.status_code == 400
    assert answer.json()["error"].startswith(f"{field}: ")
    assert "\n" not in answer.json()["error"]


def test_dial_that_is_no_number_is_refused(client: TestClient) -> None:
    body = json.dumps(radio(dial=float("nan")))

    assert client.post(ROUTE, content=body).status_code == 400


def test_other_sites_hear_no_radio(client: TestClient) -> None:
    assert client.post(ROUTE, json=radio(), headers={"origin": "http://evil.example"}).status_code == 403


def test_store_away_is_said(client: TestClient, store: MemoryStore) -> None:
    store.away = True

    assert client.post(ROUTE, json=radio()).status_code == 503
