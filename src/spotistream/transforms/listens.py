"""From play events to training data."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F


def listen_weights(plays: DataFrame, tracks: DataFrame, *, half_life_days: float) -> DataFrame:
    """``user_id, track_id, weight``: how much a listener played a track, newer plays more.

    A listen counts when it was completed, when it was skipped after half the track or four minutes (the rule of
    ListenBrainz), or when the track was liked; a play counts through the event that ends it. The age of a play runs
    from the listener's newest one, not from the clock: a history that was imported years later tells their taste too.
    """
    newest = plays.groupBy("user_id").agg(F.max("event_time").alias("newest"))
    age_days = (F.unix_timestamp("newest") - F.unix_timestamp("event_time")) / 86_400
    known = tracks.select("track_id", "duration_s")
    return (
        plays.where(F.col("track_id").isNotNull())
        .join(known, on="track_id", how="inner")
        .where(counts_as_listen())
        .join(newest, on="user_id", how="inner")
        .withColumn("weight", F.pow(F.lit(0.5), age_days / half_life_days))
        .groupBy("user_id", "track_id")
        .agg(F.sum("weight").alias("weight"))
    )


def counts_as_listen() -> Column:
    """The event shows that the listener wanted the track."""
    enough_ms = F.least(F.coalesce(F.col("duration_s") * 500, F.lit(240_000.0)), F.lit(240_000.0))
    heard = (F.col("action") == "skip") & (F.col("played_ms") >= enough_ms)
    return F.col("action").isin("complete", "like") | heard


def popularity(weights: DataFrame) -> DataFrame:
    """``track_id, popularity, listeners``: decayed plays of all listeners.

    A listener counts for a track by the logarithm of their plays, so that one who repeats a track all day does not
    make it popular.
    """
    return weights.groupBy("track_id").agg(
        F.sum(F.log1p("weight")).alias("popularity"), F.count("user_id").alias("listeners")
    )
