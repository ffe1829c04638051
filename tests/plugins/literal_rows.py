"""Literal rows of a declared table: a test names the columns it is about, the others are null."""

from __future__ import annotations

from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructField, StructType

from spotistream.io.delta import table_schema
from spotistream.layouts import Table


def literal_rows(spark: SparkSession, table: Table, rows: list[dict[str, Any]]) -> DataFrame:
    """The rows as a frame with the table's columns, in which anything may be null: what a stream reads may be wrong."""
    unknown = {name for row in rows for name in row} - set(table.columns)
    assert not unknown, f"{table.name} has no column {', '.join(sorted(unknown))}"
    fields = [StructField(field.name, field.dataType, nullable=True) for field in table_schema(table)]
    return spark.createDataFrame([tuple(row.get(name) for name in table.columns) for row in rows], StructType(fields))
