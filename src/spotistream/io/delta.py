"""Delta tables: create, read, append, merge. Every write can be repeated."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar, cast

import pandas as pd
from delta import exceptions
from delta.tables import DeltaMergeBuilder, DeltaTable
from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from spotistream.config import Config
from spotistream.errors import ConfigError
from spotistream.io import once
from spotistream.layouts import Table

T = TypeVar("T")
log = logging.getLogger(__name__)

UPKEEP = ("OPTIMIZE", "SET TBLPROPERTIES", "VACUUM START", "VACUUM END")
"""What Delta calls commits that leave every row as it was."""
LEAST_HISTORY_HOURS = 168
"""A week: what Delta itself holds safe."""
ATTEMPTS = 8
"""How often a write is tried that meets other commits."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 5.0
CONFLICTS = (
    exceptions.ConcurrentAppendException,
    exceptions.ConcurrentDeleteDeleteException,
    exceptions.ConcurrentDeleteReadException,
    exceptions.ConcurrentTransactionException,
    exceptions.ConcurrentWriteException,
    exceptions.MetadataChangedException,
    exceptions.ProtocolChangedException,
)
"""What Delta raises when another commit came between; they have no class in common."""
HALF_CREATED = ("DELTA_TABLE_NOT_FOUND", "DELTA_CREATE_TABLE_WITH_NON_EMPTY_LOCATION")
"""What Delta says of a table whose first commit another process is writing."""


def table_path(cfg: Config, table: Table) -> str:
    """Folder or URI of the table."""
    return f"{cfg.paths.lake.rstrip('/')}/{table.name}"


def table_schema(table: Table) -> StructType:
    """The table's columns as a Spark schema; needs a running session."""
    return cast(StructType, StructType.fromDDL(table.ddl))


def to_pandas(df: DataFrame) -> pd.DataFrame:
    """The whole frame on the driver: only for what fits there on any machine, such as one row a track."""
    return cast(pd.DataFrame, df.toPandas())


def table_version(cfg: Config, table: Table) -> int | None:
    """Newest version that changed rows of a table on a local disk, without Spark; ``None`` where there is no table yet.

    What upkeep commits is not counted: nothing has to be computed anew after it.
    """
    log = Path(table_path(cfg, table)) / "_delta_log"
    # Once a checkpoint holds their content older commits are cleaned up, so a checkpoint counts as well as a commit.
    files = (*log.glob("*.json"), *log.glob("*.checkpoint*.parquet"))
    versions = {int(version) for file in files if (version := file.name.partition(".")[0]).isdigit()}
    newest_first = sorted(versions, reverse=True)
    changed = (version for version in newest_first if not _is_upkeep(log / f"{version:020}.json"))
    return next(changed, newest_first[-1] if newest_first else None)


def _is_upkeep(commit: Path) -> bool:
    """Whether a commit of the log only arranged the table's files anew, or set properties."""
    try:
        lines = commit.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return False
    entries = (json.loads(line) for line in lines if line.startswith('{"commitInfo"'))
    return any(entry["commitInfo"].get("operation") in UPKEEP for entry in entries)


def table_properties(cfg: Config, table: Table) -> dict[str, str]:
    """The properties Delta keeps with the table: its constraints, and how long its past can be read.

    Raises ``ConfigError`` where that is shorter than is safe for readers and writers at work.
    """
    if cfg.lake.history_hours < LEAST_HISTORY_HOURS:
        raise ConfigError(
            "lake.history_hours",
            f"must be at least {LEAST_HISTORY_HOURS}: a query may still read the files of an earlier version",
            source="the configuration",
        )
    past = f"interval {cfg.lake.history_hours} hours"
    return {
        # VACUUM goes by the first; without the second the commits that name these files would be cleaned up earlier.
        "delta.deletedFileRetentionDuration": past,
        "delta.logRetentionDuration": past,
        **{f"delta.constraints.{name}": condition for name, condition in table.constraints.items()},
    }


def create_table(spark: SparkSession, cfg: Config, table: Table) -> None:
    """Create the table as declared, in one commit, unless it exists; several processes may do so at the same time."""

    def create() -> None:
        if DeltaTable.isDeltaTable(spark, path):
            return
        builder = DeltaTable.createIfNotExists(spark).location(path).comment(table.comment)
        for column in table.fields:
            builder = builder.addColumn(column.name, column.type, nullable=column.nullable, comment=column.comment)
        for name, value in table_properties(cfg, table).items():
            builder = builder.property(name, value)
        if table.cluster_by:
            builder = builder.clusterBy(*table.cluster_by)
        builder.execute()

    path = table_path(cfg, table)
    write_again_after_conflicts(create)


