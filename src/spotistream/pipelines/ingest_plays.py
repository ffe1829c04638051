"""Kafka topic ``plays`` -> Delta ``plays``: each event once; all else with its reason to ``plays_rejected``, Delta and
Kafka."""

from __future__ import annotations

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.streaming.query import StreamingQuery

from spotistream.config import Config
from spotistream.io import delta, kafka
from spotistream.io.set_aside import write_set_aside
from spotistream.monitoring.notes import NOTES
from spotistream.pipelines.streaming import Job, query_id, start_query
from spotistream.tables import PLAYS, PLAYS_REJECTED, PLAYS_REJECTED_TOPIC, PLAYS_TOPIC
from spotistream.transforms.play_events import contents, decoded_plays, rejected_plays
from spotistream.transforms.play_standing import NEW, OTHER, standing_plays, with_taken_ids

NAME = "ingest_plays"


def start(spark: SparkSession, cfg: Config, once: bool = False) -> StreamingQuery:
    """Start the query."""
    for table in (PLAYS, PLAYS_REJECTED):
        delta.create_table(spark, cfg, table)

    def write(batch: DataFrame, batch_id: int) -> None:
        write_batch(batch, batch_id, cfg)

    frame = decoded_plays(kafka.read_stream(spark, cfg, PLAYS_TOPIC, once=once))
    return start_query(frame, cfg, name=NAME, write=write, seconds=cfg.stream.ingest_seconds, once=once)


def write_batch(decoded: DataFrame, batch_id: int, cfg: Config) -> None:
    """Write one micro-batch; doing it again changes nothing in Delta and sends rejected messages again.

    Everything is counted before the first write, and what is rejected is written before what is accepted: an event that
    an earlier try has stored says the same as itself, so a repeated batch rejects the same messages.
    """
    app_id = query_id(decoded)
    decoded = decoded.persist()
    standing = None
    try:
        held = contents(decoded)
        counts = {NEW: 0, OTHER: 0}
        if held.first is not None and held.last is not None:
            plays = delta.existing_table(decoded.sparkSession, cfg, PLAYS)
            standing = standing_plays(decoded, plays, first=held.first, last=held.last).persist()
            counts |= {row["standing"]: row["count"] for row in standing.groupBy("standing").count().collect()}
        NOTES.rejected(NAME, batch_id, held.rejected + counts[OTHER])
        if held.rejected or counts[OTHER]:
            marked = decoded if standing is None or not counts[OTHER] else with_taken_ids(decoded, standing)
            rejected = rejected_plays(marked).coalesce(1)
            delta.append(rejected, cfg, PLAYS_REJECTED, app_id=app_id, version=batch_id)
            write_set_aside(rejected, cfg, PLAYS_REJECTED_TOPIC)
        if standing is not None:
            fresh = standing.where(F.col("standing") == NEW).coalesce(1)
            delta.append(fresh, cfg, PLAYS, app_id=app_id, version=batch_id)
    finally:
        decoded.unpersist()
        if standing is not None:
            standing.unpersist()


JOB = Job(NAME, start)
