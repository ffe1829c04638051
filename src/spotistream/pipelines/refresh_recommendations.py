"""Kafka topic ``plays`` -> the recommendation table of each listener: document store and topic ``recommendations``.

State is kept per listener by Spark; ranking happens between two reads of the topic, on the driver, for all listeners
of the micro-batch at once, under one model. What comes to the driver is bounded by the batch, not by the listeners.
Beside this query runs ``refresh_at_once``: nobody waits for this one.
"""

from __future__ import annotations

import gc

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.streaming.query import StreamingQuery

from spotistream.config import Config
from spotistream.io import documents, kafka
from spotistream.models.listener_changes import ChangedListener
from spotistream.models.listener_stream import changed_listeners
from spotistream.models.one_thread import stay_on_one_thread
from spotistream.pipelines import refresh_at_once
from spotistream.pipelines.current_model import CurrentModel
from spotistream.pipelines.listener_tables import ListenerTables
from spotistream.pipelines.store_guard import StoreGuard
from spotistream.pipelines.streaming import Job, interpreted, start_query
from spotistream.serving.bulk import BulkPublisher
from spotistream.tables import PLAYS_TOPIC
from spotistream.transforms.play_events import decoded_plays

NAME = "refresh_recommendations"


def start(spark: SparkSession, cfg: Config, once: bool = False) -> list[StreamingQuery]:
    """Start the query, and unless ``once`` the one beside it. Raises ``ModelError`` where no model was trained yet."""
    model = CurrentModel(cfg)
    stay_on_one_thread()
    collect_rarely()
    if not once:
        refresh_at_once.warm_up(spark, cfg, model.get())
    db, publisher = documents.connected(cfg.mongo), BulkPublisher(cfg.kafka)
    guard = StoreGuard(cfg, db)
    guard.catch_up()
    tables = ListenerTables(cfg, model, db, publisher, guard)

    def write(batch: DataFrame, _batch_id: int) -> None:
        tables.settle(NAME, [ChangedListener.of(bytes(row["changed"])) for row in batch.collect()])

    changed = _changed(kafka.read_stream(spark, cfg, PLAYS_TOPIC, once=once), cfg)
    with interpreted(spark):
        query = start_query(
            changed, cfg, name=NAME, write=write, seconds=cfg.stream.refresh_seconds, once=once, mode="update"
        )
    queries = [query] if once else [query, refresh_at_once.start(spark, cfg, tables)]
    guard.watch(lambda: any(each.isActive for each in queries), afterwards=publisher.close)
    return queries


def collect_rarely() -> None:
    """From now on, for the life of the process: a table is hundreds of objects, and none of them in a circle.

    Looking for circles every few hundred objects takes an eighth of a refresh.
    """
    gc.set_threshold(50_000, 20, 20)


def _changed(messages: DataFrame, cfg: Config) -> DataFrame:
    """The stateful part of the query: messages of topic ``plays`` to listeners whose remembered events changed."""
    decoded = decoded_plays(messages).where(F.col("reason").isNull())
    return changed_listeners(decoded, max_events=cfg.recommend.max_events, max_opinions=cfg.recommend.max_opinions)


JOB = Job(NAME, start)
