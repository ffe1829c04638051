"""Kafka topic ``plays`` -> tables of listeners, as soon as an event is there; beside ``refresh_recommendations``.

A micro-batch of this query keeps no state, so it takes hardly longer than an empty one. What it cannot know, or misses
while a service is away, ``refresh_recommendations`` makes good a few seconds later.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from pyspark.sql import Column, DataFrame, Row, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.streaming.query import StreamingQuery

from spotistream.config import Config
from spotistream.events import SCHEMA_VERSION, PlayEvent, event_of_message
from spotistream.io import kafka
from spotistream.models.listener import ListenerEvent
from spotistream.models.listener_changes import Received, changed_by
from spotistream.models.served import ServedModel
from spotistream.pipelines.listener_tables import ListenerTables
from spotistream.pipelines.outages import is_outage, reason
from spotistream.pipelines.recommendation_documents import ranked_tables
from spotistream.pipelines.streaming import interpreted, start_query
from spotistream.tables import PLAYS_TOPIC

log = logging.getLogger(__name__)

NAME = "refresh_at_once"
FRESH = timedelta(seconds=60)
"""Nobody waits for what follows from an older message: after an outage those are left to the other query."""
WARM_UP_LISTENERS = 20
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def start(spark: SparkSession, cfg: Config, tables: ListenerTables) -> StreamingQuery:
    """Start the query at the end of the topic, or where its checkpoint says."""

    def write(batch: DataFrame, _batch_id: int) -> None:
        try:
            tables.refresh_at_once(NAME, received(_rows(batch, since=datetime.now(UTC) - FRESH)))
        except Exception as exc:
            if not is_outage(exc):
                raise
            log.info("%s; what follows from these events is left to refresh_recommendations", reason(exc))

    plays = kafka.read_stream(spark, cfg, PLAYS_TOPIC, since="latest")
    with interpreted(spark):
        return start_query(plays, cfg, name=NAME, write=write, seconds=0, once=False)


def warm_up(spark: SparkSession, cfg: Config, model: ServedModel) -> None:
    """Run one batch of made-up plays through a query of its own, and write nothing.

    The first batch of a process takes a second longer, which the first listener would wait otherwise.
    """
    made_up = (
        spark.readStream.format("rate-micro-batch")
        .options(rowsPerBatch=WARM_UP_LISTENERS, numPartitions=cfg.kafka.partitions)
        .load()
        .select(*made_up_message(str(model.track_ids[0])))
    )
    bounds = {"max_events": cfg.recommend.max_events, "max_opinions": cfg.recommend.max_opinions}

    def rank(batch: DataFrame, _batch_id: int) -> None:
        some = received(_rows(batch, since=_EPOCH)).items()
        changed = [one for user_id, messages in some if (one := changed_by(user_id, None, messages, **bounds))]
        ranked_tables([one.row for one in changed], model, cfg)

    with interpreted(spark):
        query = made_up.writeStream.foreachBatch(rank).trigger(availableNow=True).start()
    query.awaitTermination()


def made_up_message(track_id: str) -> list[Column]:
    """Columns of ``kafka.read_stream`` that ``received`` reads, from the columns ``value`` and ``timestamp``."""
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
        F.to_json(event).cast("binary").alias("value"),
        F.col("value").alias("kafka_offset"),
        F.current_timestamp().alias("kafka_time"),
    ]


def received(rows: Iterable[Row]) -> dict[str, list[Received]]:
    """The events among messages by listener; what is none is left out, ``ingest_plays`` says why."""
    found: defaultdict[str, list[Received]] = defaultdict(list)
    for row in rows:
        sent_at = row["kafka_time"].astimezone(UTC)
        event = event_of_message(bytes(row["value"] or b""), now=sent_at)
        if event is not None:
            message = Received(row["kafka_offset"], (sent_at - _EPOCH) // _MS, _remembered(event))
            found[event.user_id].append(message)
    return dict(found)


def _rows(batch: DataFrame, *, since: datetime) -> list[Row]:
    return batch.where(F.col("kafka_time") >= F.lit(since)).select("value", "kafka_offset", "kafka_time").collect()


def _remembered(event: PlayEvent) -> ListenerEvent | None:
    if event.action == "visit" or event.track_id is None:
        return None
    return ListenerEvent(
        time_ms=(event.event_time - _EPOCH) // _MS,
        event_id=event.event_id,
        track_id=event.track_id,
        action=event.action,
        played_ms=event.played_ms,
        session_id=event.session_id,
        target_event_id=event.target_event_id,
    )
