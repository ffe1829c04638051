"""What every streaming job shares: how a query is started, named, checkpointed and stopped."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.streaming.query import StreamingQuery

from spotistream.config import Config
from spotistream.pipelines.outages import ANSWERED_WITHIN_S, BrokerWatch, asks_the_broker, until_written
from spotistream.signals import stop_requested

log = logging.getLogger(__name__)

FAST_POOL, SLOW_POOL = "fast", "slow"
"""Scheduler pools: of the query listeners wait for, and of those nobody waits for."""
_POLL_S = 0.02
_TICK_S = 0.5
_NOISY_IN_OUTAGES = (
    "org.apache.kafka.clients",
    "org.apache.spark.sql.kafka010.KafkaOffsetReaderAdmin",
    "org.apache.hadoop.util.Shell",
)
"""JVM loggers that repeat with every try that the broker is away, or print a stack where a query is asked to stop."""
_BACK_TO_BACK_S = 1.0
"""Between the batches of a query that never rests there is a millisecond: not for longer than this is it waited for."""


@dataclass
class _Writing:
    """Of a query: ``ending`` is set once it is to end, so that a write does not wait for a service."""

    ending: threading.Event = field(default_factory=threading.Event)
    now: bool = False


_writings: dict[str, _Writing] = {}
"""Of each query of this process, by ``id``."""


_INTERPRETED = {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}


@contextmanager
def interpreted(spark: SparkSession) -> Iterator[None]:
    """Queries started within evaluate their expressions instead of compiling them.

    Java source for the plan of a micro-batch is written anew for each batch, also where it was compiled before; for a
    few events that takes longer than all they need.
    """
    before = {name: str(spark.conf.get(name)) for name in _INTERPRETED}
    try:
        for name, value in _INTERPRETED.items():
            spark.conf.set(name, value)
        yield
    finally:
        for name, value in before.items():
            spark.conf.set(name, value)


@dataclass(frozen=True)
class Job:
    """A streaming job: ``start(spark, cfg, once)`` begins its queries; with ``once`` there is one."""

    name: str
    start: Callable[[SparkSession, Config, bool], list[StreamingQuery]]

    def run(self, spark: SparkSession, cfg: Config) -> str:
        """Run until the query fails, or SIGTERM or Ctrl-C asks to stop."""
        await_queries(self.start(spark, cfg, False), cfg)
        return f"{self.name} stopped"

    def run_once(self, spark: SparkSession, cfg: Config) -> str:
        """Read what is there now, then end."""
        (query,) = self.start(spark, cfg, True)
        query.awaitTermination()
        rows = sum(progress["numInputRows"] for progress in query.recentProgress)
        return f"{rows:,} messages read"


def await_queries(queries: list[StreamingQuery], cfg: Config, *, on_tick: Callable[[], None] = lambda: None) -> None:
    """Wait until a query fails, which raises its error, or until SIGTERM or Ctrl-C; then stop all of them.

    A query does not fail because the broker or the store is away: it waits. ``on_tick`` is called about twice a second.
    """
    failed: list[StreamingQuery] = []
    broker = BrokerWatch(cfg.kafka.bootstrap_servers)
    try:
        with stop_requested() as asked:
            while not asked.wait(_TICK_S) and not failed:
                on_tick()
                broker.look(queries)
                failed = [query for query in queries if not query.isActive]
    finally:
        stop_between_batches(queries, timeout_s=cfg.stream.stop_timeout_s)
    for query in failed:
        if (error := query.exception()) is not None:
            raise error


def is_caught_up(query: StreamingQuery) -> bool:
    """The query has read everything its topic held when it last looked."""
    progress = query.lastProgress
    if progress is None:
        return False
    return all(float(source["metrics"].get("maxOffsetsBehindLatest", 1)) == 0 for source in progress["sources"])


def start_query(
    frame: DataFrame,
    cfg: Config,
    *,
    name: str,
    write: Callable[[DataFrame, int], None],
    seconds: float,
    once: bool,
    mode: str = "append",
) -> StreamingQuery:
    """Start one query with one sink and one checkpoint, in the pool its pace asks for.

    A ``write`` that meets an outage is called again with the same batch until it succeeds: it must be one that can be
    repeated. With ``once`` it fails instead: whoever started that can start it again.
    """
    spark = frame.sparkSession
    spark.sparkContext.setLocalProperty("spark.scheduler.pool", SLOW_POOL if seconds else FAST_POOL)
    _quieten(spark)
    writing = _Writing()

    def written(batch: DataFrame, batch_id: int) -> None:
        writing.now = True
        try:
            until_written(lambda: write(batch, batch_id), name=name, ending=writing.ending)
        finally:
            writing.now = False

    writer = (
        frame.writeStream.queryName(name)
        .outputMode(mode)
        .option("checkpointLocation", f"{cfg.paths.checkpoints.rstrip('/')}/{name}")
        .foreachBatch(write if once else written)
    )
    writer = writer.trigger(availableNow=True) if once else writer.trigger(processingTime=f"{seconds} seconds")
    query = writer.start()
    _writings[query.id] = writing
    log.info("query %s started", name)
    return query


def query_id(batch: DataFrame) -> str:
    """Identity of the checkpoint a batch belongs to; a new checkpoint has a new one."""
    found = batch.sparkSession.sparkContext.getLocalProperty("sql.streaming.queryId")
    if not found:
        raise RuntimeError("not inside a streaming batch")
    return found


def stop_between_batches(queries: list[StreamingQuery], *, timeout_s: float) -> None:
    """Stop each query while it has no batch in hand, or when the time is up; at once where it waits for a service.

    ``stop`` in the middle of a Python ``foreachBatch`` ends in a stack overflow of a thousand log lines. A query whose
    batches follow each other without a pause is stopped while it is not in there; its next start repeats the batch.
    """
    writings = {query.id: _writings.pop(query.id, _Writing(now=True)) for query in queries}
    for writing in writings.values():
        writing.ending.set()
    deadline = time.monotonic() + timeout_s
    for query in queries:
        asking_since = since = time.monotonic()
        while query.isActive and query.status["isTriggerActive"] and time.monotonic() < deadline:
            if not asks_the_broker(query):
                asking_since = time.monotonic()
            elif time.monotonic() - asking_since > ANSWERED_WITHIN_S:
                break
            if time.monotonic() - since > _BACK_TO_BACK_S and not writings[query.id].now:
                break
            time.sleep(_POLL_S)
        query.stop()
        log.info("query %s stopped", query.name)


def _quieten(spark: SparkSession) -> None:
    """An outage is said once by ``outages``, not at every try of every client."""
    jvm: Any = spark._jvm
    level = jvm.org.apache.logging.log4j.Level.ERROR
    for name in _NOISY_IN_OUTAGES:
        jvm.org.apache.logging.log4j.core.config.Configurator.setLevel(name, level)
