"""Delta ``plays``, ``tracks``, ``track_sounds`` -> better settings of models, for the next training."""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyspark import Broadcast
from pyspark.sql import SparkSession

from spotistream.config import Config
from spotistream.errors import EnvironmentProblem, InputError
from spotistream.evaluation.held_out import HeldOut, split, with_validation
from spotistream.evaluation.observations import Observations
from spotistream.evaluation.rungs import Question, listeners
from spotistream.evaluation.study import Settings
from spotistream.evaluation.tuned_model import Found, as_result, fingerprint, settings_of, store, tune_model
from spotistream.evaluation.tuning import SHARES, parts_of
from spotistream.evaluation.tuning_plot import tuning_picture
from spotistream.evaluation.tuning_report import as_table, reached
from spotistream.files import replace_bytes
from spotistream.io.tuned import tuning_folder
from spotistream.models.ranking import Ranker
from spotistream.models.registry import DEFAULT, MODELS
from spotistream.pipelines import evaluate_model
from spotistream.pipelines.progress import Countdown
from spotistream.pipelines.spark_judge import SparkJudge
from spotistream.pipelines.tuned import settings_in
from spotistream.signals import stop_requested

ALL = "all"
K = 20


@dataclass(frozen=True)
class Asked:
    """``model``: a name, or ``all``; ``workers``: trials at the same time, as many as Spark has cores where None."""

    model: str = DEFAULT
    minutes: float = 10.0
    workers: int | None = None
    seed: int = 0


@dataclass(frozen=True)
class Tuned:
    """results : as ``tuned_model.as_result``, by model; tables : for a person; interrupted : by Ctrl-C or SIGTERM"""

    results: Mapping[str, Mapping[str, Any]]
    tables: Sequence[str]
    interrupted: bool


def run(spark: SparkSession, cfg: Config) -> str:
    """Tune the model that serves for ``model.tune_minutes``."""
    asked = Asked(minutes=cfg.model.tune_minutes)
    found = tuned(spark, question_of_plays(spark, cfg), asked, folder=tuning_folder(cfg))
    for table in found.tables:
        _say(table)
    if found.interrupted:
        raise KeyboardInterrupt
    figures = (f"{name} {result[f'ndcg@{K}']:.4f}" for name, result in found.results.items())
    return f"NDCG@{K} on what was held out, by the best settings: {', '.join(figures)}"


def question_of_plays(spark: SparkSession, cfg: Config, *, seed: int = 0) -> Question:
    """The plays of this home without those an evaluation tests on; of the rest a fifth of each listener's tracks."""
    data = with_validation(evaluate_model.held_out_plays(spark, cfg), None, seed=seed + 1)
    return _question(data, seed)


def question_of_file(observations: Observations, *, seed: int = 0) -> Question:
    """A fifth of each listener's rows held out, the newest where there are times, else at random."""
    data, _ = split(observations, seed=seed + 1, say=_say)
    return _question(HeldOut(data.train, data.test, data.test), seed)


def _question(data: HeldOut, seed: int) -> Question:
    assert data.valid is not None  # noqa: S101 - both have seen to it
    question = Question(data.train, data.valid.tocsr(), K, seed)
    if not len(listeners(question, share=1.0)[1]):
        raise InputError("training data", "is too little to hold some of it out", remedy="give more, of the same users")
    return question


def chosen_models(name: str, *, sounds: bool) -> list[type[Ranker]]:
    """Models in the order of tuning: those made of others come after their parts, which are tuned with them.

    Raises ``InputError`` for a name that no model has, or one that has no settings.
    """
    with_settings = {one: model for one, model in MODELS.items() if model.space}
    if name != ALL and name not in with_settings:
        problem = "has nothing to set" if name in MODELS else "is not a model"
        known = ", ".join((ALL, *with_settings))
        raise InputError(f"--model {name}", problem, remedy=f"those that can be tuned are: {known}")
    if not sounds and name == "content":
        raise InputError("--model content", "learns from sound, which these data do not have", remedy="name another")
    names = [one for one in with_settings if sounds or one != "content"] if name == ALL else [name]
    wanted = dict.fromkeys(part for one in names for part in (*parts_of(MODELS[one]), one))
    return sorted((MODELS[one] for one in wanted if one in with_settings), key=lambda model: bool(parts_of(model)))


