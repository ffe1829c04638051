"""Every streaming query in one Spark application: what a small machine runs instead of five."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql.streaming.query import StreamingQuery

from spotistream.config import Config
from spotistream.files import replace_text
from spotistream.pipelines import (
    archive_recommendations,
    ingest_plays,
    ingest_tracks,
    refresh_at_once,
    refresh_recommendations,
    trending_tracks,
)
from spotistream.pipelines.streaming import Job, await_queries, is_caught_up

JOBS: tuple[Job, ...] = (
    refresh_recommendations.JOB,
    ingest_plays.JOB,
    ingest_tracks.JOB,
    archive_recommendations.JOB,
    trending_tracks.JOB,
)

ONCE_ORDER = (
    ingest_plays.JOB,
    ingest_tracks.JOB,
    refresh_recommendations.JOB,
    archive_recommendations.JOB,
    trending_tracks.JOB,
)
"""What is refreshed can be archived in the same go."""
NOT_AWAITED = (trending_tracks.NAME, refresh_at_once.NAME)
"""The one may take minutes for a long past that nobody counted yet; the other begins where its topic ends."""


def start(spark: SparkSession, cfg: Config) -> list[StreamingQuery]:
    """Start all queries; the one listeners wait for first."""
    return [query for job in JOBS for query in job.start(spark, cfg, False)]


def run(spark: SparkSession, cfg: Config) -> str:
    """Run until one query fails (its error is raised), or SIGTERM or Ctrl-C asks to stop.

    What state it is in stands in a file of the home, for whoever started this application.
    """
    queries = start(spark, cfg)
    write_state(cfg.home, StreamsState(os.getpid(), ready=False))

    def report() -> None:
        awaited = [query for query in queries if query.name not in NOT_AWAITED]
        if not read_state(cfg.home).ready and all(is_caught_up(query) for query in awaited):
            write_state(cfg.home, StreamsState(os.getpid(), ready=True))

    try:
        await_queries(queries, cfg, on_tick=report)
    finally:
        forget_state(cfg.home)
    return "streams stopped"


def run_once(spark: SparkSession, cfg: Config) -> str:
    """Let each query read what is there now, one after the other, then end."""
    return "; ".join(f"{job.name}: {job.run_once(spark, cfg)}" for job in ONCE_ORDER)


@dataclass(frozen=True)
class StreamsState:
    """``pid`` is the process to send SIGTERM to; ``ready`` once every query but trending has caught up."""

    pid: int | None = None
    ready: bool = False


def read_state(home: Path) -> StreamsState:
    """What the streams of this home say of themselves."""
    try:
        return StreamsState(**json.loads(_state_file(home).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return StreamsState()


def write_state(home: Path, state: StreamsState) -> None:
    """Replace the state in one step."""
    replace_text(_state_file(home), json.dumps(asdict(state)))


def forget_state(home: Path) -> None:
    """The streams of this home do not run."""
    _state_file(home).unlink(missing_ok=True)


def _state_file(home: Path) -> Path:
    return home / "run" / "streams.json"
