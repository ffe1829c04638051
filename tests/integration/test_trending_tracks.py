"""Trending from a real topic: the same windows as a recomputation from Delta, on shelves of the store."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaProducer
from plugins.literal_rows import literal_rows
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from spotistream.config import Config
from spotistream.io import delta
from spotistream.io.documents import database
from spotistream.launch import ensure_topics
from spotistream.pipelines import ingest_plays, trending_tracks
from spotistream.pipelines.recomputed_trending import compare_trending
from spotistream.services.running import start_missing
from spotistream.serving.kafka_client import client_options
from spotistream.serving.store import DocumentStore
from spotistream.tables import PLAYS, PLAYS_TOPIC, POPULAR_TRACKS, TRACK_TOPICS, TRACKS, TRENDING_TRACKS
from spotistream.transforms.trending import COUNTS, SCORES, trending_scores, trending_windows

HOUR = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=8)
"""Begin of the first hour of events; windows are counted from it in minutes."""
COLUMNS = (*COUNTS, *SCORES)


@pytest.fixture(scope="module")
def own_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A broker whose topic holds the events of this module alone."""
    with start_missing(tmp_path_factory.mktemp("trending"), kafka=True, store=False) as addresses:
        yield str(addresses.kafka)


@pytest.fixture
def cfg(cfg: Config, own_broker: str, store: str) -> Config:
    made = replace(
        cfg,
        kafka=replace(cfg.kafka, bootstrap_servers=own_broker),
        mongo=replace(cfg.mongo, uri=store, database=f"trending_{uuid.uuid4().hex[:12]}"),
        trending=replace(cfg.trending, slide_minutes=30, baseline_hours=3),
    )
    ensure_topics(made)
    return made


def listen(user: str, track: str, minutes: float, **changes: Any) -> dict[str, Any]:
    """A track heard to its end, so many minutes after HOUR."""
    when = (HOUR + timedelta(minutes=minutes)).isoformat(timespec="milliseconds")
    event = {"schema_version": 1, "event_id": str(uuid.uuid4()), "user_id": user, "track_id": track}
    return {**event, "action": "complete", "event_time": when, "source": "player", **changes}


def send(cfg: Config, *events: dict[str, Any] | bytes) -> None:
    producer = KafkaProducer(**client_options(cfg.kafka))
    for event in events:
        raw = isinstance(event, bytes)
        value, key = (event, b"x") if raw else (json.dumps(event).encode(), event["user_id"].encode())
        producer.send(PLAYS_TOPIC.name, value, key)
    producer.close()


def rows(frame: DataFrame) -> list[tuple[Any, ...]]:
    return sorted(tuple(row) for row in frame.select(*COLUMNS).collect())


def recomputed(spark: SparkSession, cfg: Config, *, without: str, closed: float) -> list[tuple[Any, ...]]:
    """What Delta ``plays`` gives for windows that end at most ``closed`` minutes after HOUR, one event left out."""
    plays = delta.existing_table(spark, cfg, PLAYS).where(F.col("event_id") != without)
    complete = F.col("window_end") <= HOUR + timedelta(minutes=closed)
    windows = trending_windows(plays, cfg).where(complete).localCheckpoint()
    return rows(trending_scores(windows, cfg))


def catalogue(spark: SparkSession, cfg: Config) -> None:
    """Three playable tracks of two genres, one of them in a topic, and one without audio."""
    tracks = [
        {"track_id": f"t:{n}", "playable": n < 4, "path": "/x", "genre_ids": ["rock" if n < 3 else "jazz"]}
        for n in (1, 2, 3, 4)
    ]
    delta.create_table(spark, cfg, TRACKS)
    delta.append(literal_rows(spark, TRACKS, tracks), cfg, TRACKS)
    placed = {"track_id": "t:2", "music_topic_id": "m1", "distance": 0.0}
    delta.create_table(spark, cfg, TRACK_TOPICS)
    delta.append(literal_rows(spark, TRACK_TOPICS, [placed]), cfg, TRACK_TOPICS)


