"""The map of the catalogue, from literal rows to what the player reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from spotistream.config import Config
from spotistream.errors import InputError
from spotistream.io import delta
from spotistream.launch import with_addresses
from spotistream.pipelines import map_tracks
from spotistream.serving.store import DocumentStore
from spotistream.serving.track_map import TrackMap
from spotistream.tables import TRACK_MAP, TRACK_SOUNDS, TRACKS

SOUNDS = [[1.0, 0.0, 0.0], [0.9, 0.1, 0.0], [0.0, 1.0, 0.0], [0.0, 0.9, 0.1], [0.0, 0.0, 1.0]]
GENRES = ["House", "House", "Folk", None, "Jazz"]


@pytest.fixture
def cfg(cfg: Config, store: str, tmp_path: Path) -> Config:
    """An empty home, and a database of its own."""
    cfg = with_addresses(cfg, kafka=None, mongo=store)
    return replace(cfg, mongo=replace(cfg.mongo, database=f"map_{tmp_path.name[:40]}".replace("-", "_")))


@pytest.fixture
def player(cfg: Config) -> Iterator[DocumentStore]:
    reader = DocumentStore(uri=cfg.mongo.uri, database=cfg.mongo.database, timeout_ms=5000)
    yield reader
    reader.close()


def write_tracks(spark: SparkSession, cfg: Config, numbers: range, *, version: str = "s1") -> None:
    """Track ``t:<number>`` sounds like number modulo five; every fifth has no audio."""
    sounds = [(f"t:{n:02}", version, None, SOUNDS[n % 5], 0) for n in numbers]
    delta.merge(spark, cfg, TRACK_SOUNDS, spark.createDataFrame(sounds, delta.table_schema(TRACK_SOUNDS)))
    given = [
        {"track_id": f"t:{n:02}", "genre": GENRES[n % 5], "playable": n % 5 != 4, "path": f"/music/{n}.ogg"}
        for n in numbers
    ]
    delta.merge(
        spark, cfg, TRACKS, spark.createDataFrame([{**dict.fromkeys(TRACKS.columns), **row} for row in given],
                                                  delta.table_schema(TRACKS)),
    )  # fmt: skip


def points(spark: SparkSession, cfg: Config) -> dict[str, tuple[float, float]]:
    return {row["track_id"]: (row["x"], row["y"]) for row in delta.existing_table(spark, cfg, TRACK_MAP).collect()}


def test_table_and_document_hold_the_same_map(spark: SparkSession, cfg: Config, player: DocumentStore) -> None:
    assert player.track_map() == TrackMap()
    write_tracks(spark, cfg, range(5))
    summary = map_tracks.run(spark, cfg)
    shown = player.track_map()
    assert summary == f"{shown.map_version}: 5 tracks, computed anew"
    assert shown.track_ids == ("t:00", "t:01", "t:02", "t:03", "t:04")
    assert shown.genres == ("House", "House", "Folk", None, "Jazz")
    assert shown.playable == (True, True, True, True, False)
    assert dict(zip(shown.track_ids, zip(shown.x, shown.y, strict=True), strict=True)) == points(spark, cfg)
    assert max(map(abs, shown.x + shown.y)) == pytest.approx(1)
    rows = delta.existing_table(spark, cfg, TRACK_MAP).collect()
    assert {row["map_version"] for row in rows} == {shown.map_version}
    assert {row["track_id"]: row["genre"] for row in rows} == dict(zip(shown.track_ids, shown.genres, strict=True))


def test_the_same_catalogue_again_changes_nothing(spark: SparkSession, cfg: Config, player: DocumentStore) -> None:
    write_tracks(spark, cfg, range(20))
    map_tracks.run(spark, cfg)
    before, version = player.track_map(), delta.table_version(cfg, TRACK_MAP)
    map_tracks.run(spark, cfg)
    assert player.track_map() == before
    assert delta.table_version(cfg, TRACK_MAP) == version
    map_tracks.run(spark, cfg, refit=True)
    assert player.track_map() == before


def test_a_few_new_tracks_are_placed_and_the_others_stay(
    spark: SparkSession, cfg: Config, player: DocumentStore
) -> None:
    write_tracks(spark, cfg, range(20))
    map_tracks.run(spark, cfg)
    before, version = points(spark, cfg), player.track_map().map_version
    write_tracks(spark, cfg, range(22))
    assert map_tracks.run(spark, cfg) == f"{version}: 22 tracks, 2 of them placed on the map as it is"
    after = points(spark, cfg)
    assert {track_id: after[track_id] for track_id in before} == before
    same_sound = [before[f"t:{n:02}"] for n in range(0, 20, 5)]
    assert after["t:20"] in [pytest.approx(point, abs=0.5) for point in same_sound]
    assert player.track_map().map_version == version
    assert len(player.track_map()) == 22


def test_too_many_new_tracks_since_the_map_was_computed_make_it_anew(
    spark: SparkSession, cfg: Config, player: DocumentStore
) -> None:
    write_tracks(spark, cfg, range(20))
    map_tracks.run(spark, cfg)
    first = player.track_map().map_version
    write_tracks(spark, cfg, range(22))
    map_tracks.run(spark, cfg)
    write_tracks(spark, cfg, range(23))
    assert map_tracks.run(spark, cfg).endswith(": 23 tracks, computed anew")
    assert player.track_map().map_version != first


def test_a_map_of_other_sounds_is_computed_anew_and_tracks_without_a_sound_leave_it(
    spark: SparkSession, cfg: Config, player: DocumentStore
) -> None:
    write_tracks(spark, cfg, range(5))
    map_tracks.run(spark, cfg)
    write_tracks(spark, cfg, range(1, 5), version="s2")
    assert map_tracks.run(spark, cfg).endswith(": 4 tracks, computed anew")
    assert sorted(points(spark, cfg)) == list(player.track_map().track_ids) == ["t:01", "t:02", "t:03", "t:04"]


def test_what_is_kept_of_the_map_and_cannot_be_read_is_made_again(
    spark: SparkSession, cfg: Config, player: DocumentStore
) -> None:
    write_tracks(spark, cfg, range(20))
    map_tracks.run(spark, cfg)
    before = player.track_map()
    (Path(cfg.paths.models) / map_tracks.FIT_FILE).write_text("{")
    assert map_tracks.run(spark, cfg).endswith(": 20 tracks, computed anew")
    assert player.track_map() == before


def test_a_catalogue_without_sounds_is_said(spark: SparkSession, cfg: Config) -> None:
    with pytest.raises(InputError, match="table track_sounds: holds no sound of a track"):
        map_tracks.run(spark, cfg)
