"""The map as the browser gets it."""

from __future__ import annotations

import gzip
import json
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from player_fakes import KAFKA, MemoryPublisher, MemoryStore, track
from starlette.testclient import TestClient

from dashboard.app import create_app
from spotistream.config import load_config
from spotistream.serving.live import RecommendationFeed
from spotistream.serving.map_points import OTHER, STEPS, packed_points
from spotistream.serving.topics import TopicTile, TopicView
from spotistream.serving.track_map import TrackMap

MAP = TrackMap(
    map_version="v1",
    track_ids=("demo:1", "demo:2", "demo:3", "demo:4"),
    x=(-1.0, 0.5, 0.0, 0.25),
    y=(1.0, 0.0, 0.0, -0.25),
    genres=("Rock", "Pop", "Pop", None),
    playable=(True, True, False, True),
    topics=("7", "9", "9", "8"),
)
TOPICS = {"7": "Slow folk", "8": "Fast techno"}


def unpacked(packed: bytes) -> tuple[dict[str, Any], np.ndarray, np.ndarray, np.ndarray, list[str]]:
    (size,) = struct.unpack_from("<I", packed)
    head = json.loads(packed[4 : 4 + size])
    count, start = head["points"], 4 + size
    coordinates = np.frombuffer(packed, "<i2", 2 * count, start).reshape(2, count)
    genres, topics = np.frombuffer(packed, np.uint8, 2 * count, start + 4 * count).reshape(2, count)
    return head, coordinates, genres, topics, packed[start + 6 * count :].decode().split("\n")


def test_playable_points_are_packed_with_the_genres_and_topics_they_have() -> None:
    head, coordinates, genres, topics, ids = unpacked(packed_points(MAP, TOPICS))

    assert head["map_version"] == "v1"
    assert head["genres"] == [{"title": "Pop", "tracks": 1}, {"title": "Rock", "tracks": 1}]
    assert ids == ["demo:1", "demo:2", "demo:4"]
    assert (coordinates / STEPS).round(3).tolist() == [[-1.0, 0.5, 0.25], [1.0, 0.0, -0.25]]
    assert genres.tolist() == [1, 0, OTHER]
    assert head["topics"] == [{"title": "Fast techno", "tracks": 1}, {"title": "Slow folk", "tracks": 1}]
    assert topics.tolist() == [1, OTHER, 0], "topic 9 is gone"


@pytest.mark.parametrize(("of", "named"), [((), TOPICS), ((None,) * 4, TOPICS), (MAP.topics, {})])
def test_before_topics_were_found_no_point_has_one(of: tuple[str | None, ...], named: dict[str, str]) -> None:
    head, _, _, topics, ids = unpacked(packed_points(replace(MAP, topics=of), named))

    assert head["topics"] == []
    assert topics.tolist() == [OTHER] * 3
    assert ids == ["demo:1", "demo:2", "demo:4"]


def test_parts_begin_where_a_browser_can_read_whole_numbers() -> None:
    (size,) = struct.unpack_from("<I", packed_points(MAP, TOPICS))

    assert size % 4 == 0


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore([track(1), track(2)], topics=[TopicView(TopicTile(*each, 1)) for each in TOPICS.items()])
    store.map = MAP
    return store


@pytest.fixture
def client(store: MemoryStore, tmp_path: Path) -> Iterator[TestClient]:
    config = load_config(home=tmp_path, environ={})
    app = create_app(store, MemoryPublisher(), RecommendationFeed(KAFKA), config)
    with TestClient(app.server, base_url="http://127.0.0.1:8050") as client:
        yield client


def test_map_is_sent_once_and_then_only_said_to_be_the_same(client: TestClient, store: MemoryStore) -> None:
    first = client.get("/map/points")
    again = client.get("/map/points", headers={"if-none-match": first.headers["etag"]})
    plain = client.get("/map/points", headers={"accept-encoding": "identity"})

    assert first.status_code == 200
    assert first.headers["content-encoding"] == "gzip"
    assert first.content == plain.content == packed_points(MAP, TOPICS)
    assert again.status_code == 304
    store.map = TrackMap("v2", ("demo:1",), (0.0,), (0.0,), (None,), (True,))
    changed = client.get("/map/points", headers={"if-none-match": first.headers["etag"]})
    assert changed.status_code == 200
    assert unpacked(changed.content)[-1] == ["demo:1"]
    store.known_topics = {}
    assert client.get("/map/points").headers["etag"] != changed.headers["etag"]


def test_without_a_map_there_is_none_to_send(client: TestClient, store: MemoryStore) -> None:
    store.map = TrackMap()

    assert client.get("/map/points").status_code == 404


def test_store_that_is_away_is_said(client: TestClient, store: MemoryStore) -> None:
    store.away = True

    assert client.get("/map/points").status_code == 503


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("demo:2,demo:1", ["demo:2", "demo:1"]),
        ("demo:9,demo:1,{$gt:1},,", ["demo:1"]),
        ("", []),
    ],
)
def test_points_are_named_in_the_order_asked_for(client: TestClient, asked: str, found: list[str]) -> None:
    answer = client.get("/map/tracks", params={"ids": asked})

    assert [each["track_id"] for each in answer.json()["tracks"]] == found


def test_too_many_names_at_once_are_refused(client: TestClient) -> None:
    assert client.get("/map/tracks", params={"ids": "x" * 5000}).status_code == 422


def test_compressed_bytes_are_the_same_for_the_same_map() -> None:
    packed = packed_points(MAP, TOPICS)

    assert gzip.compress(packed, mtime=0) == gzip.compress(packed_points(MAP, TOPICS), mtime=0)