def read_table(spark: SparkSession, cfg: Config, table: Table) -> DataFrame:
    """The table as it is now; an empty frame with its columns where it does not exist yet."""
    if not DeltaTable.isDeltaTable(spark, table_path(cfg, table)):
        return spark.createDataFrame([], table_schema(table))
    return existing_table(spark, cfg, table)


def existing_table(spark: SparkSession, cfg: Config, table: Table) -> DataFrame:
    """The table as it is now; it was created before."""
    return spark.read.format("delta").load(table_path(cfg, table))


def append(df: DataFrame, cfg: Config, table: Table, *, app_id: str | None = None, version: int | None = None) -> None:
    """Append rows with the table's columns.

    With ``app_id`` and ``version``, a query and its batch, a repeated write of the same version changes nothing.
    """
    path = table_path(cfg, table)
    writer = df.select(*table.columns).write.format("delta").mode("append")
    if app_id is None or version is None:
        write_again_after_conflicts(lambda: writer.save(path))
    elif (marked := once.marked(writer, path, app_id=app_id, version=version)) is not None:
        # Rows never conflict, but maintain_tables may have changed a property of the table meanwhile.
        write_again_after_conflicts(lambda: marked.save(path))
        once.confirm(path, app_id=app_id, version=version)


def merge(spark: SparkSession, cfg: Config, table: Table, df: DataFrame, *, keys: Sequence[str] | None = None) -> None:
    """Update rows whose keys exist, insert the others. ``df`` has each key once."""
    create_table(spark, cfg, table)
    write_again_after_conflicts(
        lambda: (
            _merging(spark, cfg, table, df.select(*table.columns), keys or table.keys)
            .whenMatchedUpdateAll()
            .whenNotMatchedInsertAll()
            .execute()
        )
    )


def insert_missing(
    spark: SparkSession, cfg: Config, table: Table, df: DataFrame, *, keys: Sequence[str] | None = None
) -> None:
    """Insert rows whose keys are not there, change nothing else. ``df`` has each key once.

    Where there is nothing to insert there is no commit.
    """
    create_table(spark, cfg, table)
    write_again_after_conflicts(
        lambda: (
            _merging(spark, cfg, table, df.select(*table.columns), keys or table.keys)
            .whenNotMatchedInsertAll()
            .execute()
        )
    )


def delete_rows(spark: SparkSession, cfg: Config, table: Table, df: DataFrame, *, keys: Sequence[str]) -> None:
    """Delete the rows whose keys are in ``df``, which may hold a key more than once.

    Where there is nothing to delete, or no table yet, there is no commit.
    """
    if DeltaTable.isDeltaTable(spark, table_path(cfg, table)):
        write_again_after_conflicts(
            lambda: _merging(spark, cfg, table, df.select(*keys), keys).whenMatchedDelete().execute()
        )


def write_again_after_conflicts(write: Callable[[], T], *, attempts: int = ATTEMPTS) -> T:
    """What ``write`` returns; it is called again while another commit to the same table gets in its way.

    A write that meets a conflict has changed nothing, so repeating it is safe; it reads the table anew. One of two that
    conflict always succeeds. Raises the conflict of the last of ``attempts``.
    """
    for attempt in range(1, attempts):
        try:
            return write()
        except (*CONFLICTS, AnalysisException) as error:
            if isinstance(error, AnalysisException) and error.getCondition() not in HALF_CREATED:
                raise
            pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (attempt - 1))
            log.info("%s; attempt %d of %d follows in %.1f s", type(error).__name__, attempt + 1, attempts, pause)
            time.sleep(pause)
    return write()


def _merging(spark: SparkSession, cfg: Config, table: Table, rows: DataFrame, keys: Sequence[str]) -> DeltaMergeBuilder:
    """A MERGE of ``rows`` into the table's newest version by ``keys``, whose clauses are still to be said."""
    condition = F.expr(" AND ".join(f"old.`{key}` <=> new.`{key}`" for key in keys))
    return DeltaTable.forPath(spark, table_path(cfg, table)).alias("old").merge(rows.alias("new"), condition)
