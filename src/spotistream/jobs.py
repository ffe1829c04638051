"""The one table of jobs: what ``spotistream run`` and the files in ``batch_jobs/`` and ``streaming_jobs/`` start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class JobEntry:
    """A job by name; ``needs_metadata`` is the file of FMA's metadata that it reads.

    ``module`` has ``run(spark, cfg)``; where the job streams, ``JOB`` with ``run`` and ``run_once``; where it needs no
    Spark, a function of the job's name that takes the configuration and ``progress``. Where ``refits``, the job's
    ``run`` takes ``refit``, where ``forces``, ``force``. ``beside`` names further queries of a job that streams.
    """

    name: str
    module: str
    summary: str
    streaming: bool = False
    needs_spark: bool = True
    needs_kafka: bool = True
    needs_store: bool = True
    needs_music: bool = False
    needs_metadata: str = ""
    refits: bool = False
    forces: bool = False
    beside: tuple[str, ...] = ()


def _entry(name: str, summary: str, **facts: Any) -> JobEntry:
    return JobEntry(name, f"spotistream.pipelines.{name}", summary, **facts)


JOBS: dict[str, JobEntry] = {
    job.name: job
    for job in (
        _entry(
            "extract_features", "audio files -> Delta track_files, track_features, tracks_rejected",
            needs_kafka=False, needs_store=False, needs_music=True,
        ),
        _entry(
            "import_metadata", "FMA's metadata -> Delta track_metadata, metadata_rejected; Kafka tracks",
            needs_store=False, needs_metadata="tracks.csv",
        ),
        _entry(
            "import_features", "FMA's features.csv -> Delta track_features, metadata_rejected",
            needs_kafka=False, needs_store=False, needs_metadata="features.csv",
        ),
        _entry("publish", "Delta track_files, track_metadata, track_features -> Kafka tracks", needs_store=False),
        _entry(
            "fit_sounds", "Delta track_features -> fitted normalisation, Delta track_sounds",
            needs_kafka=False, needs_store=False,
        ),
        _entry(
            "train_model", "Delta plays, tracks, track_sounds -> model; store similar_tracks, popular_tracks",
            forces=True,
        ),
        _entry(
            "evaluate_model", "Delta plays, tracks, track_sounds -> models and peers compared, Delta model_metrics",
            needs_kafka=False, needs_store=False,
        ),
        _entry(
            "tune_model", "Delta plays, tracks, track_sounds -> better settings of the model, for train_model",
            needs_kafka=False, needs_store=False,
        ),
        _entry(
            "ingest_tracks", "Kafka tracks -> Delta and store tracks, track_features, artists, albums, genres; model",
            streaming=True,
        ),
        _entry(
            "map_tracks", "Delta track_sounds, tracks -> Delta and store track_map", needs_kafka=False, refits=True
        ),
        _entry(
            "find_topics",
            "Delta track_sounds, tracks, plays -> Delta and store music_topics, track_topics; store popular_tracks",
            needs_kafka=False,
        ),
        _entry(
            "train_genres", "Delta track_features, tracks -> genre classifier; Delta and store genre_predictions",
            needs_kafka=False,
        ),
        _entry(
            "ingest_plays", "Kafka plays -> Delta plays, plays_rejected; Kafka plays.rejected",
            streaming=True, needs_store=False,
        ),
        _entry(
            "refresh_recommendations", "Kafka plays -> store and Kafka recommendations",
            streaming=True, beside=("refresh_at_once",),
        ),
        _entry(
            "archive_recommendations", "Kafka recommendations -> Delta recommendations",
            streaming=True, needs_store=False,
        ),
        _entry(
            "trending_tracks", "Kafka plays -> Delta trending_tracks; store popular_tracks", streaming=True
        ),
        _entry(
            "simulate_past", "simulated listeners' past plays -> Kafka plays", needs_spark=False
        ),
        _entry(
            "maintain_tables", "OPTIMIZE and VACUUM of every Delta table",
            needs_kafka=False, needs_store=False,
        ),
        _entry("all_streams", "every streaming job in one Spark application", streaming=True),
    )
}  # fmt: skip
