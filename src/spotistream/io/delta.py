"""Delta tables: create, read, append, merge. Every write can be repeated."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pandas as pd
from delta.tables import DeltaTable
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from spotistream.config import Config
from spotistream.layouts import Table


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
    """Newest version of a table on a local disk, without Spark; ``None`` where there is none yet."""
    log = Path(table_path(cfg, table)) / "_delta_log"
    versions = [int(file.stem) for file in log.glob("*.json") if file.stem.isdigit()] if log.is_dir() else []
    return max(versions, default=None)


def create_table(spark: SparkSession, cfg: Config, table: Table) -> None:
    """Create the table with its types and comments, unless it exists."""
    path = table_path(cfg, table)
    if DeltaTable.isDeltaTable(spark, path):
        return
    builder = DeltaTable.createIfNotExists(spark).location(path).comment(table.comment)
    for column in table.fields:
        builder = builder.addColumn(column.name, column.type, nullable=column.nullable, comment=column.comment)
    builder.execute()


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

    With ``app_id`` and ``version`` a repeated write of the same version is skipped by Delta.
    """
    writer = df.select(*table.columns).write.format("delta").mode("append")
    if app_id is not None:
        writer = writer.option("txnAppId", app_id).option("txnVersion", str(version))
    writer.save(table_path(cfg, table))


def merge(spark: SparkSession, cfg: Config, table: Table, df: DataFrame, *, keys: Sequence[str] | None = None) -> None:
    """Update rows whose keys exist, insert the others. ``df`` has each key once."""
    create_table(spark, cfg, table)
    keys = keys or table.keys
    condition = F.expr(" AND ".join(f"old.`{key}` <=> new.`{key}`" for key in keys))
    (
        DeltaTable.forPath(spark, table_path(cfg, table))
        .alias("old")
        .merge(df.select(*table.columns).alias("new"), condition)
        .whenMatchedUpdateAll()
        .whenNotMatchedInsertAll()
        .execute()
    )
