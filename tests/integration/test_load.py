"""Much at once: one listener with ten thousand events, a crowd of new ones, an hour's backlog, a disk that fills."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from plugins.killable import killable_services
from plugins.small_model import publish_small_model
from plugins.whole_service import wait_for
from pyspark.sql import SparkSession
from pyspark.sql.streaming.query import StreamingQuery

from spotistream.config import Config, load_config
from spotistream.events import PlayEvent
from spotistream.io import delta, documents
from spotistream.io.kafka import ONCE_FACTOR
from spotistream.launch import disk_problem
from spotistream.pipelines import ingest_plays, refresh_recommendations
from spotistream.pipelines.recompute import recompute
from spotistream.pipelines.stored_recommendations import SnapshotTopic, document_of
from spotistream.pipelines.streaming import stop_between_batches
from spotistream.serving.bulk import BulkPublisher
from spotistream.tables import PLAYS, PLAYS_TOPIC, RECOMMENDATIONS_COLLECTION

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOT_EVENTS, A_BATCH, OTHERS, CROWD = 10_000, 1_000, 20, 1_500
DISK_MB = 24


def play(user_id: str, number: int) -> PlayEvent:
    """The ``number``th play of a listener, a minute after the one before."""
    event_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{user_id} {number}"))
    when = NOW + timedelta(minutes=number)
    return PlayEvent(event_id, user_id, "play", when, "api", track_id=f"t:{number % 300:04}")


def send(cfg: Config, *events: PlayEvent) -> None:
    with BulkPublisher(cfg.kafka) as publisher:
        for event in events:
            publisher.send(PLAYS_TOPIC, event.user_id, event.to_json())


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Config]:
    """Services of its own, a model, and batches that are small beside what comes."""
    cfg = load_config(home=tmp_path / "home", environ={})
    with killable_services(cfg) as (found, _):
        publish_small_model(found)
        yield replace(found, kafka=replace(found.kafka, max_offsets_per_trigger=A_BATCH // ONCE_FACTOR))


def snapshots(cfg: Config) -> list[tuple[str, int]]:
    """Listener and version of each snapshot, partition by partition in the order they were sent."""
    topic = SnapshotTopic(cfg.kafka)
    found = [(document["_id"], document["version"]) for document in map(document_of, topic.messages({}))]
    topic.close()
    return found


def batch_rows(query: StreamingQuery) -> list[int]:
    return [progress["numInputRows"] for progress in query.recentProgress if progress["numInputRows"]]


def test_a_hot_listener_and_a_crowd_of_new_ones_stall_nobody(spark: SparkSession, home: Config) -> None:
    send(home, *(play("hot", number) for number in range(HOT_EVENTS)))
    send(home, *(play(f"other-{number}", number) for number in range(OTHERS)))
    (query,) = refresh_recommendations.JOB.start(spark, home, True)
    query.awaitTermination()
    rows = batch_rows(query)
    assert sum(rows) == HOT_EVENTS + OTHERS
    assert len(rows) >= HOT_EVENTS // A_BATCH  # never all at once
    assert max(rows) <= A_BATCH + home.kafka.partitions
    with documents.database(home.mongo) as db:
        tables = {each["_id"]: each for each in db[RECOMMENDATIONS_COLLECTION.name].find({})}
    assert set(tables) == {"hot", *(f"other-{number}" for number in range(OTHERS))}
    # Whoever is not behind the hot listener in a partition was served while that one was still being read.
    hot = tables["hot"]["updated_at"]
    assert sum(table["updated_at"] < hot for table in tables.values()) > OTHERS // 3

    send(home, *(play(f"new-{number}", 0) for number in range(CROWD)), play("other-0", OTHERS))
    (query,) = refresh_recommendations.JOB.start(spark, home, True)
    query.awaitTermination()
    assert max(batch_rows(query)) <= A_BATCH + home.kafka.partitions
    ingest_plays.JOB.run_once(spark, home)
    found = recompute(spark, home, write=False)
    assert (found.same, found.rows_different) == (CROWD + OTHERS + 1, 0)
    assert len({user for user, _ in snapshots(home)}) == CROWD + OTHERS + 1


def test_queries_whose_batches_follow_each_other_without_a_pause_stop_when_asked(
    spark: SparkSession, home: Config
) -> None:
    queries = refresh_recommendations.JOB.start(spark, home, False)
    enough = threading.Event()

    def keep_sending() -> None:
        number = 0
        while not enough.wait(0.02):
            number += 1
            send(home, play(f"other-{number % OTHERS}", number))

    sender = threading.Thread(target=keep_sending)
    sender.start()
    try:
        with documents.database(home.mongo) as db:
            wait_for(lambda: db[RECOMMENDATIONS_COLLECTION.name].count_documents({}) == OTHERS, 60)
        asked = time.monotonic()
        stop_between_batches(queries, timeout_s=60)
        taken = time.monotonic() - asked
    finally:
        enough.set()
        sender.join()
    assert taken < 30, taken
    assert [query.exception() for query in queries] == [None, None]
    ingest_plays.JOB.run_once(spark, home)
    refresh_recommendations.JOB.run_once(spark, home)
    assert recompute(spark, home, write=False).rows_different == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with little room."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a disk that fills needs the right to mount a small one, which this user does not have")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_fills_stops_the_query_and_loses_nothing(
    spark: SparkSession, home: Config, small_disk: Path
) -> None:
    paths = replace(home.paths, lake=str(small_disk / "lake"), checkpoints=str(small_disk / "checkpoints"))
    cfg = replace(home, paths=paths, stream=replace(home.stream, ingest_seconds=0))
    send(cfg, *(play("ann", number) for number in range(50)))
    ingest_plays.JOB.run_once(spark, cfg)

    (query,) = ingest_plays.JOB.start(spark, cfg, False)
    filler = small_disk / "filler"
    with filler.open("wb") as file:
        room = shutil.disk_usage(small_disk).free
        file.write(b"\0" * (room - 4096))
        os.fsync(file.fileno())
    send(cfg, *(play("ann", number) for number in range(50, 1_000)))
    with pytest.raises(Exception) as met:
        query.awaitTermination(120)
    problem = disk_problem(met.value)
    assert problem is not None
    assert "the disk is full" in str(problem)

    filler.unlink()
    ingest_plays.JOB.run_once(spark, cfg)
    ids = [row["event_id"] for row in delta.existing_table(spark, cfg, PLAYS).collect()]
    assert sorted(ids) == sorted(play("ann", number).event_id for number in range(1_000))
