"""The catalogue in the player's memory, from a real store and a real topic; what the pages of groups read."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic
from pymongo import MongoClient
from pymongo.database import Database

from spotistream.config import load_config
from spotistream.layouts import Topic
from spotistream.serving.artists import AlbumView, ArtistView, GenreView
from spotistream.serving.catalogue_keeper import CatalogueKeeper
from spotistream.serving.store import DocumentStore
from spotistream.serving.topic_tail import TopicTail
from spotistream.serving.track_map import TrackMap, current_document, part_documents

TRACKS = 250
"""More than are read at once."""
PATIENCE_S = 20.0


def track(number: int, **values: Any) -> dict[str, Any]:
    given = {"title": f"Song {number}", "artist": "Björk", "artist_id": "a1", "album": "Début", "album_id": "l1"}
    return {"_id": f"demo:{number:04}", **given, "genre": "Pop", "genre_ids": ["pop"], "playable": True, **values}


@pytest.fixture
def database(store: str) -> Iterator[Database[dict[str, Any]]]:
    with MongoClient(store) as client:
        name = f"catalogue_{uuid.uuid4().hex[:8]}"
        filled = client[name]
        filled.tracks.insert_many([track(number) for number in range(TRACKS)])
        filled.artists.insert_one({"_id": "a1", "name": "Björk", "active_from": 1977, "location": "Reykjavík"})
        released = datetime(1993, 7, 5, tzinfo=UTC)
        filled.albums.insert_one({"_id": "l1", "title": "Début", "artist_id": "a1", "released_on": released})
        filled.genres.insert_one({"_id": "pop", "title": "Popular music", "parent_id": None})
        entry = {"track_id": "demo:0007", "score": 1.0}
        filled.popular_tracks.insert_many(
            [{"_id": "overall", "model_version": "m", "tracks": [entry]}, {"_id": "genre:pop", "tracks": [entry]}]
        )
        filled.similar_tracks.insert_one({"_id": "demo:0001", "by_sound": [entry], "by_listeners": []})
        yield filled
        client.drop_database(name)


@pytest.fixture
def reads(database: Database[dict[str, Any]], store: str) -> Iterator[DocumentStore]:
    found = DocumentStore(uri=store, database=database.name, timeout_ms=5000)
    yield found
    found.close()


def test_whole_catalogue_is_read_and_known_by_all_its_names(reads: DocumentStore) -> None:
    keeper = CatalogueKeeper(reads)
    keeper.read()

    assert keeper.catalogue is not None
    assert len(keeper.catalogue) == TRACKS
    assert keeper.search("song", limit=1, kind="track")[0].id == "demo:0007"
    assert [hit.name for hit in keeper.search("bjork debut", limit=2, kind="album")] == ["Début"]
    assert [hit.name for hit in keeper.search("popular", limit=2, kind="genre")] == ["Popular music"]


def test_tracks_of_the_map_are_all_there_is_of_a_large_catalogue(
    reads: DocumentStore, database: Database[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = TrackMap("v1", ("demo:0001", "demo:0002"), (0.0, 0.1), (0.0, 0.1), ("Pop", None), (True, True))
    database.track_map.insert_many([*part_documents(drawn), current_document(drawn)])
    assert reads.map_edition() == drawn.edition
    assert len(set(reads.track_ids())) == TRACKS
    monkeypatch.setattr("spotistream.serving.store.LISTED_TRACKS", 10)

    assert list(reads.track_ids()) == ["demo:0001", "demo:0002"]


def test_pages_of_groups_read_what_is_known_of_them(reads: DocumentStore) -> None:
    assert reads.artist("a1") == ArtistView("Björk", location="Reykjavík", active="1977")
    assert reads.album("l1") == AlbumView("Début", artist_id="a1", year=1993)
    assert reads.genre("pop") == GenreView("Popular music")
    assert reads.artist("nobody") is None
    assert [entry.track_id for entry in reads.popular_in_genre("pop", 5).tracks] == ["demo:0007"]
    similar = reads.similar_of(["demo:0001", "demo:0002"])
    assert {each: similar[each].by_sound[0].track_id for each in similar} == {"demo:0001": "demo:0007"}


def test_new_track_is_heard_of_and_found(reads: DocumentStore, database: Database[dict[str, Any]], broker: str) -> None:
    topic = Topic(f"tracks-{uuid.uuid4().hex[:8]}", "track_id", "Tracks of this test")
    admin = KafkaAdminClient(bootstrap_servers=broker)
    admin.create_topics([NewTopic(topic.name, 1, 1)])
    admin.close()
    keeper = CatalogueKeeper(reads)
    keeper.read()
    producer = KafkaProducer(bootstrap_servers=broker)
    producer.send(topic.name, key=b"demo:8000", value=b"{}").get(5)
    tail = TopicTail(replace(load_config(environ={}).kafka, bootstrap_servers=broker), topic, keeper.hear, back_s=60.0)
    tail.start()
    try:
        producer.send(topic.name, key=b"demo:9000", value=b"{}").get(5)
        database.tracks.insert_many([track(8000, title="Sent before"), track(9000, title="Sent since")])
        end = time.monotonic() + PATIENCE_S
        while len(keeper.search("sent", limit=5)) < 2 and time.monotonic() < end:
            time.sleep(0.1)
            keeper.take_in()
    finally:
        tail.close()
        producer.close()

    assert {hit.id for hit in keeper.search("sent", limit=5)} == {"demo:8000", "demo:9000"}
