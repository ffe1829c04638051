"""Genres learned from a small catalogue, and the tracks without one that get them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from plugins.literal_rows import literal_rows
from pyspark.sql import SparkSession

from spotistream.config import Config
from spotistream.io import delta, documents
from spotistream.launch import with_addresses
from spotistream.pipelines import train_genres
from spotistream.pipelines.genre_classifier import PICTURE, classifier_folder, current_classifier
from spotistream.serving.store import DocumentStore
from spotistream.tables import GENRE_PREDICTIONS, TRACK_FEATURES, TRACKS, TRACKS_COLLECTION

Described = tuple[str | None, tuple[float, float], int]
CENTRES = {"Folk": (-3.0, 0.0), "House": (3.0, 0.0), "Jazz": (0.0, 4.0)}


@pytest.fixture
def cfg(cfg: Config, store: str, tmp_path: Path) -> Config:
    """An empty home, and a database of its own."""
    cfg = with_addresses(cfg, kafka=None, mongo=store)
    return replace(cfg, mongo=replace(cfg.mongo, database=f"genres_{tmp_path.name[:40]}".replace("-", "_")))


@pytest.fixture
def player(cfg: Config) -> Iterator[DocumentStore]:
    reader = DocumentStore(uri=cfg.mongo.uri, database=cfg.mongo.database, timeout_ms=5000)
    yield reader
    reader.close()


def write_tracks(spark: SparkSession, cfg: Config, tracks: Mapping[str, Described]) -> None:
    """By id: genre, vector, number of the artist; into Delta, and the store's tracks as ``ingest_tracks`` has them."""
    features: list[dict[str, Any]] = [
        {"track_id": key, "feature_spec": "fast-1", "vector": list(vector)} for key, (_, vector, _) in tracks.items()
    ]
    rows: list[dict[str, Any]] = [
        {"track_id": key, "genre": genre, "artist_id": f"a{artist}", "playable": False}
        for key, (genre, _, artist) in tracks.items()
    ]
    delta.merge(spark, cfg, TRACK_FEATURES, literal_rows(spark, TRACK_FEATURES, features))
    delta.merge(spark, cfg, TRACKS, literal_rows(spark, TRACKS, rows))
    shown = [{"_id": row["track_id"], "genre": row["genre"], "playable": False} for row in rows]
    with documents.database(cfg.mongo) as db:
        documents.replace_documents(db, TRACKS_COLLECTION, shown)


def catalogue() -> dict[str, Described]:
    """Twelve tracks of each of three genres by six artists, two polkas, and three tracks of which nothing is said."""
    rng = np.random.default_rng(0)
    known: dict[str, Described] = {}
    for number, (genre, centre) in enumerate(CENTRES.items()):
        for i in range(12):
            x, y = rng.normal(centre, 0.5).tolist()
            known[f"t:{genre}{i:02}"] = (genre, (x, y), number * 6 + i // 2)
    known |= {f"t:polka{i}": ("Polka", (9.0, 9.0), 50) for i in range(2)}
    return known | {"t:u1": (None, (-3.1, 0.1), 60), "t:u2": (None, (0.1, 4.1), 61), "t:u3": (None, (0.0, 1.3), 62)}


def test_tracks_without_a_genre_get_the_one_they_sound_like(
    spark: SparkSession, cfg: Config, player: DocumentStore
) -> None:
    write_tracks(spark, cfg, catalogue())
    summary = train_genres.run(spark, cfg)
    assert "trained: 3 genres" in summary
    rows = {row["track_id"]: row for row in delta.existing_table(spark, cfg, GENRE_PREDICTIONS).collect()}
    assert sorted(rows) == ["t:u1", "t:u2", "t:u3"]
    assert (rows["t:u1"]["genre"], rows["t:u2"]["genre"]) == ("Folk", "Jazz")
    assert set(rows["t:u3"]["probabilities"]) == set(CENTRES)
    assert sum(rows["t:u3"]["probabilities"].values()) == pytest.approx(1)
    assert rows["t:u1"]["probability"] == pytest.approx(max(rows["t:u1"]["probabilities"].values()), abs=1e-6)
    shown = player.tracks(["t:u1", "t:Folk00"])
    assert shown["t:u1"].genre_label == "Folk (predicted)"
    assert shown["t:Folk00"].genre_label == "Folk"
    stored = current_classifier(cfg)
    assert stored is not None
    assert stored.manifest["metrics"]["accuracy"] == 1.0
    assert stored.classifier.genres == ("Folk", "House", "Jazz"), "two polkas are too few to learn from"
    picture = classifier_folder(cfg) / stored.version / PICTURE
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_repeating_it_changes_nothing_and_a_new_track_is_predicted_without_training(
    spark: SparkSession, cfg: Config, player: DocumentStore
) -> None:
    cfg = replace(cfg, catalogue=replace(cfg.catalogue, genre_probability=0.9))
    write_tracks(spark, cfg, catalogue())
    train_genres.run(spark, cfg)
    first = current_classifier(cfg)
    write_tracks(spark, cfg, {"t:u4": (None, (3.2, 0.1), 70)})
    assert "in use already" in train_genres.run(spark, cfg)
    second = current_classifier(cfg)
    assert first is not None
    assert second is not None
    assert first.version == second.version
    assert player.tracks(["t:u4"])["t:u4"].genre_label == "House (predicted)"
    write_tracks(spark, cfg, {"t:u4": ("Polka", (3.2, 0.1), 70)})
    train_genres.run(spark, cfg)
    assert player.tracks(["t:u4"])["t:u4"].genre_label == "Polka"
    left = {row["track_id"] for row in delta.existing_table(spark, cfg, GENRE_PREDICTIONS).collect()}
    assert left == {"t:u1", "t:u2", "t:u3"}, "what has a genre now is predicted no more"


def test_a_track_between_the_genres_shows_none(spark: SparkSession, cfg: Config, player: DocumentStore) -> None:
    cfg = replace(cfg, catalogue=replace(cfg.catalogue, genre_probability=1.0))
    write_tracks(spark, cfg, catalogue())
    train_genres.run(spark, cfg)
    row = delta.existing_table(spark, cfg, GENRE_PREDICTIONS).where("track_id = 't:u3'").collect()[0]
    assert row["sure"] is False
    assert player.tracks(["t:u3"])["t:u3"].genre_label is None


def test_music_without_genres_is_no_error(spark: SparkSession, cfg: Config) -> None:
    write_tracks(spark, cfg, {"t:1": (None, (0.0, 1.0), 1)})
    assert train_genres.run(spark, cfg) == "nothing to learn from: 0 genres have 10 tracks or more"
    assert delta.existing_table(spark, cfg, GENRE_PREDICTIONS).count() == 0
    assert current_classifier(cfg) is None