def test_the_stream_gives_what_a_recomputation_gives_and_shows_the_newest_window(
    spark: SparkSession, cfg: Config
) -> None:
    catalogue(spark, cfg)
    early = [listen(f"u{n}", f"t:{n % 4 + 1}", 7 * n) for n in range(25)]
    send(cfg, *early, b"no event", early[3], early[20], listen("u1", "t:1", 170, action="play"))
    trending_tracks.JOB.run_once(spark, cfg)
    first = rows(delta.existing_table(spark, cfg, TRENDING_TRACKS))
    # The newest listen is at minute 168: what ends up to ten minutes before it cannot change any more.
    ends = {(row[1].astimezone(UTC) - HOUR) / timedelta(minutes=1) for row in first}
    assert ends == {30, 60, 90, 120, 150}

    late = listen("zoe", "t:3", 100)
    rising = [listen(f"v{n}", "t:2", 185 + n) for n in range(6)] + [listen("v1", "t:4", 200), listen("v2", "t:4", 200)]
    send(cfg, late, *rising, early[24], *rising, listen("ann", "t:1", 251))
    trending_tracks.JOB.run_once(spark, cfg)
    ingest_plays.JOB.run_once(spark, cfg)
    found = rows(delta.existing_table(spark, cfg, TRENDING_TRACKS))
    assert found == recomputed(spark, cfg, without=late["event_id"], closed=241)
    assert set(first) < set(found)

    # The newest window is that of the minutes 180 to 240; t:4 cannot be played.
    with database(cfg.mongo) as db:
        shelves = {each["_id"]: each for each in db[POPULAR_TRACKS.name].find({})}
    assert set(shelves) == {"trending:overall", "trending:topic:m1", "trending:genre:rock"}
    for shelf in shelves.values():
        assert [(one["track_id"], one["listeners"]) for one in shelf["tracks"]] == [("t:2", 6)]
    shown = DocumentStore(uri=cfg.mongo.uri, database=cfg.mongo.database, timeout_ms=5000).trending(10)
    assert [each.track_id for each in shown.tracks] == ["t:2"]
    assert shown.window_end == HOUR + timedelta(minutes=240)
    places = {
        row["track_id"]: row["places"]
        for row in delta.existing_table(spark, cfg, TRENDING_TRACKS)
        .where(F.col("window_end") == HOUR + timedelta(minutes=240))
        .collect()
    }
    assert places == {"t:2": {"overall": 1, "topic:m1": 1, "genre:rock": 1}, "t:4": None}

    # The command says the same; the window of the listen that came too late is not held against the stream.
    compared = compare_trending(spark, cfg, write=False)
    assert (compared.windows, compared.late, compared.rows_different) == (len({row[0] for row in found}), 2, 0)
    assert compared.same == len(found) - 2
    plays = delta.existing_table(spark, cfg, PLAYS)
    lost = plays.where(F.col("event_id") == rising[0]["event_id"]).localCheckpoint()
    delta.delete_rows(spark, cfg, PLAYS, lost, keys=("event_id",))
    wrong = compare_trending(spark, cfg, write=False)
    assert wrong.different == 2  # windows overlap
    assert all(each.endswith(", t:2") for each in wrong.differing)
    assert compare_trending(spark, cfg, write=True).written
    assert compare_trending(spark, cfg, write=False).rows_different == 0
    with database(cfg.mongo) as db:
        assert db[POPULAR_TRACKS.name].find_one({"_id": "trending:overall"})["tracks"][0]["listeners"] == 5
        db[POPULAR_TRACKS.name].delete_one({"_id": "trending:topic:m1"})
    assert compare_trending(spark, cfg, write=False).shelves_different == 1
    delta.append(lost, cfg, PLAYS)
    compare_trending(spark, cfg, write=True)
    assert rows(delta.existing_table(spark, cfg, TRENDING_TRACKS)) == recomputed(
        spark, cfg, without=late["event_id"], closed=241
    )

    # A new checkpoint reads the topic again and adds nothing; a lost store is filled again.
    shutil.rmtree(Path(cfg.paths.checkpoints) / "trending_tracks")
    with database(cfg.mongo) as db:
        db[POPULAR_TRACKS.name].drop()
    trending_tracks.JOB.run_once(spark, cfg)
    assert rows(delta.existing_table(spark, cfg, TRENDING_TRACKS)) == found
    with database(cfg.mongo) as db:
        assert {each["_id"] for each in db[POPULAR_TRACKS.name].find({})} == set(shelves)
