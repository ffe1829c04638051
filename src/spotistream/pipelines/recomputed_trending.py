"""Delta ``plays`` -> the windows of ``trending_tracks`` counted again: compared with the table, and put right.

What came later than the watermark is not in the table, and rightly so. The checkpoint tells of the newest batches how
far they read and what the watermark was, so of windows that began after the oldest of these it is known which listens
may have come too late. An earlier window may hold fewer listens than are counted again, and never more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from spotistream.config import Config
from spotistream.io import delta, documents
from spotistream.io.batch_log import Batch, committed_batches, committed_offsets
from spotistream.pipelines.ingest_plays import NAME as INGEST
from spotistream.pipelines.trending_documents import trending_documents
from spotistream.pipelines.trending_tracks import NAME, write_shelves
from spotistream.tables import (
    PLAYS,
    PLAYS_TOPIC,
    POPULAR_TRACKS,
    TRACK_TOPICS,
    TRACKS,
    TRENDING_SHELF,
    TRENDING_TRACKS,
)
from spotistream.transforms.trending import COUNTS, is_current_listen, trending_scores, trending_windows
from spotistream.transforms.trending_shelves import shelves_of_tracks, trending_rows

EXAMPLES = 5
TOLERANCE = 1e-6
_OF_WINDOW = ("window_start", "window_end", "track_id")


@dataclass(frozen=True)
class TrendingCompared:
    """What came out, in rows of ``trending_tracks`` but for ``windows`` and ``shelves_different``.

    windows : that were compared
    late : rows that may lack a listen that came too late
    behind : ``ingest_plays`` has not read what ``trending_tracks`` has, and nothing was compared
    differing : some of the rows that differ, as ``begin of the window, track``
    """

    windows: int = 0
    same: int = 0
    different: int = 0
    late: int = 0
    shelves_different: int = 0
    behind: bool = False
    written: bool = False
    differing: tuple[str, ...] = ()

    @property
    def rows_different(self) -> int:
        return self.different + self.shelves_different


def compare_trending(spark: SparkSession, cfg: Config, *, write: bool) -> TrendingCompared:
    """Count every complete window again and compare it; with ``write`` those that differ are replaced, and shelves."""
    checkpoints = cfg.paths.checkpoints.rstrip("/")
    batches = committed_batches(spark, f"{checkpoints}/{NAME}", PLAYS_TOPIC)
    if not batches or not batches[-1].watermark_ms:
        return TrendingCompared()
    stored = committed_offsets(spark, f"{checkpoints}/{INGEST}", PLAYS_TOPIC)
    if any(stored.get(partition, 0) < end for partition, end in batches[-1].ends.items()):
        return TrendingCompared(behind=True)
    table = delta.read_table(spark, cfg, TRENDING_TRACKS).where(_is_complete(batches[-1]))
    compared = _compared(table, _again(spark, cfg, batches), batches, cfg).persist()
    try:
        found = _counted(compared)
        if write and found.different:
            _replace(spark, cfg, compared)
            found = replace(found, written=True)
    finally:
        compared.unpersist()
    if write:
        write_shelves(spark, cfg)
    return replace(found, shelves_different=shelves_that_differ(spark, cfg))


def shelves_that_differ(spark: SparkSession, cfg: Config) -> int:
    """Shelves of the store that are not those of the newest window of the table."""
    table = delta.read_table(spark, cfg, TRENDING_TRACKS)
    newest = table.agg(F.max("window_start")).collect()[0][0]
    rows = (
        [] if newest is None else table.where((F.col("window_start") == newest) & F.col("places").isNotNull()).collect()
    )
    wanted = {each["_id"]: each["tracks"] for each in trending_documents([row.asDict() for row in rows])}
    within = {"$gte": TRENDING_SHELF, "$lt": TRENDING_SHELF + "\U0010ffff"}
    with documents.database(cfg.mongo) as db:
        shown = {each["_id"]: each["tracks"] for each in db[POPULAR_TRACKS.name].find({"_id": within})}
    return sum(wanted.get(shelf) != shown.get(shelf) for shelf in wanted.keys() | shown.keys())


def _again(spark: SparkSession, cfg: Config, batches: list[Batch]) -> DataFrame:
    """The complete windows counted from ``plays``, and whether a listen of a row may have come too late."""
    positions = [
        (partition, before.ends.get(partition, 0) if before else 0, end, batch.watermark_ms)
        for before, batch in zip([None, *batches], batches, strict=False)
        for partition, end in batch.ends.items()
    ]
    read = spark.createDataFrame(positions, "kafka_partition INT, begin BIGINT, end BIGINT, watermark_ms BIGINT")
    at = F.col("kafka_offset")
    plays = (
        delta.read_table(spark, cfg, PLAYS)
        .join(F.broadcast(read), on=["kafka_partition"], how="inner")
        .where((at >= F.col("begin")) & (at < F.col("end")))
    )
    may_be_late = F.unix_millis("event_time") <= F.col("watermark_ms")
    late = plays.where(may_be_late & is_current_listen(cfg.trending.min_heard_s))
    windows = trending_windows(plays.select(*PLAYS.columns), cfg).where(_is_complete(batches[-1]))
    doubtful = trending_windows(late.select(*PLAYS.columns), cfg).select(*_OF_WINDOW, F.lit(True).alias("doubtful"))
    return windows.join(doubtful, on=list(_OF_WINDOW), how="left")


def _compared(table: DataFrame, again: DataFrame, batches: list[Batch], cfg: Config) -> DataFrame:
    """Rows of both with ``outcome``: same, late or different; ``listens`` and ``listeners`` as counted again."""
    scores = ("earlier_listeners", "expected", "score")
    # What a row is compared with comes from the table: how it was scored is looked at apart from how it was counted.
    scored = trending_scores(table.select(*COUNTS), cfg).select(
        *_OF_WINDOW, *(F.col(name).alias(f"{name}_again") for name in scores)
    )
    old = table.join(scored, on=list(_OF_WINDOW), how="left").select(
        *_OF_WINDOW,
        F.col("listens").alias("old_listens"),
        F.col("listeners").alias("old_listeners"),
        F.forall(
            F.array(*(F.abs(F.col(name) - F.col(f"{name}_again")) for name in scores)),
            lambda difference: F.coalesce(difference <= TOLERANCE, F.lit(False)),
        ).alias("scored_alike"),
    )
    both = again.join(old, on=list(_OF_WINDOW), how="full")
    known_since = batches[0].watermark_ms if batches[0].number else 0
    is_known = (F.unix_millis("window_start") >= known_since) & F.col("doubtful").isNull()
    alike = (F.col("listens") == F.col("old_listens")) & (F.col("listeners") == F.col("old_listeners"))
    fewer = (F.coalesce("old_listens", F.lit(0)) <= F.col("listens")) & (
        F.coalesce("old_listeners", F.lit(0)) <= F.col("listeners")
    )
    outcome = (
        F.when(alike & (F.col("scored_alike") | (F.unix_millis("window_start") < known_since)), "same")
        .when(~is_known & fewer, "late")
        .otherwise("different")
    )
    return both.withColumn("outcome", outcome)


def _counted(compared: DataFrame) -> TrendingCompared:
    counts = {row["outcome"]: row["count"] for row in compared.groupBy("outcome").count().collect()}
    windows = compared.select("window_start").distinct().count()
    examples = compared.where("outcome = 'different'").orderBy("window_start", "track_id").limit(EXAMPLES)
    differing = tuple(f"{row['window_start'].isoformat()}, {row['track_id']}" for row in examples.collect())
    return TrendingCompared(windows=windows, differing=differing, **counts)


def _replace(spark: SparkSession, cfg: Config, compared: DataFrame) -> None:
    """Put the windows that hold a row that differs in place of those of the table, with places on today's shelves."""
    wrong = compared.where("outcome = 'different'").select("window_start").distinct().localCheckpoint()
    right = compared.join(F.broadcast(wrong), on="window_start", how="left_semi").where(F.col("listens").isNotNull())
    table = delta.read_table(spark, cfg, TRENDING_TRACKS)
    others = table.join(F.broadcast(wrong), on="window_start", how="left_anti").select(*COUNTS)
    scored = trending_scores(others.unionByName(right.select(*COUNTS)), cfg)
    scored = scored.join(F.broadcast(wrong), on="window_start", how="left_semi")
    shelves = shelves_of_tracks(delta.read_table(spark, cfg, TRACK_TOPICS), delta.read_table(spark, cfg, TRACKS))
    rows = trending_rows(scored, shelves, cfg).coalesce(1).localCheckpoint()
    delta.delete_rows(spark, cfg, TRENDING_TRACKS, wrong, keys=("window_start",))
    delta.append(rows, cfg, TRENDING_TRACKS)


def _is_complete(last: Batch) -> Column:
    return F.unix_millis("window_end") <= last.watermark_ms
