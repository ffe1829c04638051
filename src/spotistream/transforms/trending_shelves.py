"""Which of the rising tracks are shown where."""

from __future__ import annotations

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from spotistream.config import Config
from spotistream.tables import POPULAR_OVERALL, TRENDING_TRACKS
from spotistream.transforms.topics import shelf_tracks


def shelves_of_tracks(placed: DataFrame, tracks: DataFrame) -> DataFrame:
    """``shelf, track_id``: the shelf of all music, and those of topics, parts of topics and genres; playable tracks."""
    overall = tracks.where("playable").select(F.lit(POPULAR_OVERALL).alias("shelf"), "track_id")
    return overall.unionByName(shelf_tracks(placed, tracks).select("shelf", "track_id").distinct())


def trending_rows(scored: DataFrame, shelves: DataFrame, cfg: Config) -> DataFrame:
    """The rows of table ``trending_tracks``: ``scored`` with the place of the track on each shelf of its window.

    scored : what ``trending_scores`` gives
    shelves : ``shelf, track_id``

    On a shelf are tracks that rise and have ``trending.min_listeners``, by score, then by listeners, then by id.
    """
    rising = (F.col("score") > 0) & (F.col("listeners") >= cfg.trending.min_listeners)
    best = Window.partitionBy("window_start", "shelf").orderBy(F.desc("score"), F.desc("listeners"), "track_id")
    placed = (
        scored.where(rising)
        .join(shelves, on="track_id", how="inner")
        .withColumn("place", F.row_number().over(best))
        .where(F.col("place") <= cfg.trending.shelf_tracks)
    )
    entries = F.array_sort(F.collect_list(F.struct("shelf", "place")))
    places = placed.groupBy("window_start", "track_id").agg(F.map_from_entries(entries).alias("places"))
    return scored.join(places, on=["window_start", "track_id"], how="left").select(*TRENDING_TRACKS.columns)
