"""publish and ingest_tracks with a real broker, a real store and Delta."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyspark.sql import DataFrame, SparkSession

from spotistream.config import Config, load_config
from spotistream.io import artefacts, delta
from spotistream.io.documents import database
from spotistream.io.fitted_sounds import current_sounds
from spotistream.io.kafka import MESSAGE_SCHEMA
from spotistream.launch import ensure_topics
from spotistream.layouts import Table
from spotistream.pipelines import publish, train_model
from spotistream.pipelines.current_model import CurrentModel
from spotistream.pipelines.ingest_tracks import TABLES, write_batch
from spotistream.serving.positions import messages_in
from spotistream.tables import (
    ALBUMS,
    ARTISTS,
    GENRES,
    TRACK_FEATURES,
    TRACK_FILES,
    TRACK_MESSAGES_REJECTED,
    TRACK_METADATA,
    TRACK_SOUNDS,
    TRACKS,
    TRACKS_TOPIC,
)
from spotistream.transforms.catalogue_messages import decoded_messages

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
Ingest = Callable[..., None]


@pytest.fixture
def cfg(broker: str, store: str, tmp_path: Path) -> Config:
    """A home and a database of its own on the session's broker and store."""
    loaded = load_config(home=tmp_path, environ={})
    made = replace(
        loaded,
        kafka=replace(loaded.kafka, bootstrap_servers=broker),
        mongo=replace(loaded.mongo, uri=store, database=f"ingest_{tmp_path.name}"[:60]),
    )
    ensure_topics(made)
    return made


@pytest.fixture
def ingest(spark: SparkSession, cfg: Config) -> Iterator[Ingest]:
    """Writes messages as one micro-batch of a running query."""
    for table in TABLES:
        delta.create_table(spark, cfg, table)
    spark.sparkContext.setLocalProperty("sql.streaming.queryId", "query-1")

    def write(*values: dict[str, Any] | bytes, batch_id: int) -> None:
        encoded = [value if isinstance(value, bytes) else json.dumps(value).encode() for value in values]
        rows = [(b"k", value, "tracks", 0, 100 * batch_id + i, NOW) for i, value in enumerate(encoded)]
        write_batch(decoded_messages(spark.createDataFrame(rows, MESSAGE_SCHEMA)), batch_id, cfg)

    yield write
    spark.sparkContext.setLocalProperty("sql.streaming.queryId", None)


def track(number: int, **changes: Any) -> dict[str, Any]:
    """A playable track in one of two camps of sound."""
    noise = np.random.default_rng(number).normal(scale=0.1, size=4)
    vector = (np.array([1.0, 0.0, 5.0, 100.0]) * (number % 2) + noise).tolist()
    return {
        "track_id": f"file:{number:02}", "title": f"Title {number}", "artist": f"Artist {number}",
        "artist_id": f"a{number}", "album": "Album", "album_id": f"b{number}", "genre": "Rock", "genre_ids": ["rock"],
        "duration_s": 30.0, "path": f"/music/{number}.ogg", "playable": True, "feature_spec": "fast-1",
        "content_hash": f"h{number}", "vector": vector, "tempo": 120.0, "waveform": "AP8=", **changes,
    }  # fmt: skip


def rows(spark: SparkSession, cfg: Config, table: Table) -> DataFrame:
    return delta.existing_table(spark, cfg, table)


def documents(cfg: Config, name: str) -> dict[str, dict[str, Any]]:
    with database(cfg.mongo) as db:
        return {document["_id"]: document for document in db[name].find({})}


def test_one_batch_fills_delta_and_the_store_and_repeating_it_changes_nothing(
    spark: SparkSession, cfg: Config, ingest: Ingest
) -> None:
    artist = {"kind": "artist", "artist_id": "a1", "name": "Artist 1", "location": "New Jersey"}
    genre = {"kind": "genre", "genre_id": "rock", "title": "Rock", "source_id": "fma:12", "top_id": "rock"}
    for _ in range(2):
        ingest(track(1), artist, track(2), genre, b"{", batch_id=0)
    assert [rows(spark, cfg, t).count() for t in (TRACKS, TRACK_FEATURES, ARTISTS, ALBUMS, GENRES)] == [2, 2, 2, 2, 1]
    (rejected,) = rows(spark, cfg, TRACK_MESSAGES_REJECTED).collect()
    assert (rejected["reason"], rejected["kafka_offset"]) == ("not a JSON object with a kind", 4)
    assert documents(cfg, "artists")["a1"]["location"] == "New Jersey"
    unknown = {name: None for name in ARTISTS.columns if name != "artist_id"}
    assert documents(cfg, "artists")["a2"] == {**unknown, "_id": "a2", "name": "Artist 2"}
    assert documents(cfg, "genres")["rock"]["source_id"] == "fma:12"
    shown = documents(cfg, "tracks")["file:01"]
    assert (shown["title"], shown["tempo"], shown["waveform"]) == ("Title 1", 120.0, b"\x00\xff")
    assert documents(cfg, "track_features")["file:02"]["feature_spec"] == "fast-1"


