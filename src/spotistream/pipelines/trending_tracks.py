"""Kafka topic ``plays`` -> Delta ``trending_tracks``, store ``popular_tracks``: what is heard more than before.

Windows of event time are counted by Spark, and written when no event that is not too late can change them any more.
"""

from __future__ import annotations

from datetime import timedelta

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.streaming.query import StreamingQuery

from spotistream.config import Config
from spotistream.io import delta, documents, kafka
from spotistream.pipelines.streaming import Job, query_id, start_query
from spotistream.pipelines.trending_documents import trending_documents
from spotistream.tables import PLAYS_TOPIC, POPULAR_TRACKS, TRACK_TOPICS, TRACKS, TRENDING_SHELF, TRENDING_TRACKS
from spotistream.transforms.play_events import decoded_plays
from spotistream.transforms.trending import COUNTS, trending_plays, trending_scores, trending_windows
from spotistream.transforms.trending_shelves import shelves_of_tracks, trending_rows

NAME = "trending_tracks"


def start(spark: SparkSession, cfg: Config, once: bool = False) -> list[StreamingQuery]:
    """Start the query. Raises ``ConfigError`` for windows that cannot be."""
    delta.create_table(spark, cfg, TRENDING_TRACKS)

    def write(batch: DataFrame, batch_id: int) -> None:
        write_batch(batch, batch_id, cfg)

    decoded = decoded_plays(kafka.read_stream(spark, cfg, PLAYS_TOPIC, once=once))
    plays = trending_plays(decoded.where(F.col("reason").isNull()), cfg)
    query = start_query(
        trending_windows(plays, cfg), cfg, name=NAME, write=write, seconds=cfg.trending.seconds, once=once
    )
    return [query]


def write_batch(windows: DataFrame, batch_id: int, cfg: Config) -> None:
    """Append the windows that are complete now, then show the newest; doing it again changes nothing.

    Windows the table has are left out, so a query that begins anew adds none twice.
    """
    spark, app_id = windows.sparkSession, query_id(windows)
    windows = windows.persist()
    try:
        span = windows.agg(F.min("window_start").alias("first"), F.max("window_start").alias("last")).collect()[0]
        if span["first"] is None:
            return
        begin = span["first"] - timedelta(hours=cfg.trending.baseline_hours)
        known = delta.existing_table(spark, cfg, TRENDING_TRACKS).select(*COUNTS)
        known = known.where(F.col("window_start").between(begin, span["last"]))
        fresh = windows.join(known.select("window_start").distinct(), on="window_start", how="left_anti")
        scored = trending_scores(known.unionByName(fresh), cfg)
        scored = scored.join(known.select("window_start").distinct(), on="window_start", how="left_anti")
        shelves = shelves_of_tracks(delta.read_table(spark, cfg, TRACK_TOPICS), delta.read_table(spark, cfg, TRACKS))
        rows = trending_rows(scored, shelves, cfg).coalesce(1)
        delta.append(rows, cfg, TRENDING_TRACKS, app_id=app_id, version=batch_id)
    finally:
        windows.unpersist()
    write_shelves(spark, cfg)


def write_shelves(spark: SparkSession, cfg: Config) -> None:
    """The shelves of the newest window into the store; those of tracks that no longer rise go."""
    table = delta.read_table(spark, cfg, TRENDING_TRACKS)
    newest = table.agg(F.max("window_start").alias("newest")).collect()[0]["newest"]
    if newest is None:
        return
    rows = table.where((F.col("window_start") == newest) & F.col("places").isNotNull()).collect()
    found = trending_documents([row.asDict() for row in rows])
    with documents.database(cfg.mongo) as db:
        documents.replace_documents(db, POPULAR_TRACKS, found)
        within = {"$gte": TRENDING_SHELF, "$lt": TRENDING_SHELF + "\U0010ffff"}
        db[POPULAR_TRACKS.name].delete_many({"_id": {**within, "$nin": [each["_id"] for each in found]}})


JOB = Job(NAME, start)
