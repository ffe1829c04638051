"""Trials on Spark, from a tiny set of plays to settings that training reads."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyspark.sql import SparkSession

from spotistream.config import Config
from spotistream.evaluation.observations import Observations
from spotistream.evaluation.rungs import Question, judged
from spotistream.evaluation.tuning_loop import TrialFailed
from spotistream.io import delta
from spotistream.io.tuned import tuning_folder
from spotistream.models.cosine import ItemCosine
from spotistream.models.hybrid import Hybrid
from spotistream.pipelines import evaluate_model, tune_model
from spotistream.pipelines.spark_judge import SparkJudge
from spotistream.pipelines.tune_model import Asked, question_of_file, tuned
from spotistream.pipelines.tuned import tuned_settings_of
from spotistream.tables import PLAYS, TRACKS

USERS, ITEMS = 60, 30


def plays() -> list[tuple[int, int]]:
    """Two crowds, each with its own half of the items, and a little noise."""
    drawn = np.random.default_rng(3).random((USERS, ITEMS))
    same = (np.arange(USERS)[:, None] % 2) == (np.arange(ITEMS)[None, :] % 2)
    users, items = np.nonzero(drawn < np.where(same, 0.6, 0.1))
    return list(zip(users.tolist(), items.tolist(), strict=True))


def event(user: str, track: str, minute: int) -> dict[str, Any]:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    facts = {"event_id": f"{user}-{track}", "user_id": user, "track_id": track, "action": "complete", "event_time": at}
    rest = {"schema_version": 1, "source": "api", "kafka_partition": 0, "kafka_offset": 0}
    return {**dict.fromkeys(PLAYS.columns), **facts, **rest}


@pytest.fixture(scope="module")
def question() -> Question:
    users, items = np.array(plays()).T
    names = [np.array([f"{kind}{n:02}" for n in range(count)]) for kind, count in (("u", USERS), ("i", ITEMS))]
    return question_of_file(Observations(users, items, np.ones(len(users)), None, *names))


def test_trials_in_parallel_find_what_training_reads_and_a_second_call_goes_on(
    spark: SparkSession, cfg: Config, question: Question, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tuning_folder(cfg)
    asked = Asked("cosine", minutes=0.1, workers=2)
    first = tuned(spark, question, asked, folder=folder).results["cosine"]
    default, value = first["default"], first["ndcg@20"]
    assert default["settings"] == {"neighbours": 200, "shrinkage": 10.0, "weighting": "log"}
    assert default["ndcg@20"] == pytest.approx(judged(ItemCosine, question, {}, share=1.0).ndcg)
    assert value >= default["ndcg@20"] > 0.3
    assert value == pytest.approx(judged(ItemCosine, question, first["settings"], share=1.0).ndcg)
    assert tuned_settings_of(cfg, "cosine") == first["settings"]
    assert (folder / "cosine.png").read_bytes().startswith(b"\x89PNG")
    tried = first["trials"]["all_listeners"] + first["trials"]["pruned"]
    assert tried > 2

    second = tuned(spark, question, asked, folder=folder).results["cosine"]
    assert second["trials"]["of_earlier_calls"] >= tried
    assert second["trials"]["all_listeners"] + second["trials"]["pruned"] > tried
    assert second["ndcg@20"] >= value
    assert second["default"] == default
    assert second["data"] == first["data"]
    out, err = capsys.readouterr()
    assert out == ""
    assert "2 trials at a time" in err


def test_a_trial_that_cannot_be_fitted_says_why_and_others_go_on(spark: SparkSession, question: Question) -> None:
    data = spark.sparkContext.broadcast(question)
    judge = SparkJudge(spark, ItemCosine, data, workers=2)
    wrong, right = (judge.begin({"weighting": weighting}, share=1.0) for weighting in ("cubic", "log"))
    with pytest.raises(TrialFailed, match=r"^ValueError: "):
        wrong.result(60)
    assert right.result(60).ndcg > 0.3
    judge.cancel()
    data.destroy()


def test_a_model_says_what_it_chose_and_trials_can_be_stopped(spark: SparkSession, question: Question) -> None:
    data = spark.sparkContext.broadcast(question)
    judge = SparkJudge(spark, Hybrid, data, workers=2)
    chosen = judge.own_settings()
    assert chosen == dict(Hybrid.fit(question.train, {}, seed=0).settings)
    begun = [judge.begin({}, share=1.0) for _ in range(2)]
    judge.cancel()
    assert all(future.done() for future in begun)
    data.destroy()


def test_the_job_tunes_what_serves_and_not_on_the_plays_an_evaluation_tests_on(
    spark: SparkSession, cfg: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    events = [event(f"u{user:02}", f"t{item:02}", at) for at, (user, item) in enumerate(plays())]
    tracks = [{**dict.fromkeys(TRACKS.columns), "track_id": f"t{n:02}", "playable": False} for n in range(ITEMS)]
    for table, rows in ((PLAYS, events), (TRACKS, tracks)):
        delta.create_table(spark, cfg, table)
        delta.append(spark.createDataFrame(rows, delta.table_schema(table)), cfg, table)
    summary = tune_model.run(spark, replace(cfg, model=replace(cfg.model, tune_minutes=0.02)))
    figure = r"0\.\d{4}"
    head = "NDCG@20 on what was held out, by the best settings"
    assert re.fullmatch(f"{head}: ease {figure}, als {figure}, hybrid {figure}", summary)
    assert capsys.readouterr().err.count("settings fitted on all listeners") == 3
    assert tuned_settings_of(cfg, "hybrid").keys() == Hybrid.space.keys()
    stored = json.loads((tuning_folder(cfg) / "hybrid.json").read_text(encoding="utf-8"))
    tested = evaluate_model.held_out_plays(spark, cfg).test.nnz
    assert stored["source"] == "plays"
    assert tested > 0.15 * len(events)
    assert stored["data"]["learned"] + stored["data"]["held_out"] + tested == len(events)


def test_the_command_prints_one_object_and_keeps_what_is_of_files_apart(tmp_path: Path) -> None:
    file = tmp_path / "plays.csv"
    file.write_text("user,item\n" + "".join(f"u{user},i{item}\n" for user, item in plays()), encoding="utf-8")
    home = tmp_path / "home"
    words = ["tune", "--home", home, "--train", file, "--model", "cosine", "--minutes", "0.05", "--json"]
    command = [sys.executable, "-m", "spotistream.cli", *map(str, words)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    found = json.loads(ended.stdout)["cosine"]
    assert found["settings"].keys() == {"neighbours", "shrinkage", "weighting"}
    low, high = found["ndcg@20_interval"]
    assert low < found["ndcg@20"] < high
    kept = home / "models" / "tuning" / f"files-{found['data']['fingerprint']}" / "cosine.json"
    stored = json.loads(kept.read_text(encoding="utf-8"))
    assert stored["settings"] == found["settings"]
    assert stored["source"] == "plays.csv"
    assert not (home / "models" / "tuning" / "cosine.json").exists()
