"""The store's documents as the player reads them, from a real store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from spotistream.services.running import start_missing
from spotistream.serving.store import DocumentStore
from spotistream.serving.views import Cause, PopularTracks, Reason, Recommended, Scored, SimilarTracks
from spotistream.tables import POPULAR_TRACKS, RECOMMENDATIONS_COLLECTION, SIMILAR_TRACKS, TRACKS_COLLECTION

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
    store = DocumentStore(uri=uri, database="serving_test", timeout_ms=2000)
    yield store
    store.close()


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
