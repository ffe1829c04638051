"""The Delta side of extract_features: what the three tables know, and the writes of one commit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from delta.tables import DeltaTable
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from spotistream.catalogue.folder import AudioFile
from spotistream.catalogue.outcome import Task, rejected
from spotistream.catalogue.register import DUPLICATE, KnownReject, KnownTrack, Register
from spotistream.config import Config
from spotistream.io import delta
from spotistream.layouts import Table
from spotistream.tables import TRACK_FEATURES, TRACK_FILES, TRACKS_REJECTED

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STATUS_DDL = "track_id STRING, size_bytes BIGINT, modified_at TIMESTAMP, gone BOOLEAN"


@dataclass(frozen=True)
class Finding:
    """A file and the row that its analysis made."""

    file: AudioFile
    outcome: dict[str, Any]


@dataclass
class Commit:
    """Rows of one commit, by table.

    rejected_at : paths that are in ``tracks_rejected``
    status : changes size, time or presence of a track and nothing else
    healed : paths to take out of ``tracks_rejected``
    """

    rejected_at: frozenset[str]
    files: list[dict[str, Any]] = field(default_factory=list)
    features: list[dict[str, Any]] = field(default_factory=list)
    rejects: list[dict[str, Any]] = field(default_factory=list)
    status: list[dict[str, Any]] = field(default_factory=list)
    healed: list[str] = field(default_factory=list)

    def displace(self, track_ids: Iterable[str]) -> None:
        """These tracks have no file any more."""
        self.status += [{"track_id": i, "size_bytes": None, "modified_at": None, "gone": True} for i in track_ids]

    def add(self, finding: Finding, register: Register) -> None:
        """The rows of one file that was looked at."""
        file, row = finding.file, finding.outcome
        stamp = {"size_bytes": file.size_bytes, "modified_at": _EPOCH + timedelta(microseconds=file.modified_us)}
        if row["code"] is None:
            identity = register.accepted(file, content_hash=row["content_hash"])
        else:
            identity = register.rejected(file.path, code=row["code"])
        if identity.displaced:
            self.displace([identity.displaced])
        if identity.twin:
            task = Task(path=file.path, folder=file.folder, cover=file.cover, known_hash=None)
            reason = f"it has the same bytes as {identity.twin}"
            row = rejected(task, code=DUPLICATE, reason=reason, content_hash=row["content_hash"])
        if identity.track_id is None:
            self.rejects.append({**row, **stamp})
            return
        if file.path in self.rejected_at:
            self.healed.append(file.path)
        if row["feature_spec"] is None:
            self.status.append({"track_id": identity.track_id, **stamp, "gone": False})
            return
        self.files.append(
            {**row, **stamp, "track_id": identity.track_id, "added_at": stamp["modified_at"], "gone": False}
        )
        self.features.append({**row, "track_id": identity.track_id})

    def write(self, spark: SparkSession, cfg: Config) -> None:
        """Write all rows; repeating it changes nothing.

        Features come before the file's row: a file counts as read only when that row is there.
        """
        _merge(spark, cfg, TRACK_FEATURES, self.features)
        _merge(spark, cfg, TRACK_FILES, self.files)
        _merge(spark, cfg, TRACKS_REJECTED, self.rejects)
        if self.status:
            _update_status(spark, cfg, spark.createDataFrame(self.status, _STATUS_DDL))
        if self.healed:
            healed = spark.createDataFrame([(path,) for path in self.healed], "path STRING")
            delta.delete_rows(spark, cfg, TRACKS_REJECTED, healed, keys=("path",))


def known_tracks(spark: SparkSession, cfg: Config, *, feature_spec: str) -> list[KnownTrack]:
    """Every track of ``track_files``, and whether its vector is current."""
    features = delta.read_table(spark, cfg, TRACK_FEATURES).where(F.col("feature_spec") == feature_spec)
    described = {(row.track_id, row.content_hash) for row in features.select("track_id", "content_hash").collect()}
    rows = (
        delta.read_table(spark, cfg, TRACK_FILES)
        .select("track_id", "path", "content_hash", "size_bytes", F.unix_micros("modified_at").alias("us"), "gone")
        .collect()
    )
    return [
        KnownTrack(
            row.track_id, row.path, row.content_hash, row.size_bytes, row.us, gone=row.gone,
            described=(row.track_id, row.content_hash) in described,
        )
        for row in rows
    ]  # fmt: skip


def known_rejects(spark: SparkSession, cfg: Config) -> list[KnownReject]:
    """Every row of ``tracks_rejected``."""
    rows = (
        delta.read_table(spark, cfg, TRACKS_REJECTED)
        .select("path", "code", "content_hash", "size_bytes", F.unix_micros("modified_at").alias("modified_us"))
        .collect()
    )
    return [KnownReject(**row.asDict()) for row in rows]


def _merge(spark: SparkSession, cfg: Config, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        values = [tuple(row[column] for column in table.columns) for row in rows]
        delta.merge(spark, cfg, table, spark.createDataFrame(values, delta.table_schema(table)))


def _update_status(spark: SparkSession, cfg: Config, status: DataFrame) -> None:
    """Set ``gone`` and, where given, size and time of the tracks."""
    new = {name: F.coalesce(F.col(f"new.{name}"), F.col(f"old.{name}")) for name in ("size_bytes", "modified_at")}
    delta.write_again_after_conflicts(
        lambda: (
            DeltaTable.forPath(spark, delta.table_path(cfg, TRACK_FILES))
            .alias("old")
            .merge(status.alias("new"), "old.track_id = new.track_id")
            .whenMatchedUpdate(set={**new, "gone": F.col("new.gone")})
            .execute()
        )
    )
