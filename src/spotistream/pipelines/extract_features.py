"""A folder of music -> Delta ``track_files``, ``track_features``, ``tracks_rejected``: new and changed files only."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial

from pyspark.sql import SparkSession

from spotistream.audio.spec import spec_of
from spotistream.catalogue.folder import AudioFile, audio_files, is_uri, music_folder
from spotistream.catalogue.guard import analyse_batches
from spotistream.catalogue.outcome import OUTCOME, Settings, Task, rejected
from spotistream.catalogue.register import Plan, Register, plan
from spotistream.config import Config
from spotistream.io import delta
from spotistream.pipelines.progress import Progress
from spotistream.pipelines.remote_audio import analyse_remote, remote_audio_files
from spotistream.pipelines.track_tables import Commit, Finding, known_rejects, known_tracks
from spotistream.services.locking import locked
from spotistream.tables import TRACK_FEATURES, TRACK_FILES, TRACKS_REJECTED

TASK_DDL = "path STRING, folder STRING, cover STRING, known_hash STRING"
OUTCOME_DDL = ", ".join(f"`{column.name}` {column.type}" for column in OUTCOME)


@dataclass(frozen=True)
class Summary:
    """What the folder holds after a run, and what the run did.

    tracks : files that are tracks now
    written : tracks that are new or changed
    gone : tracks whose file went since the last run
    rejected : files that are no tracks now, by code
    """

    tracks: int
    written: int
    gone: int
    rejected: Mapping[str, int]
    seconds: float

    def __str__(self) -> str:
        reasons = ", ".join(f"{count:,} {code}" for code, count in sorted(self.rejected.items()))
        gone = f", {self.gone:,} gone" if self.gone else ""
        return (
            f"{self.tracks:,} tracks, {self.written:,} new or changed{gone}, {sum(self.rejected.values()):,} rejected"
            f"{f' ({reasons})' if reasons else ''} in {self.seconds:.1f} s"
        )


def run(spark: SparkSession, cfg: Config) -> Summary:
    """Bring the three tables up to date with ``cfg.audio.folder``.

    Files that cannot be read become rows of ``tracks_rejected``. A run that was killed is continued by the next; one
    that is started beside another on the same home waits for it.

    Raises InputError where the folder does not exist or holds no audio.
    """
    with locked(cfg.home / "run" / "extract_features.lock"):
        return _run(spark, cfg)


def _run(spark: SparkSession, cfg: Config) -> Summary:
    begun = time.monotonic()
    files = _listed(spark, cfg.audio.folder)
    for table in (TRACK_FILES, TRACK_FEATURES, TRACKS_REJECTED):
        delta.create_table(spark, cfg, table)
    tracks = known_tracks(spark, cfg, feature_spec=spec_of(cfg.audio.preset).id)
    rejects = known_rejects(spark, cfg)
    todo = plan(files, tracks=tracks, rejects=rejects)
    register = Register(tracks=tracks, rejects=rejects, listed={file.path: file for file in files})
    rejected_at = frozenset(reject.path for reject in rejects)

    tidy = Commit(rejected_at=rejected_at, healed=list(todo.healed))
    tidy.displace(todo.gone)
    tidy.write(spark, cfg)
    written = _extract(spark, cfg, todo, register, rejected_at=rejected_at)
    return Summary(
        tracks=register.live,
        written=written,
        gone=len(todo.gone),
        rejected=register.rejections,
        seconds=time.monotonic() - begun,
    )


def _listed(spark: SparkSession, folder: str) -> list[AudioFile]:
    return remote_audio_files(spark, folder) if is_uri(folder) else audio_files(music_folder(folder))


def _extract(spark: SparkSession, cfg: Config, todo: Plan, register: Register, *, rejected_at: frozenset[str]) -> int:
    """Analyse and write what the plan says; the number of tracks written."""
    written = 0
    commit, committed = Commit(rejected_at=rejected_at), 0.0
    with Progress("files", total=len(todo.changed) + len(todo.new)) as progress:
        for files in (todo.changed, todo.new):
            for findings in _findings(spark, cfg, files, register):
                for finding in findings:
                    commit.add(finding, register)
                progress.advance(len(findings))
                committed = committed or time.monotonic()  # the workers' start is no reason to write
                if time.monotonic() - committed > cfg.audio.commit_seconds:
                    commit.write(spark, cfg)
                    written += len(commit.files)
                    commit, committed = Commit(rejected_at=rejected_at), time.monotonic()
        commit.write(spark, cfg)
    return written + len(commit.files)


def _findings(
    spark: SparkSession, cfg: Config, files: Sequence[AudioFile], register: Register
) -> Iterator[list[Finding]]:
    """What each chunk of files is found to be, in the order of the files.

    ``cfg.audio.workers`` chunks are under way at any time, each a Spark job of one partition: no worker waits for
    another at the end of a chunk, nor for a commit.
    """
    chunks = [files[start : start + cfg.audio.chunk] for start in range(0, len(files), cfg.audio.chunk)]
    pool = ThreadPoolExecutor(cfg.audio.workers, thread_name_prefix="extract")
    try:
        under_way = [pool.submit(_analyse, spark, cfg, chunk, register) for chunk in chunks]
        for future in under_way:
            yield future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _analyse(spark: SparkSession, cfg: Config, files: Sequence[AudioFile], register: Register) -> list[Finding]:
    """Analyse the files in one Spark task."""
    task_of = {file: Task(file.path, file.folder, file.cover, register.known_hash(file.path)) for file in files}
    rows = {
        file.path: rejected(task, code="unsupported", reason=file.problem)
        for file, task in task_of.items()
        if file.problem is not None
    }
    tasks = [asdict(task) for task in task_of.values() if task.path not in rows]
    if tasks:
        settings, timeout_s = _settings(cfg), cfg.audio.file_timeout_s
        if is_uri(cfg.audio.folder):
            outcomes = analyse_remote(spark, tasks, OUTCOME_DDL, settings=settings, timeout_s=timeout_s)
        else:
            analyse = partial(analyse_batches, settings=settings, timeout_s=timeout_s)
            outcomes = spark.createDataFrame(tasks, TASK_DDL).coalesce(1).mapInArrow(analyse, OUTCOME_DDL)
        rows |= {row["path"]: row.asDict() for row in outcomes.collect()}
    return [Finding(file, rows[file.path]) for file in files]


def _settings(cfg: Config) -> Settings:
    return Settings(
        preset=cfg.audio.preset,
        max_seconds=cfg.audio.max_seconds,
        min_seconds=cfg.audio.min_seconds,
        max_file_mb=cfg.audio.max_file_mb,
        covers=cfg.paths.covers,
        pictures=cfg.paths.pictures,
    )
