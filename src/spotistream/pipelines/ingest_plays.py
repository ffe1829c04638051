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
from spotistream.transforms.play_events import (
    accepted_plays,
    contents,
    decoded_plays,
    rejected_plays,
    without_bytes_of_accepted,
)
from spotistream.transforms.play_standing import NEW, OTHER, standing_plays, stored_plays, with_taken_ids

NAME = "ingest_plays"
ROWS_OF_A_FILE = 20_000


def start(spark: SparkSession, cfg: Config, once: bool = False) -> list[StreamingQuery]:
    """Start the query."""
    for table in (PLAYS, PLAYS_REJECTED):
        delta.create_table(spark, cfg, table)

    def write(batch: DataFrame, batch_id: int) -> None:
        write_batch(batch, batch_id, cfg)

    frame = decoded_plays(kafka.read_stream(spark, cfg, PLAYS_TOPIC, once=once))
    query = start_query(frame, cfg, name=NAME, write=write, seconds=cfg.stream.ingest_seconds, once=once)
    return [query]


def write_batch(decoded: DataFrame, batch_id: int, cfg: Config) -> None:
    """Write one micro-batch; doing it again changes nothing in Delta and sends rejected messages again.

    Everything is counted before the first write, and what is rejected is written before what is accepted: an event that
    an earlier try has stored says the same as itself, so a repeated batch rejects the same messages.
    """
    app_id = query_id(decoded)
    checked = without_bytes_of_accepted(decoded).persist()
    standing = None
    try:
        held = contents(checked)
        counts = {NEW: held.accepted, OTHER: 0}
        if held.first is not None and held.last is not None:
            plays = delta.existing_table(decoded.sparkSession, cfg, PLAYS)
            if held.repeated or not stored_plays(plays, first=held.first, last=held.last).isEmpty():
                standing = standing_plays(
                    checked, plays, first=held.first, last=held.last, repeated=held.repeated
                ).persist()
                counts = dict(standing.groupBy("standing").count().collect())
        rejected_count = held.rejected + counts.get(OTHER, 0)
        NOTES.rejected(NAME, batch_id, rejected_count)
        if rejected_count:
            # The bytes of an event whose id is taken were let go of: they are read anew.
            marked = checked if standing is None or not counts.get(OTHER) else with_taken_ids(decoded, standing)
            rejected = rejected_plays(marked).coalesce(1)
            delta.append(rejected, cfg, PLAYS_REJECTED, app_id=app_id, version=batch_id)
            write_set_aside(rejected, cfg, PLAYS_REJECTED_TOPIC)
        if counts.get(NEW):
            fresh = accepted_plays(checked) if standing is None else standing.where(F.col("standing") == NEW)
            delta.append(_in_files(fresh, counts[NEW]), cfg, PLAYS, app_id=app_id, version=batch_id)
    finally:
        checked.unpersist()
        if standing is not None:
            standing.unpersist()


def _in_files(rows: DataFrame, count: int) -> DataFrame:
    """In one file, unless there are so many that several write faster."""
    return rows.coalesce(1 + count // ROWS_OF_A_FILE)


JOB = Job(NAME, start)
