"""Every query of docs/tables.md gives the right answer, in each engine it is written for."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pytest
from analyst_lake import write_lake
from pyspark.sql import SparkSession

from spotistream.config import Config, load_config

QUERIES = Path(__file__).resolve().parents[2] / "docs" / "queries"
EXAMPLES = sorted(QUERIES.glob("[0-9]*/with_*"))

ANSWERS: dict[str, list[tuple[Any, ...]]] = {
    "01-most-played-by-genre": [
        ("Rock", "Banger", "The Stones", 2),
        ("Rock", "Anthem", "The Stones", 1),
    ],
    "02-skip-rate": [
        ("for_you", "m1", 1, 0.0),
        ("for_you", "m2", 3, 0.333333),
        ("popular", "m2", 2, 0.0),
    ],
    "03-listening-by-hour": [(19, 1.0, 2), (20, 2.0, 2)],
    "04-new-listeners": [
        (date(2026, 4, 26), 1, 1),
        (date(2026, 5, 3), 1, 2),
        (date(2026, 5, 4), 1, 3),
    ],
    "05-sound-of-genres": [
        ("Folk", 3, 90.0, 1100.0, -21.0),
        ("Rock", 2, 120.0, 2500.0, -7.0),
    ],
    "06-loudest-albums": [("Stone", "The Stones", 2, -7.0), ("Barn", "The Barns", 2, -21.0)],
    "07-rejected-files": [
        ("undecodable", 2, 3.0, "/music/a.mp3", "no frame was found"),
        ("too_short", 1, 0.5, "/music/c.wav", "it lasts 0.1 s"),
    ],
    "08-recommended-and-played": [("Folk", 0.75, 0.4), ("Rock", 0.25, 0.6)],
    "09-nearest-tracks": [("fma:4", "Dirge", 0.8), ("fma:1", "Anthem", 0.6), ("fma:3", "Carol", 0.0)],
    "10-genre-tree": [
        ("Folk", 0, 3),
        ("Folk > Polka", 1, 0),
        ("Rock", 0, 3),
        ("Rock > Punk", 1, 2),
        ("Rock > Punk > Hardcore", 2, 1),
    ],
    "11-coverage": [(5, 0.4, 0.6)],
    "12-history-of-a-listener": [
        (datetime(2026, 5, 4, 20, 1, tzinfo=UTC), "visit", None, "Anthem", "popular"),
        (datetime(2026, 5, 4, 20, 2, tzinfo=UTC), "complete", "Carol", "Dirge", "sounds_like"),
    ],
}


@pytest.fixture(scope="module")
def lake(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The small lake, its tables open in Spark as the page says."""
    cfg: Config = load_config(home=tmp_path_factory.mktemp("analysts"), profile="local", environ={})
    write_lake(spark, cfg)
    module("open/with_spark.py").open_lake(spark, cfg.paths.lake)
    return cfg.paths.lake


def module(file: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location("example", QUERIES / file)
    assert spec is not None and spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def plain(rows: Iterable[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Rows as Python values: floats to six digits, times in UTC."""
    return [tuple(_plain(value) for value in row) for row in rows]


def _plain(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, (float, Decimal)):
        return round(float(value), 6)
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def answer(example: Path, spark: SparkSession, lake: str) -> list[tuple[Any, ...]]:
    if example.suffix == ".py":
        found = module(str(example.relative_to(QUERIES))).answer(lake)
        return plain(found.itertuples(index=False, name=None))
    text = example.read_text(encoding="utf-8")
    if example.stem == "with_spark":
        return plain(spark.sql(text).collect())
    database: duckdb.DuckDBPyConnection = module("open/with_duckdb.py").open_lake(lake)
    return plain(database.execute(text).fetchall())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_answer_is_right(example: Path, spark: SparkSession, lake: str) -> None:
    assert answer(example, spark, lake) == plain(ANSWERS[example.parent.name])


def test_every_question_has_an_answer_and_is_asked_in_spark() -> None:
    asked = sorted(path.name for path in QUERIES.glob("[0-9]*"))
    assert asked == sorted(ANSWERS) == [path.parent.name for path in EXAMPLES if path.name == "with_spark.sql"]


def test_pandas_reads_the_columns_of_the_rows_asked_for(lake: str) -> None:
    from pyarrow.dataset import field

    read = module("open/with_pandas.py").read
    skipped = read(lake, "plays", ["user_id", "track_id"], field("action") == "skip")
    assert skipped.to_dict("records") == [{"user_id": "bob", "track_id": "fma:3"}]
    assert read(lake, "genres", ["genre_id"]).shape == (5, 1)
