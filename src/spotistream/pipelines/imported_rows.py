"""The Delta side of the imports: rows in chunks, and the records of each file that were rejected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import to_arrow_schema

from spotistream.catalogue.fma.records import Rejected
from spotistream.config import Config
from spotistream.io import delta
from spotistream.layouts import Table
from spotistream.pipelines.progress import Progress
from spotistream.tables import METADATA_REJECTED

T = TypeVar("T")
Row = Mapping[str, Any]
REJECTS_AT_ONCE = 5_000
MB = 1_000_000


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of ``size``, the last one shorter.

    >>> list(chunks("abc", 2))
    [['a', 'b'], ['c']]
    """
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk


def frame(spark: SparkSession, table: Table, rows: Sequence[Row]) -> DataFrame:
    """Rows with the table's columns, through Arrow."""
    schema = delta.table_schema(table)
    return spark.createDataFrame(
        pa.Table.from_pylist(list(rows), schema=to_arrow_schema(schema, timezone="UTC")), schema
    )


def merge_changed(spark: SparkSession, cfg: Config, table: Table, rows: Sequence[Row]) -> None:
    """Write the rows that the table does not hold as they are; where it holds them all there is no commit."""
    if not rows:
        return
    new = frame(spark, table, rows)
    old = delta.read_table(spark, cfg, table)
    of_these = old.join(F.broadcast(new.select(*table.keys)), on=list(table.keys), how="left_semi")
    changed = new.subtract(of_these.select(*table.columns))
    if not changed.isEmpty():
        delta.merge(spark, cfg, table, changed)


class Megabytes:
    """Progress over the bytes of several files, shown as MB."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._shown = self._bytes = self._position = 0

    def advance(self, count: int) -> None:
        """So many more bytes were read."""
        self._bytes += count
        done = self._bytes // MB - self._shown
        self._shown += done
        self._progress.advance(done)

    def reach(self, position: int) -> None:
        """The one file that is not counted by ``advance`` was read up to there."""
        self.advance(position - self._position)
        self._position = position


@dataclass
class RejectLog:
    """Rows of ``metadata_rejected`` of the files that a job reads: after ``finish`` exactly those it was given."""

    spark: SparkSession
    cfg: Config
    files: Sequence[str]
    _rows: list[Row] = field(default_factory=list)
    _lines: set[tuple[str, int]] = field(default_factory=set)

    @property
    def count(self) -> int:
        return len(self._lines)

    def add(self, rejects: Iterable[Rejected]) -> None:
        """Note rejected records; many at once are written before the end."""
        for reject in rejects:
            self._lines.add((reject.file, reject.line))
            self._rows.append(vars(reject))
            if len(self._rows) >= REJECTS_AT_ONCE:
                self._write()

    def finish(self) -> None:
        """Write what is left, and take out the rows of these files that are rejected no longer."""
        self._write()
        table = METADATA_REJECTED
        listed = delta.read_table(self.spark, self.cfg, table).where(F.col("file").isin(*self.files))
        keys = [dict(zip(table.keys, key, strict=True)) for key in sorted(self._lines)]
        lines = pa.Table.from_pylist(keys, schema=pa.schema({"file": pa.string(), "line": pa.int64()}))
        still = self.spark.createDataFrame(lines)
        mended = listed.join(still, on=list(table.keys), how="left_anti").select(*table.keys)
        if not mended.isEmpty():
            delta.delete_rows(self.spark, self.cfg, table, mended, keys=table.keys)

    def _write(self) -> None:
        merge_changed(self.spark, self.cfg, METADATA_REJECTED, self._rows)
        self._rows = []
