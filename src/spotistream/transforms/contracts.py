"""Which rule of its table a row breaks, so that a stream can reject the row instead of failing on it."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

from spotistream.layouts import Table


def broken_constraint(table: Table) -> Column:
    """Name of the first rule of the table that a row breaks; null where it breaks none.

    First come the columns that are NOT NULL, each as ``<column>_is_given``, then the constraints as declared. As in
    Delta a condition that is null counts as broken.
    """
    given = [(f"{field.name}_is_given", F.col(field.name).isNotNull()) for field in table.fields if not field.nullable]
    rules = given + [(name, F.expr(f"({condition}) <=> TRUE")) for name, condition in table.constraints.items()]
    return F.coalesce(F.lit(None).cast("string"), *(F.when(~holds, F.lit(name)) for name, holds in rules))
