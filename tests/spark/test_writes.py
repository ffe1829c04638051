"""Every write can be repeated."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from plugins.literal_rows import literal_rows
from pyspark.sql import DataFrame, SparkSession

from spotistream.config import Config
from spotistream.io import delta, once
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


def test_an_event_under_a_stored_id_is_rejected_with_its_bytes(
    spark: SparkSession, cfg: Config, batch: DataFrame
) -> None:
    write_batch(batch, 0, cfg)
    other = json.dumps({**EVENT, "track_id": "file:2"}).encode()
    write_batch(decoded_plays(spark.createDataFrame([(b"ann", other, "plays", 0, 7, NOW)], MESSAGE_SCHEMA)), 1, cfg)
    rejected = {row["kafka_offset"]: row["value"] for row in delta.existing_table(spark, cfg, PLAYS_REJECTED).collect()}
    assert rejected == {6: b"{", 7: other}
    assert [row["kafka_offset"] for row in delta.existing_table(spark, cfg, PLAYS).collect()] == [5]


def factors_row(spark: SparkSession) -> DataFrame:
    row = {"track_id": "t:1", "feature_spec": "fast-1", "content_hash": "a", "vector": [1.0]}
    return literal_rows(spark, TRACK_FEATURES, [row])


@pytest.fixture
def restarted(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Forget what this process has written, as one that was started anew."""
    return lambda: monkeypatch.setattr(once, "_last", {})


def test_a_batch_written_by_an_earlier_process_is_not_written_again(
    spark: SparkSession, cfg: Config, restarted: Callable[[], None]
) -> None:
    rows = factors_row(spark)
    for query, batch in (("q", 0), ("q", 1), ("q", 1), ("other", 0), ("q", 0)):
        restarted()
        delta.append(rows, cfg, TRACK_FEATURES, app_id=query, version=batch)
    assert delta.existing_table(spark, cfg, TRACK_FEATURES).count() == 3


def test_a_batch_that_delta_noted_itself_is_not_written_again(
    spark: SparkSession, cfg: Config, restarted: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = factors_row(spark)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(once, "is_local", lambda _path: False)
        for batch in (3, 3, 4):
            restarted()
            delta.append(rows, cfg, TRACK_FEATURES, app_id="q", version=batch)
    for batch in (4, 5):
        restarted()
        delta.append(rows, cfg, TRACK_FEATURES, app_id="q", version=batch)
    assert delta.existing_table(spark, cfg, TRACK_FEATURES).count() == 3


def test_delta_is_asked_where_the_log_was_cleaned_up(
    spark: SparkSession, cfg: Config, restarted: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, path = factors_row(spark), delta.table_path(cfg, TRACK_FEATURES)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(once, "is_local", lambda _path: False)
        delta.append(rows, cfg, TRACK_FEATURES, app_id="q", version=0)
    delta.append(rows, cfg, TRACK_FEATURES)
    jvm: Any = spark._jvm
    jvm.org.apache.spark.sql.delta.DeltaLog.forTable(spark._jsparkSession, path).checkpoint()
    (Path(path) / "_delta_log" / f"{0:020}.json").unlink()
    restarted()
    delta.append(rows, cfg, TRACK_FEATURES, app_id="q", version=0)
    assert delta.existing_table(spark, cfg, TRACK_FEATURES).count() == 2


def test_a_write_that_failed_is_looked_for_before_it_is_tried_again(spark: SparkSession, cfg: Config) -> None:
    rows = factors_row(spark)
    delta.append(rows, cfg, TRACK_FEATURES, app_id="q", version=0)
    path = delta.table_path(cfg, TRACK_FEATURES)
    # Batch 1 is committed, but whoever wrote it never heard of it.
    lost = once.marked(rows.write.format("delta").mode("append"), path, app_id="q", version=1)
    assert lost is not None
    lost.save(path)
    delta.append(rows, cfg, TRACK_FEATURES, app_id="q", version=1)
    assert delta.existing_table(spark, cfg, TRACK_FEATURES).count() == 2


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
