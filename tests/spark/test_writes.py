"""Every write can be repeated."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from plugins.literal_rows import literal_rows
from pyspark.sql import DataFrame, SparkSession

from spotistream.config import Config
from spotistream.io import delta
from spotistream.io.kafka import MESSAGE_SCHEMA
from spotistream.launch import ensure_topics
from spotistream.models.als_spark import track_factors
from spotistream.pipelines.ingest_plays import write_batch
from spotistream.tables import PLAYS, PLAYS_REJECTED, TRACK_FEATURES
from spotistream.transforms.play_events import decoded_plays

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
EVENT = {
    "schema_version": 1,
    "event_id": "00000000-0000-4000-8000-000000000001",
    "user_id": "ann",
    "track_id": "file:0123456789abcdef",
    "action": "play",
    "event_time": "2026-05-01T11:59:00Z",
    "source": "player",
}


@pytest.fixture
def cfg(cfg: Config, broker: str) -> Config:
    """With a broker: what is rejected is also sent there."""
    made = replace(cfg, kafka=replace(cfg.kafka, bootstrap_servers=broker))
    ensure_topics(made)
    return made


@pytest.fixture
def batch(spark: SparkSession, cfg: Config) -> Iterator[DataFrame]:
    """A batch as inside a running query: one event and one message that is none."""
    for table in (PLAYS, PLAYS_REJECTED):
        delta.create_table(spark, cfg, table)
    spark.sparkContext.setLocalProperty("sql.streaming.queryId", "query-1")
    rows = [(b"ann", json.dumps(EVENT).encode(), "plays", 0, 5, NOW), (b"ann", b"{", "plays", 0, 6, NOW)]
    yield decoded_plays(spark.createDataFrame(rows, MESSAGE_SCHEMA))
    spark.sparkContext.setLocalProperty("sql.streaming.queryId", None)


def test_a_batch_that_is_tried_again_is_written_once(spark: SparkSession, cfg: Config, batch: DataFrame) -> None:
    for _ in range(2):
        write_batch(batch, 0, cfg)
    assert delta.existing_table(spark, cfg, PLAYS).count() == 1
    rejected = delta.existing_table(spark, cfg, PLAYS_REJECTED).collect()
    assert [(row["kafka_offset"], row["value"]) for row in rejected] == [(6, b"{")]


def test_an_event_that_comes_again_in_a_later_batch_counts_once(
    spark: SparkSession, cfg: Config, batch: DataFrame
) -> None:
    for batch_id in (0, 1):
        write_batch(batch, batch_id, cfg)
    assert [row["kafka_offset"] for row in delta.existing_table(spark, cfg, PLAYS).collect()] == [5]


def test_merging_the_same_rows_again_changes_nothing(spark: SparkSession, cfg: Config) -> None:
    row = {"track_id": "t:1", "feature_spec": "fast-1", "content_hash": "a", "vector": [1.0]}
    first = literal_rows(spark, TRACK_FEATURES, [row])
    changed = literal_rows(spark, TRACK_FEATURES, [{**row, "content_hash": "b", "vector": [2.0]}])
    for frame in (first, first, changed):
        delta.merge(spark, cfg, TRACK_FEATURES, frame)
    rows = delta.existing_table(spark, cfg, TRACK_FEATURES).collect()
    assert [(row["track_id"], row["content_hash"], row["vector"]) for row in rows] == [("t:1", "b", [2.0])]


def test_tables_say_what_their_columns_mean(spark: SparkSession, cfg: Config) -> None:
    delta.create_table(spark, cfg, PLAYS)
    fields = {field.name: field for field in delta.existing_table(spark, cfg, PLAYS).schema.fields}
    assert fields["played_ms"].metadata["comment"].endswith("milliseconds; with complete and skip")
    assert tuple(fields) == PLAYS.columns


def test_factors_of_two_camps_stand_apart_and_come_out_the_same_again(spark: SparkSession) -> None:
    rows = [(f"u{i}", f"t:{j}", 1.0) for i in range(20) for j in range(8) if (i + j) % 2 == 0]
    listens = spark.createDataFrame(rows, "user_id STRING, track_id STRING, weight DOUBLE")
    numbers = spark.createDataFrame([(f"t:{j}", j) for j in range(9)], "track_id STRING, number INT")
    settings = {"factors": 4, "alpha": 20.0, "regularisation": 0.1, "iterations": 5, "seed": 3, "blocks": 2}
    found, again = (track_factors(listens, numbers=numbers, **settings) for _ in range(2))
    assert found.tolist() == again.tolist()
    assert found.shape == (9, 4)
    assert not found[8].any()
    assert float(found[0] @ found[2]) > 5 * abs(float(found[0] @ found[1]))
