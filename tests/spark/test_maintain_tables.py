"""Upkeep of Delta tables: fewer files, the same rows, and a past that stays readable as long as configured."""

from __future__ import annotations

import json
import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from delta.tables import DeltaTable
from deltalake import DeltaTable as DeltaRs
from plugins.literal_rows import literal_rows
from pyspark.sql import DataFrame, SparkSession

from spotistream.config import Config
from spotistream.errors import ConfigError
from spotistream.io import delta
from spotistream.io.maintenance import Upkeep, maintain
from spotistream.pipelines import maintain_tables
from spotistream.tables import GENRES, PLAYS, TRACK_SOUNDS

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
APPENDS = 30
DAY_S = 86_400


def plays(spark: SparkSession, *numbers: int) -> DataFrame:
    """One event for each number, a minute apart."""
    return literal_rows(
        spark,
        PLAYS,
        [
            {
                "schema_version": 1, "event_id": f"e{number:02}", "user_id": f"u{number % 3}", "action": "visit",
                "event_time": NOON + timedelta(minutes=number), "source": "player",
                "kafka_partition": 0, "kafka_offset": number,
            }
            for number in numbers
        ],
    )  # fmt: skip


def event_ids(frame: DataFrame) -> list[str]:
    return sorted(row["event_id"] for row in frame.select("event_id").collect())


def data_files(cfg: Config) -> set[Path]:
    return set(Path(delta.table_path(cfg, PLAYS)).glob("*.parquet"))


def log_of(cfg: Config) -> list[str]:
    return sorted(file.name for file in Path(delta.table_path(cfg, PLAYS)).glob("_delta_log/*.json"))


@pytest.fixture
def appended(spark: SparkSession, cfg: Config) -> Config:
    """A table of plays that was appended to ``APPENDS`` times."""
    delta.create_table(spark, cfg, PLAYS)
    for number in range(APPENDS):
        delta.append(plays(spark, number).coalesce(1), cfg, PLAYS)
    return cfg


def test_many_small_files_become_one_with_the_same_rows_and_the_past_stays(
    spark: SparkSession, appended: Config
) -> None:
    before = data_files(appended)
    upkeep = maintain(spark, appended, PLAYS)
    assert upkeep is not None
    assert (upkeep.files, upkeep.gave_way) == ((APPENDS, 1), False)
    assert before < data_files(appended), "VACUUM removed files that earlier versions need"

    path = delta.table_path(appended, PLAYS)
    expected = [f"e{number:02}" for number in range(APPENDS)]
    assert event_ids(delta.existing_table(spark, appended, PLAYS)) == expected
    assert event_ids(spark.read.format("delta").option("versionAsOf", 10).load(path)) == expected[:10]
    assert sorted(DeltaRs(path).to_pyarrow_dataset().to_table()["event_id"].to_pylist()) == expected
    assert DeltaRs(path, version=10).to_pyarrow_dataset().count_rows() == 10

    assert delta.table_version(appended, PLAYS) == APPENDS, "upkeep made new what did not change"

    commits = log_of(appended)
    again = maintain(spark, appended, PLAYS)
    assert again is not None
    assert again.files == (1, 1)
    assert log_of(appended) == commits, "upkeep of a table that is in order committed something"


def aged(cfg: Config, home: Path, *, files: set[Path], days: int) -> Config:
    """A copy of the lake in which these data files were written, and taken out of the table, so many days ago.

    A copy, because Delta remembers the log of a table it has read.
    """
    old = replace(cfg, paths=replace(cfg.paths, lake=str(home)))
    shutil.copytree(cfg.paths.lake, home)
    for name in (file.name for file in files):
        file = Path(delta.table_path(old, PLAYS)) / name
        os.utime(file, (time.time() - days * DAY_S,) * 2)
    for commit in Path(delta.table_path(old, PLAYS)).glob("_delta_log/*.json"):
        entries = [json.loads(line) for line in commit.read_text().splitlines()]
        for entry in entries:
            if "remove" in entry:
                entry["remove"]["deletionTimestamp"] -= days * DAY_S * 1000
        commit.write_text("".join(f"{json.dumps(entry)}\n" for entry in entries))
        commit.with_name(f".{commit.name}.crc").unlink()
    return old


@pytest.mark.parametrize(("days", "kept"), [(6, True), (8, False)])
def test_vacuum_removes_what_is_older_than_the_history_and_nothing_younger(
    spark: SparkSession, cfg: Config, tmp_path: Path, days: int, kept: bool
) -> None:
    delta.create_table(spark, cfg, PLAYS)
    for number in range(3):
        delta.append(plays(spark, number).coalesce(1), cfg, PLAYS)
    replaced = data_files(cfg)
    DeltaTable.forPath(spark, delta.table_path(cfg, PLAYS)).optimize().executeCompaction()
    current = data_files(cfg) - replaced
    abandoned = Path(delta.table_path(cfg, PLAYS)) / "abandoned.parquet"
    abandoned.touch()
    not_needed = replaced | {abandoned}

    old = aged(cfg, tmp_path / "aged", files=not_needed, days=days)
    assert maintain(spark, old, PLAYS) is not None
    left = {file.name for file in data_files(old)}
    assert left == {file.name for file in (current | not_needed if kept else current)}
    assert event_ids(delta.existing_table(spark, old, PLAYS)) == ["e00", "e01", "e02"]


