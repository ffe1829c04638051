"""What a listener played in one go."""

from __future__ import annotations

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from spotistream.transforms.listens import counts_as_listen

GAP_S = 1800
"""A pause longer than this begins a new sitting."""
MOST_TRACKS = 100
"""A longer sitting counts as several: one who never stops would link everything with everything."""


def sittings(plays: DataFrame, tracks: DataFrame) -> DataFrame:
    """``sitting, track_id``, each pair once: the tracks a listener wanted, without a pause of GAP_S between them."""
    in_order = Window.partitionBy("user_id").orderBy("event_time", "event_id")
    pause = F.unix_timestamp("event_time") - F.unix_timestamp(F.lag("event_time").over(in_order))
    so_far = in_order.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    in_sitting = Window.partitionBy("user_id", "begun").orderBy("event_time", "event_id")
    return (
        plays.where(F.col("track_id").isNotNull())
        .join(tracks.select("track_id", "duration_s"), on="track_id", how="inner")
        .where(counts_as_listen())
        .withColumn("begins", F.coalesce(pause > GAP_S, F.lit(True)).cast("int"))
        .withColumn("begun", F.sum("begins").over(so_far))
        .withColumn("part", F.floor((F.row_number().over(in_sitting) - 1) / MOST_TRACKS))
        .select(F.concat_ws("/", "user_id", "begun", "part").alias("sitting"), "track_id")
        .distinct()
    )