def tuned(spark: SparkSession, question: Question, asked: Asked, *, folder: Path, source: str = "plays") -> Tuned:
    """Tune one model after the other; what one leaves of its time goes to those after it. Results are written to
    ``folder`` as each is found. Ctrl-C ends the one under way, whose result is kept, and begins no other.
    """
    models = chosen_models(asked.model, sounds=bool(question.train.sounds.size))
    found: dict[str, Found] = {}
    left = asked.minutes * 60
    workers = asked.workers or _cores(spark)
    m, n = question.train.weights.shape
    _say(f"{m:,} listeners, {n:,} items, {question.valid.nnz:,} held out; {workers} trials at a time")
    with only_one(folder), stop_requested() as stop, _at_workers(spark, question) as data:
        for at, model in enumerate(models):
            if stop.is_set():
                break
            begun = time.monotonic()
            share = SHARES.get(model.name, 1.0) / sum(SHARES.get(one.name, 1.0) for one in models[at:])
            parts = {name: _settings(found, folder, name) for name in parts_of(model)}
            judge = SparkJudge(spark, model, data, workers=workers)
            seconds = max(left * share, 0.0)
            found[model.name] = _one(model, question, judge, folder, seconds, parts, stop.is_set)
            _write(found[model.name], question, folder, source)
            left -= time.monotonic() - begun
        interrupted = stop.is_set()
    return Tuned(
        results={name: as_result(one, question) for name, one in found.items()},
        tables=[as_table(one, k=K) for one in found.values()],
        interrupted=interrupted,
    )


def _one(
    model: type[Ranker],
    question: Question,
    judge: SparkJudge,
    folder: Path,
    seconds: float,
    parts: Mapping[str, Settings],
    stopped: Callable[[], bool],
) -> Found:
    with Countdown(model.name, seconds=seconds) as countdown:
        return tune_model(
            model, question, judge, folder=folder, seconds=seconds, parts=parts, stopped=stopped,
            show=lambda passed, study: countdown.show(passed, reached(study)),
        )  # fmt: skip


def _write(found: Found, question: Question, folder: Path, source: str) -> None:
    path = store(found, question, folder=folder, source=source)
    if path is None or found.default is None:
        return
    picture = path.with_suffix(".png")
    replace_bytes(picture, tuning_picture(found, MODELS[found.model].space, k=K))
    _say(f"{found.model}: {path}, {picture.name}")


def _settings(found: Mapping[str, Found], folder: Path, name: str) -> Settings:
    return settings_of(found[name]) if name in found else settings_in(folder, name)


def _cores(spark: SparkSession) -> int:
    """Of the cluster; on one machine its own, where Spark may count more."""
    context = spark.sparkContext
    counted = context.defaultParallelism
    return min(counted, len(os.sched_getaffinity(0))) if str(context.master).startswith("local") else counted


@contextmanager
def _at_workers(spark: SparkSession, question: Question) -> Iterator[Broadcast[Question]]:
    data = spark.sparkContext.broadcast(question)
    try:
        yield data
    finally:
        data.destroy()


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Raises ``EnvironmentProblem`` where another process tunes in the same folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            raise EnvironmentProblem(
                f"another process tunes the models in {folder}", remedy="wait until it has ended, or end it"
            ) from exc
        yield


def folder_of_files(cfg: Config, question: Question) -> Path:
    """Where what is found on files is kept: apart from this home's own, and from other files'."""
    return tuning_folder(cfg, of_files=f"files-{fingerprint(question)}")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
