"""Delta tables as declared, and writes that meet each other."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from delta.tables import DeltaTable
from plugins.literal_rows import literal_rows
from pyspark.sql import DataFrame, SparkSession

from spotistream.config import Config
from spotistream.io import delta
from spotistream.tables import DELTA_TABLES, GENRES


def genres(spark: SparkSession, **titles: str) -> DataFrame:
    return literal_rows(spark, GENRES, [{"genre_id": key, "title": title} for key, title in titles.items()])


def titles(spark: SparkSession, cfg: Config) -> dict[str, str]:
    return {row["genre_id"]: row["title"] for row in delta.existing_table(spark, cfg, GENRES).collect()}


def log_entries(cfg: Config, table: str, kind: str) -> list[dict[str, Any]]:
    """The entries of a kind in the log of a table, oldest first."""
    files = sorted((Path(cfg.paths.lake) / table / "_delta_log").glob("*.json"))
    entries = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    return [entry[kind] for entry in entries if kind in entry]


def test_every_table_is_created_in_one_commit_as_declared(spark: SparkSession, cfg: Config) -> None:
    for table in DELTA_TABLES:
        delta.create_table(spark, cfg, table)
        assert delta.table_version(cfg, table) == 0
        found = DeltaTable.forPath(spark, delta.table_path(cfg, table)).detail().collect()[0]
        assert found["description"] == table.comment
        assert tuple(found["clusteringColumns"]) == table.cluster_by
        assert {
            name.removeprefix("delta.constraints."): condition
            for name, condition in found["properties"].items()
            if name.startswith("delta.constraints.")
        } == dict(table.constraints)
        fields = delta.existing_table(spark, cfg, table).schema.fields
        assert [(field.name, field.metadata["comment"]) for field in fields] == [
            (column.name, column.comment) for column in table.fields
        ]


def test_readers_other_than_spark_need_no_table_feature(spark: SparkSession, cfg: Config) -> None:
    for table in DELTA_TABLES:
        delta.create_table(spark, cfg, table)
        assert [entry["minReaderVersion"] for entry in log_entries(cfg, table.name, "protocol")] == [1]


def test_threads_that_create_the_same_table_all_find_it(spark: SparkSession, cfg: Config) -> None:
    together = Barrier(4)

    def create() -> None:
        together.wait()
        delta.create_table(spark, cfg, GENRES)

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(create) for _ in range(4)]:
            done.result()
    assert (delta.table_version(cfg, GENRES), titles(spark, cfg)) == (0, {})


def test_two_merges_at_the_same_time_both_come_through(spark: SparkSession, cfg: Config) -> None:
    delta.merge(spark, cfg, GENRES, genres(spark, rock="Rock", folk="Folk"))
    together = Barrier(2)

    def merge(rows: DataFrame) -> None:
        together.wait()
        delta.merge(spark, cfg, GENRES, rows)

    changes = (genres(spark, rock="Rock!", punk="Punk"), genres(spark, folk="Folk!", jazz="Jazz"))
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(merge, rows) for rows in changes]:
            done.result()
    assert titles(spark, cfg) == {"rock": "Rock!", "folk": "Folk!", "punk": "Punk", "jazz": "Jazz"}


def test_a_write_is_tried_again_after_a_conflict() -> None:
    answers = iter([delta.CONFLICTS[0]("first"), delta.CONFLICTS[1]("second"), "written"])

    def write() -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert delta.write_again_after_conflicts(write) == "written"


def test_a_conflict_without_end_is_raised() -> None:
    conflicts = [delta.CONFLICTS[0](text) for text in ("first", "second", "third")]

    def write() -> None:
        raise conflicts.pop(0)

    with pytest.raises(delta.CONFLICTS[0], match="second"):
        delta.write_again_after_conflicts(write, attempts=2)


def test_missing_rows_are_inserted_and_the_others_left_alone(spark: SparkSession, cfg: Config) -> None:
    delta.insert_missing(spark, cfg, GENRES, genres(spark, rock="Rock"))
    delta.insert_missing(spark, cfg, GENRES, genres(spark, rock="other", folk="Folk"))
    assert titles(spark, cfg) == {"rock": "Rock", "folk": "Folk"}


def test_inserting_what_is_there_commits_nothing(spark: SparkSession, cfg: Config) -> None:
    delta.insert_missing(spark, cfg, GENRES, genres(spark, rock="Rock"))
    before = delta.table_version(cfg, GENRES)
    delta.insert_missing(spark, cfg, GENRES, genres(spark, rock="Rock"))
    assert delta.table_version(cfg, GENRES) == before == 1


def test_missing_rows_can_be_told_by_other_columns(spark: SparkSession, cfg: Config) -> None:
    delta.insert_missing(spark, cfg, GENRES, genres(spark, rock="Rock"))
    delta.insert_missing(spark, cfg, GENRES, genres(spark, hard="Rock", folk="Folk"), keys=("title",))
    assert titles(spark, cfg) == {"rock": "Rock", "folk": "Folk"}


def test_rows_are_deleted_by_the_keys_given(spark: SparkSession, cfg: Config) -> None:
    delta.merge(spark, cfg, GENRES, genres(spark, rock="Rock", folk="Folk"))
    gone = spark.createDataFrame([("rock",), ("rock",), ("polka",)], "genre_id STRING")
    for _ in range(2):
        delta.delete_rows(spark, cfg, GENRES, gone, keys=("genre_id",))
    assert titles(spark, cfg) == {"folk": "Folk"}
    assert delta.table_version(cfg, GENRES) == 2


def test_deleting_from_a_table_that_is_not_there_does_nothing(spark: SparkSession, cfg: Config) -> None:
    delta.delete_rows(spark, cfg, GENRES, genres(spark, rock="Rock"), keys=("genre_id",))
    assert delta.table_version(cfg, GENRES) is None


@pytest.mark.parametrize(
    "newest",
    [
        "00000000000000000012.json",
        "00000000000000000012.checkpoint.parquet",
        "00000000000000000012.checkpoint.0000000001.0000000002.parquet",
        "00000000000000000012.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.parquet",
    ],
)
def test_the_version_is_right_after_older_commits_were_cleaned_up(cfg: Config, newest: str) -> None:
    log = Path(delta.table_path(cfg, GENRES)) / "_delta_log"
    log.mkdir(parents=True)
    for name in ("_last_checkpoint", "00000000000000000003.00000000000000000009.compacted.json", newest):
        (log / name).touch()
    assert delta.table_version(cfg, GENRES) == 12
