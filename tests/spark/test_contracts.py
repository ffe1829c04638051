"""The rules of a table as a Column agree with what Delta enforces."""

from __future__ import annotations

from typing import Any

import pytest
from plugins.literal_rows import literal_rows
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from spotistream.config import Config
from spotistream.io import delta
from spotistream.layouts import Column, Table
from spotistream.transforms.contracts import broken_constraint

LISTENS = Table(
    "listens",
    "Listens, for this test",
    writers=(),
    keys=("track_id",),
    fields=(
        Column("track_id", "STRING", "The track", nullable=False),
        Column("played_ms", "BIGINT", "How long, milliseconds", nullable=False),
        Column("share", "DOUBLE", "How much of it, 0 to 1"),
    ),
    constraints={"played_is_positive": "played_ms > 0", "share_is_a_share": "share BETWEEN 0 AND 1"},
)
ROWS: list[tuple[dict[str, Any], str | None]] = [
    ({"track_id": "t:1", "played_ms": 5, "share": 1.0}, None),
    ({"track_id": None, "played_ms": -5, "share": 2.0}, "track_id_is_given"),
    ({"track_id": "t:1", "played_ms": None, "share": 2.0}, "played_ms_is_given"),
    ({"track_id": "t:1", "played_ms": 0, "share": 2.0}, "played_is_positive"),
    ({"track_id": "t:1", "played_ms": 5, "share": 1.5}, "share_is_a_share"),
    ({"track_id": "t:1", "played_ms": 5, "share": None}, "share_is_a_share"),
]


def test_the_first_rule_a_row_breaks_is_named(spark: SparkSession) -> None:
    frame = literal_rows(spark, LISTENS, [row for row, _ in ROWS])
    found = [row["broken"] for row in frame.select(broken_constraint(LISTENS).alias("broken")).collect()]
    assert found == [broken for _, broken in ROWS]


def test_a_table_without_rules_breaks_none(spark: SparkSession) -> None:
    free = Table("free", "", writers=(), keys=("a",), fields=(Column("a", "STRING", "Anything"),))
    assert spark.range(1).select(F.lit("x").alias("a")).select(broken_constraint(free)).first() == (None,)


@pytest.mark.parametrize(("row", "broken"), ROWS, ids=lambda value: value if isinstance(value, str) else "")
def test_delta_refuses_the_rows_that_break_a_rule_and_no_other(
    spark: SparkSession, cfg: Config, row: dict[str, Any], broken: str | None
) -> None:
    delta.create_table(spark, cfg, LISTENS)
    frame = literal_rows(spark, LISTENS, [row])
    if broken is None:
        delta.append(frame, cfg, LISTENS)
    else:
        with pytest.raises(Exception, match=r"DELTA_(VIOLATE_CONSTRAINT|NOT_NULL_CONSTRAINT_VIOLATED)"):
            delta.append(frame, cfg, LISTENS)
    assert delta.existing_table(spark, cfg, LISTENS).count() == (broken is None)
