"""Trials fitted by Spark's workers: each is a job of one task, on data that every worker has once."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, wait
from typing import Any
from uuid import uuid4

from pyspark import Broadcast, InheritableThread
from pyspark.sql import SparkSession

from spotistream.evaluation.rungs import Judged, Question, judged, own_settings
from spotistream.evaluation.tuning_loop import TrialFailed
from spotistream.models.ranking import Ranker

CANCEL_SECONDS = 0.5


class SparkJudge:
    """As ``tuning_loop.Judge``.

    A worker process holds the data and what it fits. There are no rounds, in which quick trials would wait for slow
    ones: each trial is a job of its own.
    """

    def __init__(self, spark: SparkSession, model: type[Ranker], data: Broadcast[Question], *, workers: int) -> None:
        self.workers = workers
        self._context, self._model, self._data = spark.sparkContext, model, data
        self._group = f"tuning {model.name} {uuid4().hex[:8]}"
        self._under_way: set[Future[Judged]] = set()

    def begin(self, settings: Mapping[str, Any], *, share: float) -> Future[Judged]:
        future: Future[Judged] = Future()
        asked = (dict(settings), share)

        def job() -> None:
            try:
                future.set_result(self._judged(asked))
            except Exception as exc:
                future.set_exception(exc)

        self._under_way.add(future)
        future.add_done_callback(self._under_way.discard)
        InheritableThread(target=job, daemon=True).start()
        return future

    def _judged(self, asked: tuple[dict[str, Any], float]) -> Judged:
        model, data = self._model, self._data
        self._context.setJobGroup(self._group, f"{model.name}: {asked[0]}", interruptOnCancel=True)
        one = self._context.parallelize([asked], 1)
        found = one.map(lambda each: judged_or_why(model, data.value, each[0], share=each[1])).collect()[0]
        if isinstance(found, str):
            raise TrialFailed(found)
        return found

    def own_settings(self) -> Mapping[str, Any]:
        """As ``rungs.own_settings``."""
        model, data = self._model, self._data
        return self._context.parallelize([None], 1).map(lambda _: own_settings(model, data.value)).collect()[0]

    def cancel(self) -> None:
        """Stop what is under way; returns when it has ended."""
        while left := list(self._under_way):  # again for a job that Spark did not have yet
            self._context.cancelJobGroup(self._group)
            wait(left, timeout=CANCEL_SECONDS)


def judged_or_why(
    model: type[Ranker], question: Question, settings: Mapping[str, Any], *, share: float
) -> Judged | str:
    """As ``judged``; what went wrong in a line, which Spark would repeat and print with all its stack."""
    try:
        return judged(model, question, settings, share=share)
    except Exception as exc:
        return f"{type(exc).__name__}: {exc}"
