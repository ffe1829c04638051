"""Windows of listens, and how much more than before a track is heard."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from plugins.literal_rows import literal_rows
from pyspark.sql import DataFrame, SparkSession

from spotistream.config import Config
from spotistream.errors import ConfigError
from spotistream.tables import PLAYS, TRENDING_TRACKS
from spotistream.transforms.trending import trending_scores, trending_windows
from spotistream.transforms.trending_shelves import trending_rows

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
WINDOWS = "window_start TIMESTAMP, window_end TIMESTAMP, track_id STRING, listens BIGINT, listeners BIGINT"


@pytest.fixture
def half_hours(cfg: Config) -> Config:
    """Windows of an hour every half hour, compared with the two hours before."""
    return replace(cfg, trending=replace(cfg.trending, slide_minutes=30, baseline_hours=2))


def listen(user: str, track: str | None, minutes: float, **changes: Any) -> dict[str, Any]:
    """A track heard to its end, so many minutes after noon."""
    when = NOON + timedelta(minutes=minutes)
    row = {"user_id": user, "track_id": track, "action": "complete", "source": "player", "event_time": when}
    return {**row, **changes}


def counted(spark: SparkSession, cfg: Config, *plays: dict[str, Any]) -> set[tuple[int, str, int, int]]:
    """Start of the window in minutes after noon, track, listens, listeners."""
    rows = trending_windows(literal_rows(spark, PLAYS, list(plays)), cfg).collect()
    assert all(row["window_end"] - row["window_start"] == timedelta(hours=1) for row in rows)
    return {(minutes(row), row["track_id"], row["listens"], row["listeners"]) for row in rows}


def minutes(row: Any) -> int:
    return int((row["window_start"].astimezone(UTC) - NOON).total_seconds() // 60)


def test_a_listen_is_in_every_window_that_contains_its_time(spark: SparkSession, half_hours: Config) -> None:
    first = listen("ann", "t:1", 30)
    assert counted(spark, half_hours, first) == {(0, "t:1", 1, 1), (30, "t:1", 1, 1)}
    assert counted(spark, half_hours, listen("ann", "t:1", 29.999)) == {(-30, "t:1", 1, 1), (0, "t:1", 1, 1)}


def test_repeats_of_one_listener_are_listens_of_one_listener(spark: SparkSession, half_hours: Config) -> None:
    plays = [listen("ann", "t:1", 30), listen("ann", "t:1", 40), listen("bob", "t:1", 59), listen("bob", "t:2", 60)]
    assert counted(spark, half_hours, *plays) == {
        (0, "t:1", 3, 2), (30, "t:1", 3, 2), (30, "t:2", 1, 1), (60, "t:2", 1, 1),
    }  # fmt: skip


@pytest.mark.parametrize(
    "event",
    [
        {"action": "play"},
        {"action": "like"},
        {"action": "visit", "track_id": None},
        {"action": "skip", "played_ms": 29_999},
        {"action": "skip", "played_ms": None},
        {"source": "import"},
    ],
)
def test_what_is_no_current_listen_is_not_counted(
    spark: SparkSession, half_hours: Config, event: dict[str, Any]
) -> None:
    assert counted(spark, half_hours, listen("ann", "t:1", 30, **event)) == set()


def test_a_track_skipped_after_half_a_minute_was_heard(spark: SparkSession, half_hours: Config) -> None:
    assert len(counted(spark, half_hours, listen("ann", "t:1", 30, action="skip", played_ms=30_000))) == 2


def windows(spark: SparkSession, *rows: tuple[int, str, int]) -> DataFrame:
    """Start in minutes after noon, track, listeners."""
    made = [
        (NOON + timedelta(minutes=start), NOON + timedelta(minutes=start + 60), track, listeners, listeners)
        for start, track, listeners in rows
    ]
    return spark.createDataFrame(made, WINDOWS)


def scored(cfg: Config, found: DataFrame) -> dict[tuple[int, str], tuple[int, float, float]]:
    rows = trending_scores(found, cfg).collect()
    return {(minutes(row), row["track_id"]): (row["earlier_listeners"], row["expected"], row["score"]) for row in rows}


def test_a_track_is_measured_by_the_share_of_listeners_it_had(spark: SparkSession, half_hours: Config) -> None:
    """Of 40 earlier listeners t:1 had 30 and t:2 had 10; of 20 now each has 10, so t:2 rises."""
    found = windows(
        spark, (-60, "t:1", 10), (-120, "t:1", 20), (-60, "t:2", 10), (0, "t:1", 10), (0, "t:2", 10)
    )  # fmt: skip
    assert {key: value for key, value in scored(half_hours, found).items() if key[0] == 0} == {
        (0, "t:1"): (30, 15.0, -5 / 16**0.5),
        (0, "t:2"): (10, 5.0, 5 / 6**0.5),
    }


def test_windows_that_overlap_or_lie_too_far_back_are_not_earlier(spark: SparkSession, half_hours: Config) -> None:
    found = windows(spark, (-30, "t:1", 7), (-180, "t:1", 7), (0, "t:1", 4), (30, "t:1", 7), (60, "t:2", 7))
    assert scored(half_hours, found)[(0, "t:1")] == (0, 0.0, 4.0)


def test_a_new_track_needs_listeners_to_rise(spark: SparkSession, half_hours: Config) -> None:
    found = scored(half_hours, windows(spark, (-60, "t:1", 50), (0, "t:1", 8), (0, "t:2", 1), (0, "t:3", 3)))
    assert {track: round(score, 3) for (start, track), (_, _, score) in found.items() if start == 0} == {
        "t:1": -1.109, "t:2": 1.0, "t:3": 3.0,
    }  # fmt: skip


def test_many_windows_are_scored_at_once_as_one_by_one(spark: SparkSession, half_hours: Config) -> None:
    every = windows(spark, (0, "t:1", 4), (0, "t:2", 1), (60, "t:1", 2), (60, "t:2", 6), (120, "t:2", 3))
    one_by_one = {}
    for start in (0, 60, 120):
        so_far = every.where(every.window_start <= NOON + timedelta(minutes=start))
        one_by_one |= {key: value for key, value in scored(half_hours, so_far).items() if key[0] == start}
    assert scored(half_hours, every) == one_by_one
    assert one_by_one[(60, "t:2")] == (1, 1.6, (6 - 1.6) / 2.6**0.5)


def shelves(spark: SparkSession, cfg: Config, *scores: tuple[str, int, float]) -> dict[str, dict[str, int] | None]:
    """The places of tracks that all are on shelf "a", those of an even number on shelf "b" too; listeners, score."""
    rows = [(NOON, NOON + timedelta(hours=1), track, n, n, 0, 0.0, score) for track, n, score in scores]
    schema = f"{WINDOWS}, earlier_listeners BIGINT, expected DOUBLE, score DOUBLE"
    members = [("a", track) for track, _, _ in scores]
    members += [("b", track) for _, track in members if int(track[2:]) % 2 == 0]
    on_shelves = spark.createDataFrame(members, "shelf STRING, track_id STRING")
    found = trending_rows(spark.createDataFrame(rows, schema), on_shelves, cfg)
    assert tuple(found.columns) == TRENDING_TRACKS.columns
    return {row["track_id"]: row["places"] for row in found.collect()}


def test_places_go_by_score_then_listeners_then_id(spark: SparkSession, half_hours: Config) -> None:
    found = shelves(spark, half_hours, ("t:1", 3, 2.0), ("t:2", 9, 5.0), ("t:3", 4, 2.0), ("t:4", 3, 2.0))
    assert found == {"t:1": {"a": 3}, "t:2": {"a": 1, "b": 1}, "t:3": {"a": 2}, "t:4": {"a": 4, "b": 2}}


def test_a_track_with_one_listener_or_that_does_not_rise_has_no_place(spark: SparkSession, half_hours: Config) -> None:
    found = shelves(spark, half_hours, ("t:1", 1, 9.0), ("t:2", 9, 0.0), ("t:3", 2, 0.1))
    assert found == {"t:1": None, "t:2": None, "t:3": {"a": 1}}


def test_a_shelf_has_an_end(spark: SparkSession, half_hours: Config) -> None:
    short = replace(half_hours, trending=replace(half_hours.trending, shelf_tracks=1))
    assert shelves(spark, short, ("t:1", 3, 2.0), ("t:2", 9, 1.0)) == {"t:1": {"a": 1}, "t:2": {"b": 1}}


@pytest.mark.parametrize(
    ("change", "setting"),
    [
        ({"slide_minutes": 7}, "trending.window_minutes"),
        ({"slide_minutes": 0}, "trending.window_minutes"),
        ({"window_minutes": 120, "baseline_hours": 1}, "trending.baseline_hours"),
        ({"smoothing": 0.0}, "trending.smoothing"),
    ],
)
def test_settings_that_leave_nothing_to_compare_are_refused(
    spark: SparkSession, cfg: Config, change: dict[str, Any], setting: str
) -> None:
    wrong = replace(cfg, trending=replace(cfg.trending, **change))
    with pytest.raises(ConfigError, match=f"setting '{setting}'"):
        trending_windows(literal_rows(spark, PLAYS, []), wrong)
