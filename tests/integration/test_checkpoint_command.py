"""`spotistream checkpoint` on checkpoints that Spark has written, and what a reset leaves in Delta."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession

from spotistream.config import Config, load_config
from spotistream.events import PlayEvent
from spotistream.io import delta, kafka
from spotistream.launch import ensure_topics, with_addresses
from spotistream.models.listener_stream import changed_listeners
from spotistream.monitoring.board import Board
from spotistream.monitoring.notes import Notes
from spotistream.monitoring.publishing import Publisher
from spotistream.pipelines import ingest_plays
from spotistream.pipelines.checkpoints import read_checkpoint
from spotistream.pipelines.streaming import start_query
from spotistream.serving.bulk import BulkPublisher
from spotistream.tables import PLAYS, PLAYS_TOPIC
from spotistream.transforms.play_events import decoded_plays

STATEFUL = "refresh_recommendations"


@pytest.fixture(scope="module")
def read_cfg(tmp_path_factory: pytest.TempPathFactory, broker: str, spark: SparkSession) -> Config:
    """Events of two listeners, one of them twice, read by a query with state and by one that ends in Delta."""
    cfg = load_config(home=tmp_path_factory.mktemp("checkpoints") / "home", environ={})
    cfg = with_addresses(cfg, kafka=broker, mongo=None)
    ensure_topics(cfg)
    with BulkPublisher(cfg.kafka) as publisher:
        for user in ("ann", "bob"):
            event = PlayEvent(str(uuid.uuid4()), user, "play", datetime.now(UTC), "api", track_id="fma:2")
            for _ in range(2 if user == "ann" else 1):
                publisher.send(PLAYS_TOPIC, user, event.to_json())
    run_stateful(spark, cfg)
    ingest_plays.JOB.run_once(spark, cfg)
    return cfg


def run_stateful(spark: SparkSession, cfg: Config) -> None:
    def write(batch: DataFrame, _batch_id: int) -> None:
        batch.count()

    events = decoded_plays(kafka.read_stream(spark, cfg, PLAYS_TOPIC, once=True)).where("reason IS NULL")
    changed = changed_listeners(events, max_events=10, max_opinions=10)
    start_query(changed, cfg, name=STATEFUL, write=write, seconds=0, once=True, mode="update").awaitTermination()


def checkpoint(cfg: Config, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "spotistream.cli", "checkpoint", *arguments, "--home", str(cfg.home)]
    environment = {**os.environ, "SPOTISTREAM__KAFKA__BOOTSTRAP_SERVERS": cfg.kafka.bootstrap_servers, **environ}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def rows(spark: SparkSession, cfg: Config) -> list[tuple[str, str]]:
    plays = delta.existing_table(spark, cfg, PLAYS)
    return sorted((row["event_id"], row["user_id"]) for row in plays.collect())


def test_reset_begins_anew_and_every_event_stays_in_delta_once(spark: SparkSession, read_cfg: Config) -> None:
    cfg = read_cfg
    before = rows(spark, cfg)
    assert len({user for _, user in before}) == 2
    first_id = read_checkpoint(Path(cfg.paths.checkpoints) / "ingest_plays").query_id

    listed = checkpoint(cfg)
    assert f"ingest_plays: batch 0, finished 0, id {first_id}" in listed.stdout
    assert f"{STATEFUL}: batch 0, finished 0, state of applyInPandasWithState in 2 partitions" in listed.stdout
    explained = checkpoint(cfg, "explain")
    assert (explained.returncode, explained.stdout.count("fine: the query goes on from here")) == (0, 2)

    shown = checkpoint(cfg, "reset", "ingest_plays")
    assert "topic plays is read again from its beginning: up to " in shown.stdout
    assert (Path(cfg.paths.checkpoints) / "ingest_plays").is_dir()

    done = checkpoint(cfg, "reset", "ingest_plays", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    (aside,) = (Path(cfg.paths.checkpoints) / "set-aside").iterdir()
    assert f"the checkpoint is now at {aside}; the next start of ingest_plays begins anew" in done.stdout
    assert read_checkpoint(aside).query_id == first_id

    ingest_plays.JOB.run_once(spark, cfg)
    assert read_checkpoint(Path(cfg.paths.checkpoints) / "ingest_plays").query_id != first_id
    assert rows(spark, cfg) == before


def test_another_number_of_partitions_and_a_topic_made_anew_are_explained(read_cfg: Config) -> None:
    found = read_checkpoint(Path(read_cfg.paths.checkpoints) / STATEFUL)
    assert (found.state_partitions, found.state_fields) == (2, ("packed",))
    wider = checkpoint(read_cfg, "explain", STATEFUL, SPOTISTREAM__SPARK__SHUFFLE_PARTITIONS="8")
    assert wider.returncode == 0
    assert f"{STATEFUL}: note: its state has 2 partitions and spark.shuffle_partitions is 8" in wider.stdout

    log = found.path / "offsets" / "0"
    *head, _ = log.read_text().splitlines()
    log.write_text("\n".join([*head, '{"plays":{"0":1000000,"1":0}}']))
    broken = checkpoint(read_cfg, "explain", STATEFUL)
    assert broken.returncode == 8
    assert "broken: it has read partition 0 of topic plays up to 1000000, which ends at " in broken.stdout

    same = checkpoint(read_cfg, "migrate", STATEFUL, "--yes")
    assert (same.returncode, same.stderr.count("\n")) == (5, 1)
    moved = checkpoint(read_cfg, "migrate", STATEFUL, "--yes", SPOTISTREAM__SPARK__SHUFFLE_PARTITIONS="8")
    assert "From 2 to 8 is a reset: the state is computed anew in 8." in moved.stdout
    assert not found.path.exists()


def test_a_query_that_runs_keeps_its_checkpoint(cfg: Config, broker: str, store: str) -> None:
    cfg = with_addresses(cfg, kafka=broker, mongo=store)
    folder = Path(cfg.paths.checkpoints) / "ingest_plays"
    folder.mkdir(parents=True)
    (folder / "metadata").write_text('{"id":"f2c0"}')
    board = Board("all_streams", notes=Notes())
    board.started("run", "ingest_plays", now=time.time())
    publisher = Publisher(board, cfg)
    publisher.publish()
    publisher.close()

    done = checkpoint(cfg, "reset", "ingest_plays", "--yes")

    assert done.returncode == 5
    assert f"the query runs in all_streams (process {os.getpid()} on " in done.stderr
    assert folder.is_dir()


def test_mistakes_are_one_line(cfg: Config) -> None:
    nothing = checkpoint(replace(cfg, kafka=replace(cfg.kafka, bootstrap_servers="embedded")))
    assert (nothing.returncode, nothing.stdout) == (0, f"there is no checkpoint in {cfg.paths.checkpoints}\n")
    unknown = checkpoint(replace(cfg, kafka=replace(cfg.kafka, bootstrap_servers="embedded")), "reset", "typo")
    assert unknown.stderr == "spotistream: query typo: has no checkpoint; those that have one: none\n"
