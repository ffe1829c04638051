"""Kafka topic ``plays`` -> the recommendation table of each listener: document store and topic ``recommendations``.

State is kept per listener by Spark; ranking happens between two reads of the topic, on the driver, for all listeners
of the micro-batch at once, under one model. What comes to the driver is bounded by the batch, not by the listeners.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pymongo.database import Database
from pyspark.sql import Column, DataFrame, Row, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.streaming.query import StreamingQuery

from spotistream.config import Config
from spotistream.events import SCHEMA_VERSION, iso_utc
from spotistream.io import documents, kafka
from spotistream.models.listener import unpack
from spotistream.models.listener_stream import ChangedListener, changed_listeners
from spotistream.models.one_thread import stay_on_one_thread
from spotistream.models.served import ServedModel
from spotistream.models.tables_of_listeners import Recommendation, recommend
from spotistream.models.taste import Taste, taste
from spotistream.monitoring.notes import NOTES
from spotistream.pipelines.current_model import CurrentModel
from spotistream.pipelines.store_guard import StoreGuard
from spotistream.pipelines.streaming import Job, interpreted, start_query
from spotistream.serving.bulk import BulkPublisher
from spotistream.tables import PLAYS_TOPIC, RECOMMENDATIONS_COLLECTION, RECOMMENDATIONS_TOPIC
from spotistream.transforms.play_events import decoded_plays

Listener = Mapping[str, Any] | Row
"""As ``ChangedListener.row``."""
NAME = "refresh_recommendations"
WARM_UP_LISTENERS = 20


def start(spark: SparkSession, cfg: Config, once: bool = False) -> StreamingQuery:
    """Start the query. Raises ``ModelError`` where no model was trained yet."""
    model = CurrentModel(cfg)
    stay_on_one_thread()
    with interpreted(spark):
        warm_up(spark, cfg, model.get())
    db, publisher = documents.connected(cfg.mongo), BulkPublisher(cfg.kafka)

    guard = StoreGuard(cfg, db)
    guard.catch_up()

    def write(batch: DataFrame, batch_id: int) -> None:
        with guard.unbroken():
            refresh(_rows(batch), model.get(), cfg, db, publisher)

    changed = _changed(kafka.read_stream(spark, cfg, PLAYS_TOPIC, once=once), cfg)
    with interpreted(spark):
        query = start_query(
            changed, cfg, name=NAME, write=write, seconds=cfg.stream.refresh_seconds, once=once, mode="update"
        )
    guard.watch(lambda: query.isActive)
    return query


def warm_up(spark: SparkSession, cfg: Config, model: ServedModel) -> None:
    """Run one batch of made-up plays through a query of its own, and write nothing.

    Starting the Python workers and compiling the plan takes seconds, which the first listener would wait otherwise.
    """
    made_up = (
        spark.readStream.format("rate-micro-batch")
        .options(rowsPerBatch=WARM_UP_LISTENERS, numPartitions=cfg.kafka.partitions)
        .load()
        .select(*made_up_message(str(model.track_ids[0])))
    )

    def rank(batch: DataFrame, _batch_id: int) -> None:
        ranked_tables(_rows(batch), model, cfg)

    query = (
        _changed(made_up, cfg).writeStream.outputMode("update").foreachBatch(rank).trigger(availableNow=True).start()
    )
    query.awaitTermination()


def made_up_message(track_id: str) -> list[Column]:
    """Columns of ``kafka.read_stream`` with a play of ``track_id``, from the columns ``value`` and ``timestamp``."""
    number = F.lpad(F.lower(F.hex("value")), 12, "0")
    event = F.struct(
        F.lit(SCHEMA_VERSION).alias("schema_version"),
        F.concat(F.lit("00000000-0000-4000-8000-"), number).alias("event_id"),
        F.concat(F.lit("warm-up-"), number).alias("user_id"),
        F.lit(track_id).alias("track_id"),
        F.lit("play").alias("action"),
        F.lit("2000-01-01T00:00:00Z").alias("event_time"),
        F.lit("api").alias("source"),
    )
    return [
        F.lit(None).cast("binary").alias("key"),
        F.to_json(event).cast("binary").alias("value"),
        F.lit(PLAYS_TOPIC.name).alias("topic"),
        F.lit(0).alias("kafka_partition"),
        F.col("value").alias("kafka_offset"),
        F.col("timestamp").alias("kafka_time"),
    ]


def _changed(messages: DataFrame, cfg: Config) -> DataFrame:
    """The stateful part of the query: messages of topic ``plays`` to listeners whose remembered events changed."""
    decoded = decoded_plays(messages).where(F.col("reason").isNull())
    return changed_listeners(decoded, max_events=cfg.recommend.max_events, max_opinions=cfg.recommend.max_opinions)


def _rows(batch: DataFrame) -> list[dict[str, Any]]:
    return [ChangedListener.of(bytes(row["changed"])).row for row in batch.collect()]


def refresh(
    rows: Sequence[Listener], model: ServedModel, cfg: Config, db: Database[dict[str, Any]], publisher: BulkPublisher
) -> None:
    """Rank for the listeners of ``rows`` and write their tables: first the store, then the topic the player hears."""
    if not rows:
        return
    tables = ranked_tables(rows, model, cfg)
    now = datetime.now(UTC)
    found = [
        recommendation_document(row, table, model_version=model.version, updated_at=now)
        for row, table in zip(rows, tables, strict=True)
    ]
    documents.upsert_newer(db, RECOMMENDATIONS_COLLECTION, found)
    readable_at = datetime.now(UTC)
    NOTES.readable(NAME, [(readable_at - document["sent_at"]).total_seconds() for document in found])
    for document in found:
        publisher.send(RECOMMENDATIONS_TOPIC, document["_id"], as_message(document))
    publisher.flush()


def ranked_tables(rows: Sequence[Listener], model: ServedModel, cfg: Config) -> list[list[Recommendation]]:
    """The table of each listener, from what is remembered of them."""
    settings = cfg.recommend
    return recommend(
        model,
        [_taste(row, model, cfg) for row in rows],
        top_n=settings.top_n,
        max_per_artist=settings.max_per_artist,
        exclude_recent=settings.exclude_recent,
    )


def recommendation_document(
    row: Listener, table: list[Recommendation], *, model_version: str, updated_at: datetime
) -> dict[str, Any]:
    """The listener's table as the store keeps it.

    latency_ms : from when the broker got the listener's newest message until the table was made
    """
    sent_at = row["sent_at"].replace(tzinfo=UTC)
    cause = None
    if row["event_id"] is not None:
        cause = {name: row[name] for name in ("event_id", "track_id", "action")}
        cause["event_time"] = row["event_time"].replace(tzinfo=UTC)
    return {
        "_id": row["user_id"],
        "version": row["version"],
        "model_version": model_version,
        "updated_at": updated_at,
        "sent_at": sent_at,
        "latency_ms": round((updated_at - sent_at).total_seconds() * 1000),
        "caused_by": cause,
        "recommendations": [
            {
                "rank": item.rank,
                "track_id": item.track_id,
                "score": item.score,
                "reason": {
                    "code": item.reason,
                    "track_id": item.reason_track_id,
                    "music_topic_id": item.reason_topic_id,
                },
            }
            for item in table
        ],
    }


def as_message(document: dict[str, Any]) -> bytes:
    """The document as JSON; times as ISO 8601."""
    return json.dumps(document, default=iso_utc, ensure_ascii=False, separators=(",", ":")).encode()


def _taste(row: Listener, model: ServedModel, cfg: Config) -> Taste:
    return taste(
        unpack(bytes(row["packed"])),
        duration_ms=model.duration_of,
        half_life_days=cfg.recommend.half_life_days,
        recency=cfg.recommend.recency,
    )


JOB = Job(NAME, start)
