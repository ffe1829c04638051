"""Tracks by their topic of music: samples of them, what they are like, and what is played of them."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.ml.functions import array_to_vector, vector_to_array
from pyspark.ml.stat import Summarizer
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from spotistream.tables import GENRE_SHELF, TOPIC_SHELF

ALL_MUSIC = "*"
"""Stands for the whole catalogue where topics are described."""
MEASURES = ("tempo", "brightness", "energy")
QUARTILES = [0.25, 0.5, 0.75]
ACCURACY = 1_000
"""Quartiles are off by at most one track in this many."""


def sample_of_each(rows: DataFrame, by: Sequence[Column], *, most: int) -> DataFrame:
    """At most ``most`` tracks of each group, the same whenever the tracks are the same: those of the lowest hashes."""
    order = Window.partitionBy(*by).orderBy(F.xxhash64("track_id"), "track_id")
    return rows.withColumn("_at", F.row_number().over(order)).where(F.col("_at") <= most).drop("_at")


def mean_sounds(placed: DataFrame, sounds: DataFrame, column: str) -> DataFrame:
    """``topic_id, sound``: the mean of the sounds, as they are now, of the tracks of each topic in ``column``."""
    joined = placed.where(F.col(column).isNotNull()).join(sounds, on="track_id", how="inner")
    mean = Summarizer.mean(array_to_vector(F.col("sound")))
    return joined.groupBy(F.col(column).alias("topic_id")).agg(vector_to_array(mean).alias("sound"))


def memberships(placed: DataFrame) -> DataFrame:
    """``topic_id, track_id, distance``: a row for each topic that a track is in, the part of it, and ALL_MUSIC.

    distance : from the centre of that topic or part, cosine; null for ALL_MUSIC
    """
    everything = F.struct(F.lit(ALL_MUSIC).alias("id"), F.lit(None).cast("double").alias("distance"))
    whole = F.struct(F.col("music_topic_id").alias("id"), "distance")
    part = F.struct(F.col("music_subtopic_id").alias("id"), F.col("subtopic_distance").alias("distance"))
    of = placed.select("track_id", F.explode(F.array(everything, whole, part)).alias("of"))
    return of.where(F.col("of.id").isNotNull()).select(F.col("of.id").alias("topic_id"), "track_id", "of.distance")


def sizes_and_quartiles(members: DataFrame, features: DataFrame) -> DataFrame:
    """``topic_id, size`` and the quartiles, an array of three, of each of MEASURES over the tracks of each topic."""
    known = features.select("track_id", *MEASURES)
    quartiles = [F.percentile_approx(name, QUARTILES, ACCURACY).alias(name) for name in MEASURES]
    joined = members.join(known, on="track_id", how="left")
    return joined.groupBy("topic_id").agg(F.count("*").alias("size"), *quartiles)


def genre_counts(members: DataFrame, tracks: DataFrame, genres: DataFrame) -> DataFrame:
    """``topic_id, genre, count``: how many tracks of each topic are of each genre, by title; the main one and others.

    A track of a genre that table ``genres`` does not know by its id counts by its main genre alone.
    """
    known = genres.select(F.col("genre_id").alias("id"), "title")
    by_id = tracks.select("track_id", F.explode("genre_ids").alias("id")).join(known, on="id", how="inner")
    main = tracks.where(F.col("genre").isNotNull()).select("track_id", F.col("genre").alias("genre"))
    each = main.union(by_id.select("track_id", "title")).distinct()
    return members.join(each, on="track_id", how="inner").groupBy("topic_id", "genre").count()


def shelf_tracks(placed: DataFrame, tracks: DataFrame) -> DataFrame:
    """``shelf, track_id, distance``: the playable tracks of each topic, part of a topic, and genre."""
    playable = tracks.where("playable")
    topics = memberships(placed).where(F.col("topic_id") != ALL_MUSIC)
    of_topics = topics.select(F.concat(F.lit(TOPIC_SHELF), "topic_id").alias("shelf"), "track_id", "distance")
    genres = F.transform("genre_ids", lambda genre_id: F.concat(F.lit(GENRE_SHELF), genre_id))
    of_genres = playable.select(F.explode(genres).alias("shelf"), "track_id", F.lit(0.0).alias("distance"))
    return of_topics.join(playable.select("track_id"), on="track_id", how="left_semi").unionByName(of_genres)


def most_played(shelves: DataFrame, counted: DataFrame, *, most: int) -> DataFrame:
    """``shelf, track_id, score, place``: the tracks of each shelf that are played most, from place 1.

    Where tracks are played equally often, and where nobody played, those nearest to the centre come first.

    shelves : ``shelf, track_id, distance``; counted : ``track_id, popularity``
    score : relative to the first of the shelf; 0 where nobody played
    """
    joined = shelves.join(counted.select("track_id", "popularity"), on="track_id", how="left")
    order = Window.partitionBy("shelf").orderBy(F.desc_nulls_last("popularity"), "distance", "track_id")
    share = F.col("popularity") / F.max("popularity").over(Window.partitionBy("shelf"))
    ranked = joined.withColumn("place", F.row_number().over(order)).withColumn(
        "score", F.round(F.coalesce(share, F.lit(0.0)), 6)
    )
    return ranked.where(F.col("place") <= most).select("shelf", "track_id", "score", "place")


def nearest_to_centres(placed: DataFrame, tracks: DataFrame, *, most: int) -> DataFrame:
    """``topic_id, track_id, place``: the playable tracks nearest to the centre of each topic, from place 1."""
    members = memberships(placed).where(F.col("topic_id") != ALL_MUSIC)
    playable = members.join(tracks.where("playable").select("track_id"), on="track_id", how="left_semi")
    order = Window.partitionBy("topic_id").orderBy("distance", "track_id")
    ranked = playable.withColumn("place", F.row_number().over(order))
    return ranked.where(F.col("place") <= most).select("topic_id", "track_id", "place")
