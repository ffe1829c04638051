"""Kafka topic ``plays`` -> the recommendation table of each listener: document store and topic ``recommendations``.

State is kept per listener by Spark; ranking happens between two reads of the topic, on the driver, for all listeners
of the micro-batch at once, under one model. What comes to the driver is bounded by the batch, not by the listeners.
"""

from __future__ import annotations

import json
import logging
import uuid
from datetime import UTC, datetime
from typing import Any

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.streaming.query import StreamingQuery

from spotistream.config import Config
from spotistream.events import PlayEvent, iso_utc
from spotistream.io import documents, kafka
from spotistream.models.hybrid import HybridModel, Recommendation, Weights, recommend
from spotistream.models.listener import unpack
from spotistream.models.listener_stream import changed_listeners
from spotistream.models.taste import Taste, taste
from spotistream.pipelines.current_model import CurrentModel
from spotistream.pipelines.streaming import Job, start_query
from spotistream.serving.bulk import BulkPublisher
from spotistream.tables import PLAYS_TOPIC, RECOMMENDATIONS_COLLECTION, RECOMMENDATIONS_TOPIC
from spotistream.transforms.play_events import decoded_plays

log = logging.getLogger(__name__)

NAME = "refresh_recommendations"
WARM_UP_LISTENERS = 20


def start(spark: SparkSession, cfg: Config, once: bool = False) -> StreamingQuery:
    """Start the query. Raises ``ModelError`` where no model was trained yet."""
    model = CurrentModel(cfg)
    warm_up(spark, cfg, model.get())
    publisher: list[BulkPublisher] = []

    def write(batch: DataFrame, batch_id: int) -> None:
        if not publisher:
            publisher.append(BulkPublisher(cfg.kafka))
        refresh(batch.collect(), model.get(), cfg, publisher[0])

    decoded = decoded_plays(kafka.read_stream(spark, cfg, PLAYS_TOPIC, once=once)).where(F.col("reason").isNull())
    changed = changed_listeners(decoded, max_events=cfg.recommend.max_events, max_opinions=cfg.recommend.max_opinions)
    return start_query(
        changed, cfg, name=NAME, write=write, seconds=cfg.stream.refresh_seconds, once=once, mode="update"
    )


def warm_up(spark: SparkSession, cfg: Config, model: HybridModel) -> None:
    """Do once, on made-up messages and without writing, what every batch does.

    Starting the Python workers and compiling the plan takes seconds, which the first listener would wait otherwise.
    """
    now = datetime.now(UTC)
    track_ids = model.track_ids[:WARM_UP_LISTENERS].tolist()
    events = [
        PlayEvent(str(uuid.uuid4()), f"warm-up-{i}", "play", now, "api", track_id=track_id)
        for i, track_id in enumerate(track_ids)
    ]
    rows = [(e.user_id.encode(), e.to_json(), PLAYS_TOPIC.name, 0, i, now) for i, e in enumerate(events)]
    decoded = decoded_plays(spark.createDataFrame(rows, kafka.MESSAGE_SCHEMA)).where(F.col("reason").isNull())
    changed = changed_listeners(decoded, max_events=cfg.recommend.max_events, max_opinions=cfg.recommend.max_opinions)
    ranked_tables(changed.collect(), model, cfg)


def refresh(rows: list[Row], model: HybridModel, cfg: Config, publisher: BulkPublisher) -> None:
    """Rank for the listeners of ``rows`` and write their tables: first the store, then the topic the player hears."""
    if not rows:
        return
    tables = ranked_tables(rows, model, cfg)
    now = datetime.now(UTC)
    found = [
        recommendation_document(row, table, model_version=model.version, updated_at=now)
        for row, table in zip(rows, tables, strict=True)
    ]
    with documents.database(cfg.mongo) as db:
        documents.upsert_newer(db, RECOMMENDATIONS_COLLECTION, found)
    for document in found:
        publisher.send(RECOMMENDATIONS_TOPIC, document["_id"], as_message(document))
    publisher.flush()


def ranked_tables(rows: list[Row], model: HybridModel, cfg: Config) -> list[list[Recommendation]]:
    """The table of each listener, from what is remembered of them."""
    settings = cfg.recommend
    return recommend(
        model,
        [_taste(row, model, cfg) for row in rows],
        weights=Weights(settings.collaborative_weight, settings.content_weight, settings.popularity_weight),
        top_n=settings.top_n,
        max_per_artist=settings.max_per_artist,
        exclude_recent=settings.exclude_recent,
    )


def recommendation_document(
    row: Row, table: list[Recommendation], *, model_version: str, updated_at: datetime
) -> dict[str, Any]:
    """The listener's table as the store keeps it."""
    cause = None
    if row["event_id"] is not None:
        cause = {name: row[name] for name in ("event_id", "track_id", "action")}
        cause["event_time"] = row["event_time"].replace(tzinfo=UTC)
    return {
        "_id": row["user_id"],
        "version": row["version"],
        "model_version": model_version,
        "updated_at": updated_at,
        "sent_at": row["sent_at"].replace(tzinfo=UTC),
        "caused_by": cause,
        "recommendations": [
            {
                "rank": item.rank,
                "track_id": item.track_id,
                "score": item.score,
                "reason": {"code": item.reason, "track_id": item.reason_track_id},
            }
            for item in table
        ],
    }


def as_message(document: dict[str, Any]) -> bytes:
    """The document as JSON; times as ISO 8601."""
    return json.dumps(document, default=iso_utc, ensure_ascii=False, separators=(",", ":")).encode()


def _taste(row: Row, model: HybridModel, cfg: Config) -> Taste:
    return taste(
        unpack(bytes(row["packed"])),
        duration_ms=model.duration_of,
        half_life_days=cfg.recommend.half_life_days,
        recency=cfg.recommend.recency,
    )


JOB = Job(NAME, start)
