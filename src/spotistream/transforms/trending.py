"""Which tracks rise: listens counted in windows of event time, compared with what each track had before.

The same functions run on a stream and on a table of plays, so a window counted twice comes out the same.
"""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from spotistream.config import Config, Trending
from spotistream.errors import ConfigError

COUNTS = ("window_start", "window_end", "track_id", "listens", "listeners")
SCORES = ("earlier_listeners", "expected", "score")


def checked_settings(settings: Trending) -> Trending:
    """The settings, if windows of that length and distance can be compared with earlier ones. Else ``ConfigError``."""
    if settings.slide_minutes < 1 or settings.window_minutes % settings.slide_minutes:
        raise ConfigError(
            "trending.window_minutes", "must be a multiple of trending.slide_minutes", source="the configuration"
        )
    if settings.baseline_hours * 60 < settings.window_minutes:
        raise ConfigError("trending.baseline_hours", "must be at least one window", source="the configuration")
    if settings.smoothing <= 0:
        raise ConfigError("trending.smoothing", "must be more than 0", source="the configuration")
    return settings


def trending_windows(plays: DataFrame, cfg: Config) -> DataFrame:
    """``window_start, window_end, track_id, listens, listeners``: how often each track was heard in each window.

    plays : rows of table ``plays``, each event once; a stream of them needs its watermark on ``event_time`` before.
    Windows contain their start and not their end. A listen is counted at the time of the event that ends it, in every
    window that contains this time. A window without a listen of a track has no row of it.
    """
    settings = checked_settings(cfg.trending)
    window = F.window("event_time", f"{settings.window_minutes} minutes", f"{settings.slide_minutes} minutes")
    heard = plays.where(is_current_listen(settings.min_heard_s))
    by_listener = heard.groupBy(window, "track_id", "user_id").agg(F.count("*").alias("listens"))
    counted = by_listener.groupBy("window", "track_id").agg(
        F.sum("listens").alias("listens"), F.count("*").alias("listeners")
    )
    return counted.select(
        F.col("window.start").alias("window_start"),
        F.col("window.end").alias("window_end"),
        "track_id",
        "listens",
        "listeners",
    ).select(*COUNTS)


def is_current_listen(min_heard_s: float) -> Column:
    """The event ends a listen that happens now: a ``complete``, or a ``skip`` after ``min_heard_s`` seconds.

    A ``play`` counts through the event that ends it. What is imported was heard elsewhere and long ago.
    """
    heard = (F.col("action") == "skip") & (F.col("played_ms") >= min_heard_s * 1000)
    return F.col("track_id").isNotNull() & (F.col("source") != "import") & ((F.col("action") == "complete") | heard)


def trending_scores(windows: DataFrame, earlier: DataFrame, cfg: Config) -> DataFrame:
    """The rows of ``windows`` with ``earlier_listeners, expected, score``.

    earlier : rows as ``windows`` has them, each window once; those that end before a window begins are what it is
    compared with, back to ``trending.baseline_hours``; windows without a row had no listens
    earlier_listeners : the track's listeners, summed over the windows before this one that follow on one another
    expected : the listeners the track would have if its share of all were what it was in these windows
    score : (listeners - expected) / sqrt(expected + smoothing), the Pearson residual of a Poisson count (McCullagh and
        Nelder, Generalized Linear Models, 1989, 2.4). The smoothing, in listeners, keeps a track that one listener
        discovers from beating one that a hundred do, as the bias of Schubert, Weiler and Kriegel, SigniTrend, 2014.
    """
    settings = checked_settings(cfg.trending)
    lags = settings.baseline_hours * 60 // settings.window_minutes
    lag = F.explode(F.sequence(F.lit(1), F.lit(lags))).alias("_lag")
    later = F.col("window_start") + F.expr(f"make_dt_interval(0, 0, _lag * {settings.window_minutes})")
    starts = windows.select("window_start").distinct()
    before = (
        earlier.select("window_start", "track_id", "listeners", lag)
        .select(later.alias("window_start"), "track_id", "listeners")
        .join(starts, on="window_start", how="left_semi")
    )
    of_track = before.groupBy("window_start", "track_id").agg(F.sum("listeners").alias("earlier_listeners"))
    of_all = before.groupBy("window_start").agg(F.sum("listeners").alias("_all_earlier"))
    now = windows.groupBy("window_start").agg(F.sum("listeners").alias("_all_now"))
    expected = F.col("earlier_listeners") * F.col("_all_now") / F.col("_all_earlier")
    rise = (F.col("listeners") - F.col("expected")) / F.sqrt(F.col("expected") + settings.smoothing)
    return (
        windows.join(of_track, on=["window_start", "track_id"], how="left")
        .join(of_all, on="window_start", how="left")
        .join(now, on="window_start", how="inner")
        .withColumn("earlier_listeners", F.coalesce("earlier_listeners", F.lit(0).cast("bigint")))
        .withColumn("expected", F.coalesce(expected, F.lit(0.0)))
        .withColumn("score", rise)
        .select(*COUNTS, *SCORES)
    )
