"""The store's documents as the player reads them, from a real store."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from spotistream.config import Mongo
from spotistream.io import track_documents
from spotistream.services.running import start_missing
from spotistream.serving import store
from spotistream.serving.store import DocumentStore
from spotistream.serving.track_map import TrackMap, current_document, part_documents
from spotistream.serving.views import Cause, PopularTracks, Reason, Recommended, Scored, SimilarTracks
from spotistream.tables import (
    POPULAR_TRACKS,
    RECOMMENDATIONS_COLLECTION,
    SIMILAR_TRACKS,
    TRACK_MAP_COLLECTION,
    TRACKS_COLLECTION,
)

AT = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Database[dict[str, Any]]]]:
    home: Path = tmp_path_factory.mktemp("home")
    with start_missing(home, kafka=False, store=True) as addresses, MongoClient(addresses.mongo) as client:
        yield str(addresses.mongo), client["serving_test"]


@pytest.fixture
def reader(database: tuple[str, Database[dict[str, Any]]]) -> Iterator[DocumentStore]:
    uri, written = database
    for name in written.list_collection_names():
        written[name].delete_many({})
    opened = DocumentStore(uri=uri, database="serving_test", timeout_ms=2000)
    yield opened
    opened.close()


@pytest.fixture
def written(database: tuple[str, Database[dict[str, Any]]]) -> Database[dict[str, Any]]:
    return database[1]


def test_tracks_are_read_together_and_missing_ones_left_out(
    reader: DocumentStore, written: Database[dict[str, Any]]
) -> None:
    written[TRACKS_COLLECTION.name].insert_many(
        [{"_id": "demo:1", "title": "One", "playable": True}, {"_id": "demo:2", "playable": False}]
    )

    found = reader.tracks(["demo:2", "demo:1", "demo:1", "demo:9"])

    assert {track_id: (track.title, track.playable) for track_id, track in found.items()} == {
        "demo:1": ("One", True),
        "demo:2": (None, False),
    }
    assert reader.track("demo:9") is None


def test_a_track_comes_with_its_waveform_byte_for_byte(
    reader: DocumentStore, written: Database[dict[str, Any]]
) -> None:
    peaks = bytes(range(256)) * 2
    stretch = {"waveform_start_s": 0.0, "waveform_end_s": 187.5}
    document = {"waveform": peaks, **stretch, "loudness_lufs": -14.5, "spectrogram_path": "/p/ab.webp"}
    written[TRACKS_COLLECTION.name].insert_one({"_id": "demo:1", "playable": True, **document})

    track = reader.track("demo:1")

    assert track is not None
    assert {name: getattr(track, name) for name in document} == document


def test_map_is_read_whole_and_of_one_edition(reader: DocumentStore, written: Database[dict[str, Any]]) -> None:
    assert reader.track_map() == TrackMap()
    old = TrackMap("map-1", ("demo:1",), (0.5,), (-1.0,), (None,), (False,))
    new = TrackMap("map-1", ("demo:1", "demo:2"), (0.5, 1.0), (-1.0, 0.25), (None, "Folk"), (False, True))
    collection = written[TRACK_MAP_COLLECTION.name]
    collection.insert_many([*part_documents(old), *part_documents(new), current_document(old)])
    assert reader.track_map() == old
    collection.replace_one({"_id": "current"}, current_document(new))
    assert reader.track_map() == new
    collection.delete_many({"_id": {"$ne": "current"}})
    assert reader.track_map() == TrackMap(), "a map that is half gone is none"


def test_popular_falls_back_on_playable_tracks_by_title(
    reader: DocumentStore, written: Database[dict[str, Any]]
) -> None:
    written[TRACKS_COLLECTION.name].insert_many(
        [
            {"_id": "demo:1", "title": "B", "playable": True},
            {"_id": "demo:2", "title": "A", "playable": True},
            {"_id": "demo:3", "title": "0", "playable": False},
        ]
    )
    before = reader.popular(5)
    written[POPULAR_TRACKS.name].insert_one(
        {"_id": "overall", "model_version": "m1", "tracks": [{"track_id": "demo:1", "score": 3.0}]}
    )

    assert before == PopularTracks((Scored("demo:2", 0.0), Scored("demo:1", 0.0)), None)
    assert reader.popular(5) == PopularTracks((Scored("demo:1", 3.0),), "m1")


def test_popular_of_a_large_catalogue_without_a_model_sorts_nothing(
    reader: DocumentStore, written: Database[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    tracks = [{"_id": f"demo:{number}", "title": "A", "playable": number > 2} for number in range(9)]
    written[TRACKS_COLLECTION.name].insert_many(tracks)
    monkeypatch.setattr(store, "LISTED_TRACKS", 5)

    found = reader.popular(4).tracks

    assert len({entry.track_id for entry in found}) == 4
    assert {entry.track_id for entry in found} <= {f"demo:{number}" for number in range(3, 9)}


def test_one_document_of_many_is_read_without_a_look_at_the_others(
    reader: DocumentStore, written: Database[dict[str, Any]]
) -> None:
    many = [{"_id": f"demo:{number}", "by_sound": [], "text": "x" * 2000} for number in range(10_000)]
    written[SIMILAR_TRACKS.name].insert_many(many)

    begin = time.perf_counter()
    assert written[SIMILAR_TRACKS.name].find_one({"text": "y"}) is None
    all_s = time.perf_counter() - begin
    begin = time.perf_counter()
    for number in range(5):
        reader.similar(f"demo:{number}")
    assert time.perf_counter() - begin < all_s


def test_all_tracks_are_read_for_a_job(
    database: tuple[str, Database[dict[str, Any]]], reader: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri, written = database
    monkeypatch.setattr(track_documents, "AT_ONCE", 2)
    written[TRACKS_COLLECTION.name].insert_many(
        [{"_id": f"demo:{number}", "title": f"Song {number}", "playable": True} for number in (3, 1, 5, 2, 4)]
    )

    found = track_documents.read_tracks(Mongo(uri=uri, database=written.name, timeout_ms=2000), fields=("title",))

    assert found == [{"_id": f"demo:{number}", "title": f"Song {number}"} for number in range(1, 6)]


def test_recommendations_keep_their_times_and_reasons(reader: DocumentStore, written: Database[dict[str, Any]]) -> None:
    written[RECOMMENDATIONS_COLLECTION.name].insert_one(
        {
            "_id": "maya",
            "version": 7,
            "model_version": "m1",
            "updated_at": AT,
            "caused_by": {"event_id": "e1", "track_id": "demo:1", "action": "play", "event_time": AT},
            "recommendations": [
                {"rank": 1, "track_id": "demo:2", "score": 0.5, "reason": {"code": "popular", "track_id": None}}
            ],
        }
    )

    table = reader.recommendations("maya")

    assert table is not None
    assert (table.version, table.updated_at, table.cause) == (7, AT, Cause("e1", "demo:1", "play", AT))
    assert table.table == (Recommended(1, "demo:2", 0.5, Reason("popular")),)
    assert reader.recommendations("noor") is None


def test_similar_tracks_are_empty_where_the_model_has_none(
    reader: DocumentStore, written: Database[dict[str, Any]]
) -> None:
    near = [{"track_id": "demo:2", "score": 0.9}]
    written[SIMILAR_TRACKS.name].insert_one(
        {"_id": "demo:1", "model_version": "m1", "by_sound": near, "by_listeners": []}
    )

    assert reader.similar("demo:1") == SimilarTracks((Scored("demo:2", 0.9),), (), "m1")
    assert reader.similar("demo:9") == SimilarTracks()


@pytest.mark.parametrize(
    ("prefix", "found"),
    [("ma", ("maya", "max")), ("", ("a.b", "axb", "max", "maya", "noor")), ("a.", ("a.b",)), (".*", ()), ("zzz", ())],
)
def test_listeners_are_found_by_the_letters_typed(
    reader: DocumentStore, written: Database[dict[str, Any]], prefix: str, found: tuple[str, ...]
) -> None:
    documents = [{"_id": user_id} for user_id in ("noor", "maya", "max", "a.b", "axb")]
    written[RECOMMENDATIONS_COLLECTION.name].insert_many(documents)

    assert reader.listeners(prefix, 10) == tuple(sorted(found))
