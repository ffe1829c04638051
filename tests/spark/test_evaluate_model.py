"""Models compared on the service's own plays, from literal events to rows of ``model_metrics``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from spotistream.config import Config
from spotistream.errors import InputError
from spotistream.evaluation.contest import Asked
from spotistream.evaluation.protocol import Protocol
from spotistream.io import delta
from spotistream.io.tuned import tuning_folder, write_result
from spotistream.pipelines import evaluate_model
from spotistream.tables import MODEL_METRICS, PLAYS, TRACKS
from spotistream.transforms.newest_plays import before_and_after

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def event(user: str, track: str, minute: int, *, action: str = "complete") -> dict[str, Any]:
    at = BEGIN + timedelta(minutes=minute)
    facts = {"event_id": f"{user}-{track}-{minute}", "user_id": user, "track_id": track, "action": action}
    return {**facts, "schema_version": 1, "event_time": at, "source": "api", "kafka_partition": 0, "kafka_offset": 0}


def frame(spark: SparkSession, *events: dict[str, Any]) -> DataFrame:
    rows = [{name: row.get(name) for name in PLAYS.columns} for row in events]
    return spark.createDataFrame(rows, delta.table_schema(PLAYS))


def ids(df: DataFrame) -> set[str]:
    return {row["event_id"] for row in df.select("event_id").collect()}


def test_the_newest_fifth_of_each_listener_comes_after(spark: SparkSession) -> None:
    plays = frame(
        spark, *(event("u1", f"t{n}", n) for n in (5, 3, 9, 1, 7)), event("u2", "t1", 2), event("u2", "t2", 1)
    )
    before, after = before_and_after(plays, share=0.2)
    assert ids(after) == {"u1-t9-9", "u2-t1-2"}
    assert ids(before) == {"u1-t1-1", "u1-t3-3", "u1-t5-5", "u1-t7-7", "u2-t2-1"}
    assert before.columns == after.columns == plays.columns


def test_events_of_one_time_are_not_parted_and_a_single_one_is_before(spark: SparkSession) -> None:
    plays = frame(spark, event("u1", "t1", 0), event("u1", "t2", 4), event("u1", "t3", 4), event("u2", "t1", 0))
    before, after = before_and_after(plays, share=0.2)
    assert ids(after) == {"u1-t2-4", "u1-t3-4"}
    assert ids(before) == {"u1-t1-0", "u2-t1-0"}


def write(spark: SparkSession, cfg: Config, plays: DataFrame) -> None:
    tracks = [{**dict.fromkeys(TRACKS.columns), "track_id": f"t{n}", "playable": False} for n in range(8)]
    for table, rows in ((PLAYS, plays), (TRACKS, spark.createDataFrame(tracks, delta.table_schema(TRACKS)))):
        delta.create_table(spark, cfg, table)
        delta.append(rows, cfg, table)


def test_figures_are_of_the_newest_plays_and_a_repeated_run_adds_a_comparison(spark: SparkSession, cfg: Config) -> None:
    # All hear t0 to t3; the last of five plays is t4 for three listeners, and t5 for one.
    plays = [event(f"u{u}", f"t{n}", n) for u in range(4) for n in range(4)]
    plays += [event(f"u{u}", "t5" if u == 3 else "t4", 9) for u in range(4)] + [
        event("u9", "t4", 0),
        event("u9", "t4", 9),
    ]
    write(spark, cfg, frame(spark, *plays))
    asked = Asked(("popularity",), Protocol(k=1))
    found = evaluate_model.compared(spark, cfg, asked)
    assert found["popularity"]["users"] == 4
    assert found["popularity"]["recall@1"] == 0.75  # of what is left, t4 alone was heard by someone
    assert found["popularity"]["coverage@1"] == 1 / 8
    rows = delta.existing_table(spark, cfg, MODEL_METRICS).where("metric = 'recall' AND slice = 'all'").collect()
    assert [(row["model"], row["k"], row["value"], row["users"], row["split"]) for row in rows] == [
        ("popularity", 1, 0.75, 4, "time")
    ]
    before = delta.existing_table(spark, cfg, MODEL_METRICS).count()
    evaluate_model.compared(spark, cfg, asked)
    assert delta.existing_table(spark, cfg, MODEL_METRICS).count() == 2 * before


def test_the_job_says_the_best_model_in_one_line(
    spark: SparkSession, cfg: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    plays = [event(f"u{u}", f"t{n}", n) for u in range(6) for n in range(u % 2, 8)]
    write(spark, cfg, frame(spark, *plays))
    summary = evaluate_model.run(spark, cfg)
    assert "models and peers compared; highest NDCG@20: " in summary
    out, err = capsys.readouterr()
    assert out == ""
    assert "popularity (peer)" in err


def test_models_are_compared_with_what_tuning_found_for_them(spark: SparkSession, cfg: Config) -> None:
    plays = [event(f"u{u}", f"t{n}", n) for u in range(6) for n in range(u % 2, 8)]
    write(spark, cfg, frame(spark, *plays))
    found = {"neighbours": 50, "shrinkage": 0.5, "popularity_exponent": 0.75, "weighting": "binary"}
    write_result(tuning_folder(cfg), "cooccurrence", {"settings": found})
    shown = evaluate_model.compared(spark, cfg, Asked(("cooccurrence", "ease"), Protocol(k=5)))
    assert shown["cooccurrence"]["settings"] == found
    assert shown["ease"]["settings"] == {}


def test_a_home_where_nothing_was_played_is_one_error(spark: SparkSession, cfg: Config) -> None:
    with pytest.raises(InputError, match="table plays: holds too little listening"):
        evaluate_model.run(spark, cfg)
