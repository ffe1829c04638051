"""Delta ``plays`` -> every listener's table again, to compare it with the store, or to write it.

State and ranking are those of ``refresh_recommendations``, so both give the same table for the same events under one
model. All of it runs in Spark tasks, some hundred listeners at a time; counts alone come to the driver.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from spotistream.config import Config
from spotistream.errors import ModelError
from spotistream.io import artefacts, delta, documents
from spotistream.io.batch_log import committed_offsets
from spotistream.models.remembered import in_order_of_arrival
from spotistream.pipelines.ingest_plays import NAME as INGEST
from spotistream.pipelines.recomputed_tables import NEWER, OUTCOME_SCHEMA, OUTCOMES, TO_WRITE, Task
from spotistream.pipelines.recomputed_trending import TrendingCompared
from spotistream.tables import PLAYS, PLAYS_TOPIC, RECOMMENDATIONS_COLLECTION

EXAMPLES = 5


@dataclass(frozen=True)
class Recomputed:
    """What came out, in listeners.

    only_in_store : those with a table but without a play in Delta; not counted with ``--until``
    differing : some of those whose table is another, none where all is well
    until : the first offset of each partition of topic ``plays`` that was not taken in
    trending : what came out for table ``trending_tracks``, where it was looked at
    """

    model_version: str
    until: dict[int, int]
    same: int = 0
    different: int = 0
    missing: int = 0
    newer: int = 0
    other_model: int = 0
    only_in_store: int = 0
    written: bool = False
    differing: tuple[str, ...] = ()
    trending: TrendingCompared = field(default_factory=TrendingCompared)

    @property
    def rows_different(self) -> int:
        """Listeners whose table in the store is not what their plays give, and rows and shelves of trending."""
        return self.different + self.missing + self.only_in_store + self.trending.rows_different

    def record(self) -> dict[str, object]:
        """As one JSON object."""
        return {**asdict(self), "rows_different": self.rows_different}


def recompute(spark: SparkSession, cfg: Config, *, until: Mapping[int, int] | None = None, write: bool) -> Recomputed:
    """Compute every table again from the plays before ``until`` (else from all) and compare it; with ``write`` those
    that differ, are missing or of another model are written, to the store and then to topic ``recommendations``.

    A table in the store that already counts later messages is neither compared nor replaced. Raises ``ModelError``
    where no model is in use, ``ServiceUnavailable`` where the store does not answer.
    """
    version = artefacts.current_version(Path(cfg.paths.models))
    if version is None:
        raise ModelError(cfg.paths.models, "none was trained yet", remedy="run: spotistream run train_model")
    plays = delta.read_table(spark, cfg, PLAYS)
    ends = dict(until) if until is not None else read_until(spark, cfg, plays)
    task = Task(cfg, version, ends, write)
    outcomes = in_order_of_arrival(before(plays, ends)).mapInPandas(task, OUTCOME_SCHEMA)
    found = {row["outcome"]: row for row in _counted(outcomes).collect()}
    counts: dict[str, Any] = {name: found[name]["listeners"] if name in found else 0 for name in OUTCOMES}
    differing = [user for name in TO_WRITE if name in found and name != NEWER for user in found[name]["examples"]]
    only_in_store = 0
    if until is None:
        with documents.database(cfg.mongo) as db:
            stored = db[RECOMMENDATIONS_COLLECTION.name].count_documents({})
        here = sum(counts.values()) - (0 if write else counts["missing"])
        only_in_store = max(0, stored - here)
    return Recomputed(
        version,
        ends,
        **counts,
        only_in_store=only_in_store,
        written=write,
        differing=tuple(sorted(differing)[:EXAMPLES]),
    )


def read_until(spark: SparkSession, cfg: Config, plays: DataFrame) -> dict[int, int]:
    """How far ``ingest_plays`` has read its topic; the offsets in the table where its checkpoint is gone."""
    found = committed_offsets(spark, f"{cfg.paths.checkpoints.rstrip('/')}/{INGEST}", PLAYS_TOPIC)
    if found:
        return found
    newest = plays.groupBy("kafka_partition").agg(F.max("kafka_offset").alias("offset")).collect()
    return {row["kafka_partition"]: row["offset"] + 1 for row in newest}


def before(plays: DataFrame, until: Mapping[int, int]) -> DataFrame:
    """The plays whose messages stand before these offsets; all of a partition that is not named."""
    later = F.lit(False)
    for partition, offset in until.items():
        later = later | ((F.col("kafka_partition") == partition) & (F.col("kafka_offset") >= offset))
    return plays.where(~later)


def _counted(outcomes: DataFrame) -> DataFrame:
    first = F.slice(F.sort_array(F.collect_list("user_id")), 1, EXAMPLES)
    return outcomes.groupBy("outcome").agg(F.count("*").alias("listeners"), first.alias("examples"))
