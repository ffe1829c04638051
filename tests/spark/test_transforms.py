"""Listens and snapshots on literal rows."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from spotistream.io.kafka import MESSAGE_SCHEMA
from spotistream.layouts import Table
from spotistream.tables import PLAYS, RECOMMENDATIONS, TRACKS
from spotistream.transforms.listens import listen_weights, popularity
from spotistream.transforms.snapshots import decoded_snapshots, first_update, new_snapshots

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def rows_of(spark: SparkSession, table: Table, *rows: dict[str, Any]) -> DataFrame:
    """Rows of a table; a column that is not given is null."""
    schema = ", ".join(f"`{column.name}` {column.type}" for column in table.fields)
    return spark.createDataFrame([tuple(row.get(name) for name in table.columns) for row in rows], schema)


def messages(spark: SparkSession, *values: dict[str, Any] | bytes) -> DataFrame:
    encoded = [value if isinstance(value, bytes) else json.dumps(value).encode() for value in values]
    return spark.createDataFrame([(b"k", v, "t", 0, i, NOW) for i, v in enumerate(encoded)], MESSAGE_SCHEMA)


def played(user: str, track: str | None, action: str, *, days_ago: float = 0, played_ms: int | None = None) -> dict:
    when = NOW - timedelta(days=days_ago)
    return {"user_id": user, "track_id": track, "action": action, "event_time": when, "played_ms": played_ms}


def weights(spark: SparkSession, *plays: dict[str, Any]) -> dict[tuple[str, str], float]:
    tracks = rows_of(spark, TRACKS, {"track_id": "t:1", "duration_s": 100.0}, {"track_id": "t:2"}, {"track_id": "t:3"})
    found = listen_weights(rows_of(spark, PLAYS, *plays), tracks, half_life_days=10.0).collect()
    return {(row["user_id"], row["track_id"]): row["weight"] for row in found}


def test_a_listen_counts_through_the_event_that_ends_it(spark: SparkSession) -> None:
    found = weights(
        spark,
        played("ann", "t:1", "play"),
        played("ann", "t:1", "complete"),
        played("bob", "t:1", "skip", played_ms=50_000),
        played("cleo", "t:1", "skip", played_ms=49_999),
        played("cleo", "t:2", "skip", played_ms=240_000),
        played("dan", "t:3", "like"),
        played("dan", None, "visit"),
        played("eve", "t:unknown", "complete"),
    )
    assert found == {
        ("ann", "t:1"): 1.0, ("bob", "t:1"): 1.0, ("cleo", "t:2"): 1.0, ("dan", "t:3"): 1.0,
    }  # fmt: skip


def test_plays_fade_from_the_listeners_own_newest_one(spark: SparkSession) -> None:
    found = weights(
        spark,
        played("now", "t:1", "complete"),
        played("then", "t:1", "complete", days_ago=5000),
        played("then", "t:1", "complete", days_ago=5010),
    )
    assert found == {("now", "t:1"): 1.0, ("then", "t:1"): pytest.approx(1.5)}


def test_popularity_counts_listeners_before_repeats(spark: SparkSession) -> None:
    frame = spark.createDataFrame(
        [("a", "t:1", 1.0), ("b", "t:1", 1.0), ("a", "t:2", 2.0)], "user_id STRING, track_id STRING, weight DOUBLE"
    )
    found = {row["track_id"]: (row["popularity"], row["listeners"]) for row in popularity(frame).collect()}
    assert found["t:1"] == (pytest.approx(2 * 0.6931471805599453), 2)
    assert found["t:2"] == (pytest.approx(1.0986122886681098), 1)


def test_a_snapshot_sent_twice_is_kept_once(spark: SparkSession) -> None:
    reason = {"code": "popular_in_topic", "track_id": None, "music_topic_id": "4"}
    item = {"rank": 1, "track_id": "t:1", "score": 0.5, "reason": reason}
    cause = {"event_id": "e1", "track_id": "t:9", "action": "play"}
    snapshot = {
        "_id": "ann", "version": 7, "model_version": "m1", "updated_at": "2026-05-01T12:00:00.000Z",
        "caused_by": cause, "recommendations": [item],
    }  # fmt: skip
    later = {**snapshot, "version": 8, "caused_by": None}
    found = decoded_snapshots(messages(spark, snapshot, snapshot, later, b"x")).orderBy("version")
    first, second = found.collect()
    assert tuple(first.asDict()) == RECOMMENDATIONS.columns
    assert (first["version"], first["caused_by_event_id"], first["caused_by_action"]) == (7, "e1", "play")
    assert first["recommendations"][0].asDict(recursive=True) == item
    assert (second["version"], second["caused_by_event_id"]) == (8, None)
    begun = first_update(found)
    assert begun is not None
    assert [row["version"] for row in new_snapshots(found, found.limit(1), first=begun).collect()] == [8]
