"""Upkeep of a Delta table: small files become few and clustered, files that are no longer needed are removed.

Safe beside the writers of the table: appends never conflict, and a MERGE or an upkeep that meets the other is repeated.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from delta.tables import DeltaTable
from pyspark.sql import SparkSession

from spotistream.config import Config
from spotistream.io.delta import CONFLICTS, table_path, table_properties, write_again_after_conflicts
from spotistream.layouts import Table

ATTEMPTS = 3
"""How often a table is optimised while its writers come between; the next run of the job tries again."""
MB = 2**20


@dataclass(frozen=True)
class Upkeep:
    """What was done to one table.

    files, size : of its newest version, before and after; bytes
    gave_way : its writers came between each time, and it was not optimised
    """

    files: tuple[int, int]
    size: tuple[int, int]
    gave_way: bool
    seconds: float

    def __str__(self) -> str:
        files, size = self.files, self.size
        made = (
            f"{files[0]:,} files, {size[0] / MB:,.1f} MB, left alone: its writers came between"
            if self.gave_way
            else f"{files[0]:,} -> {files[1]:,} files, {size[0] / MB:,.1f} -> {size[1] / MB:,.1f} MB"
        )
        return f"{made}, {self.seconds:.1f} s"


def maintain(spark: SparkSession, cfg: Config, table: Table) -> Upkeep | None:
    """OPTIMIZE and VACUUM the table; ``None`` where it does not exist yet.

    OPTIMIZE writes small files together, ordered by the columns the table is clustered by, and reads nothing that is
    ordered already. VACUUM removes files that are older than ``lake.history_hours`` and in no version since.
    """
    path = table_path(cfg, table)
    if not DeltaTable.isDeltaTable(spark, path):
        return None
    begun = time.monotonic()
    target = DeltaTable.forPath(spark, path)
    before = _detail(target)
    _keep_history(spark, path, before["properties"], table_properties(cfg, table))
    gave_way = False
    try:
        write_again_after_conflicts(lambda: target.optimize().executeCompaction(), attempts=ATTEMPTS)
    except CONFLICTS:
        gave_way = True
    target.vacuum()
    after = _detail(target)
    return Upkeep(
        files=(before["numFiles"], after["numFiles"]),
        size=(before["sizeInBytes"], after["sizeInBytes"]),
        gave_way=gave_way,
        seconds=time.monotonic() - begun,
    )


def _keep_history(spark: SparkSession, path: str, found: dict[str, str], declared: dict[str, str]) -> None:
    """Give a table that was created under another ``lake.history_hours`` the present one."""
    changed = {name: value for name, value in declared.items() if "Duration" in name and found.get(name) != value}
    if changed:
        listed = ", ".join(f"'{name}' = '{value}'" for name, value in changed.items())
        write_again_after_conflicts(lambda: spark.sql(f"ALTER TABLE delta.`{path}` SET TBLPROPERTIES ({listed})"))


def _detail(target: DeltaTable) -> dict[str, Any]:
    return target.detail().collect()[0].asDict()
