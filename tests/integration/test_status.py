"""`spotistream status` from a process of its own, of figures that this process publishes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaProducer

from spotistream.config import Config
from spotistream.launch import with_addresses
from spotistream.monitoring.board import Board
from spotistream.monitoring.notes import Notes
from spotistream.monitoring.publishing import Publisher
from spotistream.pipelines.status import QUERIES
from spotistream.services.topics import TopicSpec, create_topics

TOPIC = "status"
MESSAGES = 40


@dataclass(frozen=True)
class Published:
    """A board whose figures are in the home and in the store."""

    board: Board
    publisher: Publisher
    cfg: Config


@pytest.fixture
def published(cfg: Config, broker: str, store: str, request: pytest.FixtureRequest) -> Iterator[Published]:
    cfg = with_addresses(cfg, kafka=broker, mongo=store)
    cfg = replace(cfg, mongo=replace(cfg.mongo, database=request.node.name))
    if create_topics({"bootstrap_servers": [broker]}, [TopicSpec(TOPIC, 1, 1, {})]):
        with KafkaProducer(bootstrap_servers=broker) as producer:
            for _ in range(MESSAGES):
                producer.send(TOPIC, b"x").get(timeout=10)
    Path(cfg.paths.models).mkdir(parents=True)
    (Path(cfg.paths.models) / "current").write_text("m1")
    board = Board("all_streams", notes=Notes())
    publisher = Publisher(board, cfg)
    for name in QUERIES:
        board.started(name, name, now=time.time())
        board.progressed(report(name, read=MESSAGES), now=time.time())
    publisher.publish()
    yield Published(board, publisher, cfg)
    publisher.close()


def report(run_id: str, *, read: int) -> dict[str, Any]:
    offsets = {TOPIC: {"0": read}}
    return {
        "runId": run_id,
        "batchId": 0,
        "numInputRows": read,
        "processedRowsPerSecond": 0.5,
        "sources": [{"endOffset": offsets, "latestOffset": offsets}],
    }


def status(cfg: Config, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "spotistream.cli", "status", "--home", str(cfg.home), *arguments]
    addresses = {
        "SPOTISTREAM__KAFKA__BOOTSTRAP_SERVERS": cfg.kafka.bootstrap_servers,
        "SPOTISTREAM__MONGO__URI": cfg.mongo.uri,
        "SPOTISTREAM__MONGO__DATABASE": cfg.mongo.database,
    }
    environment = {**os.environ, **addresses, **environ}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_all_is_well_while_every_query_runs(published: Published) -> None:
    done = status(published.cfg)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("\nall is well\n")


def test_what_fails_and_what_is_behind_is_told_as_json(published: Published) -> None:
    failed, behind = QUERIES[:2]
    published.board.ended(failed, "boom", now=time.time())
    published.board.progressed(report(behind, read=0), now=time.time())
    published.publisher.publish()

    done = status(published.cfg, "--json")

    assert done.returncode == 8
    told = json.loads(done.stdout)
    found = {one["query"]: one for one in told["queries"]}
    assert {one["verdict"] for name, one in found.items() if name not in (failed, behind)} == {"running"}
    assert (found[failed]["verdict"], found[failed]["error"]) == ("failed", "boom")
    assert (found[behind]["verdict"], found[behind]["lag"]) == ("behind", MESSAGES)
    assert (told["well"], told["model"], told["store"]["answers"]) == (False, {"version": "m1", "pinned": False}, True)


def test_another_machine_learns_it_from_the_store(published: Published, tmp_path: Path) -> None:
    elsewhere = replace(published.cfg, home=tmp_path / "elsewhere")
    done = status(elsewhere, "--json", SPOTISTREAM__PATHS__MODELS=published.cfg.paths.models)
    assert (done.returncode, json.loads(done.stdout)["well"]) == (0, True)
    assert not elsewhere.home.exists()


def test_a_broker_that_is_away_is_named(published: Published) -> None:
    cfg = replace(published.cfg, kafka=replace(published.cfg.kafka, bootstrap_servers="127.0.0.1:1"))
    done = status(cfg)
    assert done.returncode == 8
    assert "broker    127.0.0.1:1 does not answer\n" in done.stdout
    assert "- broker: start it, or change the setting kafka.bootstrap_servers; nothing is lost meanwhile" in done.stdout


def test_a_home_on_which_nothing_runs_says_so_and_stays_as_it_is(tmp_path: Path) -> None:
    home = tmp_path / "nothing"
    command = [sys.executable, "-m", "spotistream.cli", "status", "--home", str(home)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 8
    assert done.stdout.splitlines()[0] == f"nothing runs on the home {home}"
    assert not home.exists()
