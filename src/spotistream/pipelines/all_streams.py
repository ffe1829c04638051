"""Every streaming query in one Spark application: what a small machine runs instead of four."""

from __future__ import annotations

import json
import os
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql.streaming import StreamingQuery

from spotistream.config import Config
from spotistream.pipelines import archive_recommendations, ingest_plays, ingest_tracks, refresh_recommendations
from spotistream.pipelines.streaming import Job, await_queries, is_caught_up

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
    """Run until one query fails (its error is raised), or SIGTERM or Ctrl-C asks to stop.

    Once the listeners' tables are up to date, ``ready_file`` says so to whoever started this application.
    """
    ready = ready_file(cfg.home)
    ready.parent.mkdir(parents=True, exist_ok=True)
    ready.unlink(missing_ok=True)
    queries = start(spark, cfg)

    def report() -> None:
        if not ready.exists() and is_caught_up(queries[0]):
            ready.write_text(json.dumps({"pid": os.getpid(), "queries": [query.name for query in queries]}))

    try:
        await_queries(queries, cfg, on_tick=report)
    finally:
        ready.unlink(missing_ok=True)
    return "streams stopped"


def ready_file(home: Path) -> Path:
    """There while the streams run and the listeners' tables are up to date; holds the process id."""
    return home / "run" / "streams-ready.json"