def test_a_clustered_table_that_is_merged_into_and_optimised_is_read_without_spark(
    spark: SparkSession, cfg: Config
) -> None:
    def sounds(*numbers: int, missing: int) -> DataFrame:
        known = {"sounds_version": "v", "sound": [1.0, 0.0], "missing": missing}
        return literal_rows(spark, TRACK_SOUNDS, [{"track_id": f"fma:{number}", **known} for number in numbers])

    delta.merge(spark, cfg, TRACK_SOUNDS, sounds(1, 2, missing=0))
    delta.merge(spark, cfg, TRACK_SOUNDS, sounds(2, 3, missing=1))
    maintain(spark, cfg, TRACK_SOUNDS)
    delta.merge(spark, cfg, TRACK_SOUNDS, sounds(3, 4, missing=2))
    table = DeltaRs(delta.table_path(cfg, TRACK_SOUNDS)).to_pyarrow_dataset().to_table()
    found = sorted(zip(table["track_id"].to_pylist(), table["missing"].to_pylist(), strict=True))
    assert found == [("fma:1", 0), ("fma:2", 1), ("fma:3", 2), ("fma:4", 2)]


def test_upkeep_beside_merges_loses_nothing(spark: SparkSession, cfg: Config) -> None:
    def merge_all() -> None:
        for number in range(4):
            row = {"genre_id": f"g{number}", "title": "Genre"}
            delta.merge(spark, cfg, GENRES, literal_rows(spark, GENRES, [row, {"genre_id": "g", "title": str(number)}]))

    delta.create_table(spark, cfg, GENRES)
    with ThreadPoolExecutor(1) as pool:
        merges = pool.submit(merge_all)
        while not merges.done():
            assert maintain(spark, cfg, GENRES) is not None
        merges.result()
    rows = delta.existing_table(spark, cfg, GENRES).select("genre_id", "title").collect()
    assert sorted(rows) == [("g", "3"), *((f"g{number}", "Genre") for number in range(4))]


def test_the_job_passes_over_tables_that_are_not_there_and_can_be_repeated(spark: SparkSession, cfg: Config) -> None:
    assert maintain_tables.run(spark, cfg).tables == 0
    for table in (GENRES, PLAYS):
        delta.create_table(spark, cfg, table)
    for number in range(2):
        delta.append(plays(spark, number).coalesce(1), cfg, PLAYS)
    first, second = maintain_tables.run(spark, cfg), maintain_tables.run(spark, cfg)
    assert (first.tables, first.files, second.files) == (2, (2, 1), (1, 1))


def test_tables_get_the_history_that_is_configured(spark: SparkSession, cfg: Config) -> None:
    delta.create_table(spark, cfg, GENRES)
    longer = replace(cfg, lake=replace(cfg.lake, history_hours=200))
    maintain(spark, longer, GENRES)
    found = DeltaTable.forPath(spark, delta.table_path(cfg, GENRES)).detail().collect()[0]["properties"]
    assert {found[f"delta.{kind}RetentionDuration"] for kind in ("deletedFile", "log")} == {"interval 200 hours"}


def test_a_history_too_short_for_running_queries_is_refused(spark: SparkSession, cfg: Config) -> None:
    short = replace(cfg, lake=replace(cfg.lake, history_hours=24))
    with pytest.raises(ConfigError, match=r"'lake\.history_hours' in the configuration: must be at least 168"):
        delta.create_table(spark, short, GENRES)
    assert delta.table_version(cfg, GENRES) is None


def test_what_was_done_is_said_in_one_line() -> None:
    assert str(Upkeep(files=(30, 1), size=(3 << 20, 1 << 20), gave_way=False, seconds=1.26)) == (
        "30 -> 1 files, 3.0 -> 1.0 MB, 1.3 s"
    )
    assert str(Upkeep(files=(2, 2), size=(0, 0), gave_way=True, seconds=9.0)) == (
        "2 files, 0.0 MB, left alone: its writers came between, 9.0 s"
    )
    summary = maintain_tables.Summary(tables=2, files=(31, 2), size=(3 << 20, 1 << 20), gave_way=1, seconds=12.0)
    assert str(summary) == (
        "2 tables, 31 -> 2 files, 3.0 -> 1.0 MB, 1 left alone because their writers came between in 12.0 s"
    )
