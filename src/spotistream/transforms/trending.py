"""Which tracks rise: listens counted in windows of event time, compared with what each track had before.

The same functions run on a stream and on a table of plays, so a window counted twice comes out the same.
"""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
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


def trending_scores(windows: DataFrame, cfg: Config) -> DataFrame:
    """The rows of ``windows`` with ``earlier_listeners, expected, score``, each window compared with those before it.

    windows : rows as ``trending_windows`` gives them; those before the first ones that matter, back to
        ``trending.baseline_hours``, among them; a window without a row had no listens
    earlier_listeners : the track's listeners, summed over the windows before this one that follow on one another
    expected : the listeners the track would have if its share of all were what it was in these windows
    score : (listeners - expected) / sqrt(expected + smoothing), the Pearson residual of a Poisson count (McCullagh and
        Nelder, Generalized Linear Models, 1989, 2.4). The smoothing, in listeners, keeps a track that one listener
        discovers from beating one that a hundred do, as the bias of Schubert, Weiler and Kriegel, SigniTrend, 2014.
    """
    settings = checked_settings(cfg.trending)
    length_s = settings.window_minutes * 60
    lags = settings.baseline_hours * 3600 // length_s
    timed = windows.withColumn("_at", F.unix_timestamp("window_start"))
    # Windows that follow on one another begin at the same remainder: overlapping ones are in other partitions.
    in_step = F.col("_at") % length_s
    before = Window.orderBy("_at").rangeBetween(-lags * length_s, -length_s)
    totals = timed.groupBy("_at").agg(F.sum("listeners").alias("_all_now"))
    totals = totals.withColumn("_all_earlier", F.sum("_all_now").over(before.partitionBy(in_step)))
    earlier = F.coalesce(F.sum("listeners").over(before.partitionBy("track_id", in_step)), F.lit(0).cast("bigint"))
    expected = F.col("earlier_listeners") * F.col("_all_now") / F.col("_all_earlier")
    return (
        timed.withColumn("earlier_listeners", earlier)
        .join(totals, on="_at", how="inner")
        .withColumn("expected", F.coalesce(expected, F.lit(0.0)))
        .withColumn("score", (F.col("listeners") - F.col("expected")) / F.sqrt(F.col("expected") + settings.smoothing))
        .select(*COUNTS, *SCORES)
    )


def trending_plays(plays: DataFrame, cfg: Config) -> DataFrame:
    """A stream of accepted events as ``trending_windows`` takes it: each once, none too late.

    An event of the same id and time as one that is forgotten is older than the watermark and left out with it, so no
    repeat is ever counted.
    """
    late = f"{cfg.trending.late_minutes} minutes"
    heard = plays.withWatermark("event_time", late).where(is_current_listen(cfg.trending.min_heard_s))
    needed = heard.select("event_id", "event_time", "user_id", "track_id", "action", "played_ms", "source")
    return needed.dropDuplicatesWithinWatermark(["event_id"])
