"""import_metadata and import_features with Spark, Delta and a broker: what tables and topic hold after each run."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from kafka import KafkaConsumer, TopicPartition
from pyspark.sql import SparkSession

from spotistream.audio.spec import FMA_OFFICIAL
from spotistream.catalogue.fma.source import REMEDY
from spotistream.config import Config
from spotistream.errors import InputError
from spotistream.io import delta
from spotistream.launch import ensure_topics, with_metadata
from spotistream.layouts import Table
from spotistream.names import album_id, artist_id
from spotistream.pipelines import import_features, import_metadata
from spotistream.pipelines.import_metadata import catalogue_message
from spotistream.tables import METADATA_REJECTED, SCHEMA_VERSION, TRACK_FEATURES, TRACK_METADATA, TRACKS_TOPIC

TRACKS_CSV = """,album,album,album,artist,artist,track,track,track
,date_released,id,title,id,name,date_created,genres,title
track_id,,,,,,,,
2,2009-01-05 00:00:00,1,A Way Of Life,1,AWOL,2008-11-26 01:48:12,[2],Food
3,2009-01-05 00:00:00,1,A Way Of Life,1,AWOL,,[2],"Electric Ave
5,2009-01-05 00:00:00,1,A Way Of Life,1,AWOL,,[2],This World
10,,6,Constant Hitmaker,6,Kurt Vile,,[],Freeway
10,,6,Constant Hitmaker,6,Kurt Vile,,[],Again
"""
GENRES_CSV = "genre_id,#tracks,parent,title,top_level\n1,9,0,Rock,1\n2,8,1,Punk,1\n"


@pytest.fixture
def cfg(cfg: Config, broker: str) -> Config:
    cfg = replace(cfg, kafka=replace(cfg.kafka, bootstrap_servers=broker))
    ensure_topics(cfg)
    return cfg


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "fma_metadata"
    folder.mkdir()
    (folder / "tracks.csv").write_text(TRACKS_CSV)
    (folder / "genres.csv").write_text(GENRES_CSV)
    return folder


def versions(cfg: Config, *tables: Table) -> list[int | None]:
    return [delta.table_version(cfg, table) for table in tables]


def rejected(spark: SparkSession, cfg: Config) -> list[tuple[str, int, str]]:
    rows = delta.read_table(spark, cfg, METADATA_REJECTED).orderBy("file", "line").collect()
    return [(row.file, row.line, row.code) for row in rows]


def end_of_topic(cfg: Config) -> dict[TopicPartition, int]:
    consumer = KafkaConsumer(bootstrap_servers=cfg.kafka.bootstrap_servers)
    parts = [TopicPartition(TRACKS_TOPIC.name, part) for part in consumer.partitions_for_topic(TRACKS_TOPIC.name)]
    ends = consumer.end_offsets(parts)
    consumer.close()
    return dict(ends)


def messages_since(cfg: Config, start: dict[TopicPartition, int]) -> dict[str, dict]:
    """The newest message of each key."""
    ends = end_of_topic(cfg)
    consumer = KafkaConsumer(bootstrap_servers=cfg.kafka.bootstrap_servers)
    consumer.assign(list(start))
    for part, offset in start.items():
        consumer.seek(part, offset)
    found: dict[str, dict] = {}
    while any(consumer.position(part) < ends[part] for part in start):
        for records in consumer.poll(timeout_ms=1000).values():
            found |= {record.key.decode(): json.loads(record.value) for record in records}
    consumer.close()
    return found


def test_the_life_of_a_metadata_file(spark: SparkSession, cfg: Config, folder: Path) -> None:
    cfg = with_metadata(cfg, folder)
    assert with_metadata(replace(cfg, catalogue=replace(cfg.catalogue, metadata="")), None) == cfg
    start = end_of_topic(cfg)

    summary = import_metadata.run(spark, cfg)
    assert str(summary).startswith("3 tracks, 2 genres, 2 artists, 2 albums, 2 records rejected in ")
    assert str(summary).endswith(" s; next: spotistream run publish")
    table = delta.read_table(spark, cfg, TRACK_METADATA)
    tracks = {row.track_id: row for row in table.selectExpr("*", "CAST(added_at AS STRING) AS added").collect()}
    assert {id_: row.title for id_, row in tracks.items()} == {
        "fma:2": "Food", "fma:5": "This World", "fma:10": "Freeway"
    }  # fmt: skip
    food = tracks["fma:2"]
    assert (food.genre, food.genre_ids, food.year) == ("Rock", ["punk", "rock"], 2009)
    assert food.added == "2008-11-26 01:48:12"
    assert rejected(spark, cfg) == [("tracks.csv", 5, "cut"), ("tracks.csv", 8, "duplicate")]
    sent = messages_since(cfg, start)
    awol, kurt = artist_id("AWOL"), artist_id("Kurt Vile")
    assert sorted(sent) == sorted(
        [
            "genre:rock", "genre:punk", f"artist:{awol}", f"artist:{kurt}",
            f"album:{album_id('AWOL', 'A Way Of Life')}", f"album:{album_id('Kurt Vile', 'Constant Hitmaker')}",
        ]
    )  # fmt: skip
    assert sent["genre:punk"] == {
        "schema_version": SCHEMA_VERSION, "kind": "genre", "genre_id": "punk", "title": "Punk", "source_id": "fma:2",
        "parent_id": "rock", "top_id": "rock", "track_count": 8,
    }  # fmt: skip

    written = versions(cfg, TRACK_METADATA, METADATA_REJECTED)
    assert (import_metadata.run(spark, cfg).tracks, versions(cfg, TRACK_METADATA, METADATA_REJECTED)) == (3, written)
    assert messages_since(cfg, start) == sent

    (folder / "tracks.csv").write_text(TRACKS_CSV.replace('"Electric', "Electric"))
    assert import_metadata.run(spark, cfg).tracks == 4
    assert rejected(spark, cfg) == [("tracks.csv", 8, "duplicate")]
    assert delta.read_table(spark, cfg, TRACK_METADATA).count() == 4


def test_the_real_metadata_from_a_zip(spark: SparkSession, cfg: Config, shared_data: Path, tmp_path: Path) -> None:
    path = tmp_path / "fma_metadata.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(shared_data / "fma" / "tracks_head2105.truncated.csv", "fma_metadata/tracks.csv")
        for name in ("genres.csv", "raw_genres.csv"):
            archive.write(shared_data / "fma" / name, f"fma_metadata/{name}")
    cfg = with_metadata(cfg, path)
    start = end_of_topic(cfg)
    assert str(import_metadata.run(spark, cfg)).startswith(
        "682 tracks, 163 genres, 84 artists, 148 albums, 1 record rejected in "
    )
    assert delta.read_table(spark, cfg, TRACK_METADATA).count() == 682
    assert rejected(spark, cfg) == [("tracks.csv", 2107, "cut")]
    sent = messages_since(cfg, start)
    assert len(sent) == 163 + 84 + 148
    assert sent[f"artist:{artist_id('AWOL')}"]["added_at"] == "2008-11-26T01:42:32Z"
    assert sent[f"album:{album_id('AWOL', 'AWOL - A Way Of Life')}"]["released_on"] == "2009-01-05"


def test_official_features_become_vectors(spark: SparkSession, cfg: Config, tmp_path: Path) -> None:
    header = [[part, *names] for part, names in zip(("feature", "statistics", "number"), _names(), strict=True)]
    text = io.StringIO()
    values = np.arange(518, dtype=np.float32)
    bad = ["", *values[1:]]
    for row in (*header, ["track_id", *[""] * 518], [2, *values], [3, *bad], [4, 0.5], [5, *[""] * 518]):
        text.write(",".join(map(str, row)) + "\n")
    (tmp_path / "features.csv").write_text(text.getvalue())
    cfg = with_metadata(cfg, tmp_path)

    assert str(import_features.run(spark, cfg)).startswith(
        "features of 2 tracks (fma-official-1), 2 records rejected in "
    )
    rows = {row.track_id: row for row in delta.read_table(spark, cfg, TRACK_FEATURES).collect()}
    assert {id_: (row.feature_spec, row.content_hash, row.tempo) for id_, row in rows.items()} == {
        "fma:2": ("fma-official-1", None, None), "fma:3": ("fma-official-1", None, None)
    }  # fmt: skip
    assert rows["fma:2"].vector == values.tolist()
    assert np.isnan(rows["fma:3"].vector[0])
    assert rejected(spark, cfg) == [("features.csv", 7, "columns"), ("features.csv", 8, "missing")]

    written = versions(cfg, TRACK_FEATURES, METADATA_REJECTED)
    import_features.run(spark, cfg)
    assert versions(cfg, TRACK_FEATURES, METADATA_REJECTED) == written


def _names() -> list[tuple[str, ...]]:
    return list(zip(*(name.split(".") for name in FMA_OFFICIAL.names), strict=True))


def test_metadata_that_is_not_there_is_one_line(spark: SparkSession, cfg: Config, folder: Path) -> None:
    with pytest.raises(InputError) as unknown:
        import_metadata.run(spark, cfg)
    assert str(unknown.value) == f"the metadata: is not known to this home; {REMEDY}"
    with pytest.raises(InputError) as missing:
        import_features.run(spark, with_metadata(cfg, folder))
    assert str(missing.value) == f"{folder}: holds no features.csv (found: tracks.csv, genres.csv); {REMEDY}"


def test_a_message_leaves_out_what_is_not_known() -> None:
    key, value = catalogue_message("genre", {"genre_id": "chanson", "title": "Chanson Française", "colour": None})
    assert (key, json.loads(value)) == (
        "genre:chanson",
        {"schema_version": SCHEMA_VERSION, "kind": "genre", "genre_id": "chanson", "title": "Chanson Française"},
    )
