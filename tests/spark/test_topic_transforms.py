"""Tracks by their topics, on literal rows."""

from __future__ import annotations

import pytest
from plugins.literal_rows import literal_rows
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from spotistream.tables import GENRES, TRACK_FEATURES, TRACK_TOPICS, TRACKS
from spotistream.transforms.topics import (
    genre_counts,
    mean_sounds,
    memberships,
    most_played,
    nearest_to_centres,
    sample_of_each,
    shelf_tracks,
    sizes_and_quartiles,
)


@pytest.fixture
def placed(spark: SparkSession) -> DataFrame:
    rows = [("t:1", "1", "1.2", 0.1, 0.3), ("t:2", "1", "1.2", 0.2, 0.0), ("t:3", "2", None, 0.5, None)]
    names = ("track_id", "music_topic_id", "music_subtopic_id", "distance", "subtopic_distance")
    return literal_rows(spark, TRACK_TOPICS, [dict(zip(names, row, strict=True)) for row in rows])


@pytest.fixture
def tracks(spark: SparkSession) -> DataFrame:
    return literal_rows(
        spark,
        TRACKS,
        [
            {"track_id": "t:1", "genre": "Rock", "genre_ids": ["rock", "punk"], "playable": True},
            {"track_id": "t:2", "genre": "Rock", "genre_ids": ["unknown"], "playable": True},
            {"track_id": "t:3", "playable": False},
        ],
    )


def test_a_track_is_in_its_topic_in_its_part_and_in_all_music(placed: DataFrame) -> None:
    found = {(row["topic_id"], row["track_id"], row["distance"]) for row in memberships(placed).collect()}
    assert found == {
        ("*", "t:1", None), ("*", "t:2", None), ("*", "t:3", None),
        ("1", "t:1", 0.1), ("1", "t:2", 0.2), ("2", "t:3", 0.5),
        ("1.2", "t:1", 0.3), ("1.2", "t:2", 0.0),
    }  # fmt: skip


def test_sizes_count_tracks_without_features_and_quartiles_do_not(spark: SparkSession, placed: DataFrame) -> None:
    features = literal_rows(spark, TRACK_FEATURES, [{"track_id": "t:1", "tempo": 90.0}])
    rows = {row["topic_id"]: row for row in sizes_and_quartiles(memberships(placed), features).collect()}
    assert {topic_id: row["size"] for topic_id, row in rows.items()} == {"*": 3, "1": 2, "1.2": 2, "2": 1}
    assert (rows["1"]["tempo"], rows["1"]["energy"], rows["2"]["tempo"]) == ([90.0] * 3, None, None)


def test_a_track_counts_once_for_each_of_its_genres(spark: SparkSession, placed: DataFrame, tracks: DataFrame) -> None:
    genres = literal_rows(spark, GENRES, [{"genre_id": "rock", "title": "Rock"}, {"genre_id": "punk", "title": "Punk"}])
    found = genre_counts(memberships(placed), tracks, genres).where("topic_id <> '*'").collect()
    assert {(row["topic_id"], row["genre"]): row["count"] for row in found} == {
        ("1", "Rock"): 2, ("1", "Punk"): 1, ("1.2", "Rock"): 2, ("1.2", "Punk"): 1,
    }  # fmt: skip


def test_shelves_hold_what_can_be_played_of_topics_parts_and_genres(placed: DataFrame, tracks: DataFrame) -> None:
    found = {(row["shelf"], row["track_id"]) for row in shelf_tracks(placed, tracks).collect()}
    assert found == {
        ("topic:1", "t:1"), ("topic:1", "t:2"), ("topic:1.2", "t:1"), ("topic:1.2", "t:2"),
        ("genre:rock", "t:1"), ("genre:punk", "t:1"), ("genre:unknown", "t:2"),
    }  # fmt: skip


def test_most_played_first_then_nearest_then_by_id_and_no_more_than_asked(spark: SparkSession) -> None:
    shelves = spark.createDataFrame(
        [("a", "t:1", 0.3), ("a", "t:2", 0.2), ("a", "t:3", 0.2), ("a", "t:4", 0.9), ("b", "t:1", 0.1)],
        "shelf STRING, track_id STRING, distance DOUBLE",
    )
    counted = spark.createDataFrame([("t:4", 2.0), ("t:1", 0.5)], "track_id STRING, popularity DOUBLE")
    rows = most_played(shelves, counted, most=3).orderBy("shelf", "place").collect()
    assert [tuple(row) for row in rows] == [
        ("a", "t:4", 1.0, 1), ("a", "t:1", 0.25, 2), ("a", "t:2", 0.0, 3), ("b", "t:1", 1.0, 1),
    ]  # fmt: skip


def test_typical_tracks_are_those_nearest_to_the_centre_of_the_topic_or_the_part(
    placed: DataFrame, tracks: DataFrame
) -> None:
    rows = nearest_to_centres(placed, tracks, most=1).collect()
    assert {row["topic_id"]: row["track_id"] for row in rows} == {"1": "t:1", "1.2": "t:2"}


def test_a_centre_is_the_mean_of_the_sounds_as_they_are_now(spark: SparkSession, placed: DataFrame) -> None:
    sounds = spark.createDataFrame([("t:1", [1.0, 0.0]), ("t:2", [0.0, 1.0])], "track_id STRING, sound ARRAY<FLOAT>")
    rows = mean_sounds(placed, sounds, "music_topic_id").collect()
    assert [tuple(row) for row in rows] == [("1", [0.5, 0.5])]


def test_a_sample_is_the_same_whatever_the_order_of_the_rows(spark: SparkSession) -> None:
    rows = [(f"t:{number}", number % 2) for number in range(20)]
    schema = "track_id STRING, side INT"
    one, other = (
        sample_of_each(spark.createDataFrame(each, schema), [F.col("side")], most=3).collect()
        for each in (rows, rows[::-1])
    )
    assert sorted(one) == sorted(other)
    assert [sum(row["side"] == side for row in one) for side in (0, 1)] == [3, 3]
