"""Kafka topic ``plays`` -> Delta ``plays`` and ``plays_rejected``: each event once, all else with its reason."""

from __future__ import annotations

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.streaming.query import StreamingQuery

from spotistream.config import Config
from spotistream.io import delta, kafka
from spotistream.monitoring.notes import NOTES
from spotistream.pipelines.streaming import Job, query_id, start_query
from spotistream.tables import PLAYS, PLAYS_REJECTED, PLAYS_TOPIC
from spotistream.transforms.play_events import accepted_plays, contents, decoded_plays, new_plays, rejected_plays

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
    """Append one micro-batch. Delta skips what an earlier try of the same batch has written."""
    app_id = query_id(decoded)
    decoded = decoded.persist()
    try:
        held = contents(decoded)
        NOTES.rejected(NAME, batch_id, held.rejected)
        if held.rejected:
            rejected = rejected_plays(decoded).coalesce(1)
            delta.append(rejected, cfg, PLAYS_REJECTED, app_id=app_id, version=batch_id)
        if held.first is not None and held.last is not None:
            plays = delta.existing_table(decoded.sparkSession, cfg, PLAYS)
            fresh = new_plays(accepted_plays(decoded), plays, first=held.first, last=held.last).coalesce(1)
            delta.append(fresh, cfg, PLAYS, app_id=app_id, version=batch_id)
    finally:
        decoded.unpersist()


JOB = Job(NAME, start)
