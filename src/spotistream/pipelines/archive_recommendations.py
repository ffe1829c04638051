"""Kafka topic ``recommendations`` -> Delta ``recommendations``: the history of every listener's table."""

from __future__ import annotations

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.streaming.query import StreamingQuery

from spotistream.config import Config
from spotistream.io import delta, kafka
from spotistream.pipelines.streaming import Job, query_id, start_query
from spotistream.tables import RECOMMENDATIONS, RECOMMENDATIONS_TOPIC
from spotistream.transforms.snapshots import decoded_snapshots, first_update, new_snapshots

NAME = "archive_recommendations"


def start(spark: SparkSession, cfg: Config, once: bool = False) -> list[StreamingQuery]:
    """Start the query."""
    delta.create_table(spark, cfg, RECOMMENDATIONS)

    def write(batch: DataFrame, batch_id: int) -> None:
        write_batch(batch, batch_id, cfg)

    query = start_query(
        kafka.read_stream(spark, cfg, RECOMMENDATIONS_TOPIC, once=once),
        cfg,
        name=NAME,
        write=write,
        seconds=cfg.stream.archive_seconds,
        once=once,
    )
    return [query]


def write_batch(messages: DataFrame, batch_id: int, cfg: Config) -> None:
    """Append one micro-batch; a snapshot that was sent twice is kept once."""
    app_id = query_id(messages)
    snapshots = decoded_snapshots(messages).persist()
    try:
        first = first_update(snapshots)
        if first is not None:
            known = delta.existing_table(messages.sparkSession, cfg, RECOMMENDATIONS)
            fresh = new_snapshots(snapshots, known, first=first).coalesce(1)
            delta.append(fresh, cfg, RECOMMENDATIONS, app_id=app_id, version=batch_id)
    finally:
        snapshots.unpersist()


JOB = Job(NAME, start)
