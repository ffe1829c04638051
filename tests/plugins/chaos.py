"""Kills the streams, the broker and the store under traffic, and counts what that broke."""

from __future__ import annotations

import logging
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from plugins.chaos_traffic import Sender, messages
from plugins.killable import BROKER, STORE, Killable
from plugins.small_model import publish_small_model
from pyspark.sql import SparkSession

from spotistream.config import Config
from spotistream.io import delta, documents
from spotistream.launch import child_environment
from spotistream.pipelines import ingest_plays, refresh_recommendations
from spotistream.pipelines.recompute import recompute
from spotistream.pipelines.stored_recommendations import SnapshotTopic, document_of
from spotistream.tables import PLAYS, PLAYS_REJECTED, RECOMMENDATIONS_COLLECTION

log = logging.getLogger(__name__)

STREAMS = "streams"
VICTIMS = (STREAMS, STREAMS, STREAMS, BROKER, BROKER, BROKER, STORE, STORE, STORE, STORE)
"""Of ten kills; each ten in another order."""
READY_S = 300.0
STOP_S = 120.0


@dataclass(frozen=True)
class Damage:
    """``lost`` and ``duplicated`` are events, ``rows_different`` listeners whose table is not what their plays give.

    rejected_lost, rejected_duplicated : messages that are no events
    topic_behind : listeners whose newest table is in the store and not in topic ``recommendations``
    """

    kills: int
    events: int
    listeners: int
    lost: int
    duplicated: int
    rejected: int
    rejected_lost: int
    rejected_duplicated: int
    rows_different: int
    topic_behind: int
    seconds: float

    def record(self) -> dict[str, Any]:
        """As one JSON object."""
        return asdict(self)

    @property
    def is_none(self) -> bool:
        """Nothing was lost, counted twice or left wrong."""
        return not any(
            (self.lost, self.duplicated, self.rejected_lost, self.rejected_duplicated, self.rows_different,
             self.topic_behind)
        )  # fmt: skip


class Streams:
    """The application under test."""

    def __init__(self, cfg: Config) -> None:
        self._cfg = replace(cfg, stream=replace(cfg.stream, ingest_seconds=2.0))
        self._ready = cfg.home / "chaos.ready"
        self._process: subprocess.Popen[bytes] | None = None
        self.log_file = cfg.home / "chaos-streams.log"

    def start(self) -> None:
        self._ready.unlink(missing_ok=True)
        command = [sys.executable, str(Path(__file__).with_name("chaos_streams.py")), str(self._ready)]
        with self.log_file.open("ab") as output:
            self._process = subprocess.Popen(
                command, env=child_environment(self._cfg), stdout=output, stderr=output, start_new_session=True
            )

    def wait_until_ready(self) -> None:
        """Each query has ended a batch."""
        deadline = time.monotonic() + READY_S
        while not self._ready.exists():
            assert time.monotonic() < deadline, f"the streams are not ready; see {self.log_file}"
            if self._process is None or self._process.poll() is not None:
                self.start()  # a service was away when they started, which is an error; the supervisor does this, too
            time.sleep(0.1)

    def kill(self) -> None:
        """Python and JVM at once."""
        assert self._process is not None
        assert self._process.poll() is None, f"the streams ended while they ran; see {self.log_file}"
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """As an operator does."""
        assert self._process is not None
        assert self._process.poll() is None, f"the streams ended while they ran; see {self.log_file}"
        self._process.send_signal(signal.SIGTERM)
        assert self._process.wait(STOP_S) == 0, f"the streams failed; see {self.log_file}"

    def end(self) -> None:
        """However they are."""
        if self._process is not None and self._process.poll() is None:
            self.kill()


def storm(
    spark: SparkSession,
    cfg: Config,
    services: Killable,
    *,
    kills: int,
    seed: int,
    rate: float = 500.0,
    users: int = 150,
) -> Damage:
    """Send, kill at random moments, start again; let the streams catch up, and count."""
    began = time.monotonic()
    draw = random.Random(seed)  # noqa: S311 - when to kill what, no secrets
    track_ids = publish_small_model(cfg)
    source = messages(seed=seed, users=users, track_ids=track_ids, now=datetime.now(UTC))
    sender, streams = Sender(cfg, source, rate=rate), Streams(cfg)
    streams.start()
    sender.start()
    try:
        streams.wait_until_ready()
        for victim in victims(draw, kills):
            _kill(victim, draw, services, streams)
        streams.wait_until_ready()
        sender.stop()
        streams.stop()
    finally:
        sender.ask_to_stop()
        streams.end()
    for job in (ingest_plays.JOB, refresh_recommendations.JOB):
        job.run_once(spark, cfg)
    return damage(spark, cfg, sender, kills=kills, seconds=time.monotonic() - began)


def victims(draw: random.Random, kills: int) -> list[str]:
    """Whom to kill, one after the other."""
    chosen: list[str] = []
    while len(chosen) < kills:
        chosen += draw.sample(VICTIMS, len(VICTIMS))
    return chosen[:kills]


def _kill(victim: str, draw: random.Random, services: Killable, streams: Streams) -> None:
    if victim == STREAMS:
        streams.wait_until_ready()
    time.sleep(draw.uniform(0.2, 3.0))
    log.info("kill %s", victim)
    if victim == STREAMS:
        streams.kill()
        streams.start()
        return
    services.kill(victim)
    time.sleep(draw.uniform(0.0, 1.0))
    services.start(victim)


def damage(spark: SparkSession, cfg: Config, sent: Sender, *, kills: int, seconds: float) -> Damage:
    """What is missing, double or wrong, once both queries have read everything."""
    plays = delta.existing_table(spark, cfg, PLAYS)
    ids = [row["event_id"] for row in plays.select("event_id").collect()]
    rejected = delta.existing_table(spark, cfg, PLAYS_REJECTED)
    places = rejected.select(*PLAYS_REJECTED.keys).distinct().count()
    values = {bytes(row["value"]) for row in rejected.select("value").collect()}
    found = recompute(spark, cfg, write=False)
    return Damage(
        kills=kills,
        events=len(sent.event_ids),
        listeners=len(sent.listeners),
        lost=len(sent.event_ids - set(ids)),
        duplicated=len(ids) - len(set(ids)),
        rejected=len(sent.garbage),
        rejected_lost=len(sent.garbage - values),
        rejected_duplicated=rejected.count() - places,
        rows_different=found.rows_different + found.newer + found.other_model,
        topic_behind=_topic_behind(cfg),
        seconds=round(seconds, 1),
    )


def _topic_behind(cfg: Config) -> int:
    topic = SnapshotTopic(cfg.kafka)
    newest: dict[str, int] = {}
    for value in topic.messages({}):
        document = document_of(value)
        newest[document["_id"]] = max(document["version"], newest.get(document["_id"], -1))
    topic.close()
    with documents.database(cfg.mongo) as db:
        stored = db[RECOMMENDATIONS_COLLECTION.name].find({}, {"version": 1})
        return sum(newest.get(each["_id"], -1) < each["version"] for each in stored)
