"""Every streaming query in one Spark application: what a small machine runs instead of four."""

from __future__ import annotations

import logging

from pyspark.sql import SparkSession
from pyspark.sql.streaming import StreamingQuery

from spotistream.config import Config
from spotistream.pipelines import archive_recommendations, ingest_plays, ingest_tracks, refresh_recommendations
from spotistream.pipelines.streaming import Job

log = logging.getLogger(__name__)

JOBS: tuple[Job, ...] = (
    refresh_recommendations.JOB,
    ingest_plays.JOB,
    ingest_tracks.JOB,
    archive_recommendations.JOB,
)


def start(spark: SparkSession, cfg: Config) -> list[StreamingQuery]:
    """Start all queries; the one listeners wait for first."""
    return [job.start(spark, cfg, False) for job in JOBS]


def run(spark: SparkSession, cfg: Config) -> str:
    """Run until one query fails (its error is raised) or all are stopped."""
    queries = start(spark, cfg)
    spark.streams.awaitAnyTermination()
    for query in queries:
        if (error := query.exception()) is not None:
            raise error
    return "streams stopped"
