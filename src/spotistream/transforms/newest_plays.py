"""Plays held out of training by time."""

from __future__ import annotations

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F


def before_and_after(plays: DataFrame, *, share: float) -> tuple[DataFrame, DataFrame]:
    """Each listener's plays before a moment of their own, and those from it on: about ``share`` of their plays.

    The moment is the time of the first of their newest round(share * n) events, so events of one time are never parted;
    a listener with one event has it before. Rows with a listener and a time only.
    """
    known = plays.where(F.col("user_id").isNotNull() & F.col("event_time").isNotNull())
    in_order = Window.partitionBy("user_id").orderBy("event_time", "event_id")
    whole = Window.partitionBy("user_id")
    held_out = F.greatest(F.round(F.count("*").over(whole) * share), F.lit(1))
    from_here = F.row_number().over(in_order) == F.count("*").over(whole) - held_out + 1
    alone = F.count("*").over(whole) == 1
    moments = (
        known.select("user_id", "event_time", (from_here & ~alone).alias("from_here"))
        .where("from_here")
        .select("user_id", F.col("event_time").alias("moment"))
    )
    with_moment = known.join(moments, on="user_id", how="left")
    later = F.coalesce(F.col("event_time") >= F.col("moment"), F.lit(False))
    return with_moment.where(~later).select(*plays.columns), with_moment.where(later).select(*plays.columns)
