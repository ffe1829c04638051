"""OPTIMIZE and VACUUM of every Delta table: run it once a day, beside the streams or without them."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from pyspark.sql import SparkSession

from spotistream.config import Config
from spotistream.io.maintenance import MB, maintain
from spotistream.tables import DELTA_TABLES

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Summary:
    """The tables there are. ``files`` and ``size`` (bytes) are of all of them, before and after."""

    tables: int
    files: tuple[int, int]
    size: tuple[int, int]
    gave_way: int
    seconds: float

    def __str__(self) -> str:
        gave_way = f", {self.gave_way} left alone because their writers came between" if self.gave_way else ""
        return (
            f"{self.tables} tables, {self.files[0]:,} -> {self.files[1]:,} files, {self.size[0] / MB:,.1f} -> "
            f"{self.size[1] / MB:,.1f} MB{gave_way} in {self.seconds:.1f} s"
        )


def run(spark: SparkSession, cfg: Config) -> Summary:
    """Maintain one table after the other, with a line for each. Those that do not exist yet are passed over.

    A run that was killed leaves every table whole; the next does the rest.
    """
    begun = time.monotonic()
    done = []
    for number, table in enumerate(DELTA_TABLES, 1):
        upkeep = maintain(spark, cfg, table)
        if upkeep is not None:
            log.info("%d of %d, %s: %s", number, len(DELTA_TABLES), table.name, upkeep)
            done.append(upkeep)
    return Summary(
        tables=len(done),
        files=(sum(upkeep.files[0] for upkeep in done), sum(upkeep.files[1] for upkeep in done)),
        size=(sum(upkeep.size[0] for upkeep in done), sum(upkeep.size[1] for upkeep in done)),
        gave_way=sum(upkeep.gave_way for upkeep in done),
        seconds=time.monotonic() - begun,
    )