def test_what_is_known_of_an_artist_is_not_lost_to_a_track_that_only_names_it(
    spark: SparkSession, cfg: Config, ingest: Ingest
) -> None:
    ingest({"kind": "artist", "artist_id": "a1", "name": "Artist 1", "location": "New Jersey"}, batch_id=0)
    ingest(track(1, artist="ARTIST 1"), batch_id=1)
    (row,) = rows(spark, cfg, ARTISTS).collect()
    assert (row["name"], row["location"]) == ("Artist 1", "New Jersey")
    assert documents(cfg, "artists")["a1"]["location"] == "New Jersey"


def test_a_new_track_is_in_the_model_and_among_the_similar_without_training(
    spark: SparkSession, cfg: Config, ingest: Ingest
) -> None:
    ingest(*[track(i) for i in range(8)], batch_id=0)
    train_model.run(spark, cfg)
    current = CurrentModel(cfg)
    trained = current.get()
    assert trained.sounds_version == current_sounds(cfg).version
    ingest(track(9), batch_id=1)
    model = current.get()
    assert model.version != trained.version
    assert model.sounds[model.index["file:09"]].any()
    assert artefacts.load_manifest(Path(cfg.paths.models), model.version)["extends"] == trained.version
    similar = documents(cfg, "similar_tracks")
    odd = {f"file:{i:02}" for i in (1, 3, 5, 7)}
    assert {s["track_id"] for s in similar["file:09"]["by_sound"][:4]} == odd
    assert all("file:09" in {s["track_id"] for s in similar[i]["by_sound"]} for i in odd)
    ingest(track(9), batch_id=2)
    assert current.get().version == model.version
    ingest(track(9, playable=False, path=None), batch_id=3)
    gone = current.get()
    assert not gone.playable[gone.index["file:09"]]
    assert "file:09" not in {s["track_id"] for s in documents(cfg, "similar_tracks")["file:01"]["by_sound"]}


def test_features_of_another_spec_are_refused_in_one_line_and_the_rest_goes_on(
    spark: SparkSession, cfg: Config, ingest: Ingest, caplog: pytest.LogCaptureFixture
) -> None:
    ingest(*[track(i) for i in range(8)], batch_id=0)
    train_model.run(spark, cfg)
    ingest(track(9, feature_spec="full-1", vector=[1.0] * 6), track(11), batch_id=1)
    (line,) = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert line == (
        "1 tracks have features of another spec than fast-1, which is in use: they have no sound; extract or import "
        "them with one spec"
    )
    sounds = {row["track_id"] for row in rows(spark, cfg, TRACK_SOUNDS).collect()}
    assert ("file:09" in sounds, "file:11" in sounds) == (False, True)
    model = CurrentModel(cfg).get()
    assert not model.sounds[model.index["file:09"]].any()


def file_row(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "track_id": f"file:{number:02}", "title": f"Title {number}", "path": f"/music/{number}", "duration_s": 1.0,
        "content_hash": f"h{number}", "size_bytes": 5, "modified_at": NOW, "gone": False, **changes,
    }  # fmt: skip


def put(spark: SparkSession, cfg: Config, table: Table, *found: dict[str, Any]) -> None:
    values = [tuple(row.get(name) for name in table.columns) for row in found]
    delta.merge(spark, cfg, table, spark.createDataFrame(values, delta.table_schema(table)))


def test_publish_sends_what_is_new_in_chunks_and_only_once(spark: SparkSession, cfg: Config) -> None:
    small = replace(cfg, catalogue=replace(cfg.catalogue, publish_chunk=10))
    before = messages_in(cfg.kafka, TRACKS_TOPIC)
    put(spark, cfg, TRACK_FILES, *[file_row(i) for i in range(25)])
    put(spark, cfg, TRACK_METADATA, {"track_id": "fma:2", "title": "Food"})
    assert publish.run(spark, small) == "26 new or changed tracks sent to topic tracks"
    assert messages_in(cfg.kafka, TRACKS_TOPIC) - before == 26
    assert publish.run(spark, small) == "0 new or changed tracks sent to topic tracks"
    put(spark, cfg, TRACK_FILES, file_row(3, title="Another title"), file_row(4, gone=True))
    assert publish.run(spark, small) == "2 new or changed tracks sent to topic tracks"
    assert messages_in(cfg.kafka, TRACKS_TOPIC) - before == 28
