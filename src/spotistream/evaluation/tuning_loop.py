"""Trials side by side until the time is over: each goes from rung to rung, and its place is never empty."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from optuna.trial import Trial

from spotistream.errors import InputError
from spotistream.evaluation.intervals import intervals, ratio_interval
from spotistream.evaluation.rungs import Judged
from spotistream.evaluation.study import DEFAULTS, START, Finished, Study, best_of

LOOK_SECONDS = 0.5
"""How often the clock and the wish to stop are looked at."""
MOST_FAILURES = 5
"""In a row, and nothing else: then more trials will not help."""

Numbers = NDArray[np.float64]
Show = Callable[[float, Study], None]
"""Called with the seconds since the beginning."""


class TrialFailed(Exception):
    """A worker could not fit; the message says why."""


class Judge(Protocol):
    """Fits and ranks somewhere else."""

    workers: int
    """How many trials at the same time."""

    def begin(self, settings: Mapping[str, Any], *, share: float) -> Future[Judged]: ...

    def own_settings(self) -> Mapping[str, Any]:
        """As ``rungs.own_settings``."""

    def cancel(self) -> None:
        """Stop what is under way; nobody will ask for it."""


class Benchmark(Protocol):
    """NDCG of each listener under the defaults, which others are compared with; kept between processes."""

    def load(self) -> Numbers | None: ...

    def save(self, values: Numbers) -> None: ...


@dataclass
class _UnderWay:
    trial: Trial
    rung: int


@dataclass
class Search:
    """``seconds``: no trial begins that would, by those before, end later; one under way then is left for the next
    call. The defaults alone have all the time they take. ``stopped``: says whether to end at once.
    """

    study: Study
    judge: Judge
    benchmark: Benchmark
    seconds: float
    seed: int
    stopped: Callable[[], bool]
    show: Show = field(default=lambda seconds, study: None)

    def run(self) -> None:
        """Try settings. Raises ``InputError`` where nothing but failures comes of it."""
        begun = time.monotonic()
        self._deadline = begun + self.seconds
        self._took: dict[int, float] = {}
        self._failures: list[str] = []
        self._under_way: dict[Future[Judged], _UnderWay] = {}
        try:
            while not self.stopped() and self._filled():
                done, _ = wait(self._under_way, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
                for future in done:
                    self._one_done(future, self._under_way.pop(future))
                self.show(time.monotonic() - begun, self.study)
                if time.monotonic() > self._deadline and not self._defaults_under_way():
                    break
        finally:
            self.judge.cancel()

    def _filled(self) -> bool:
        """Begin trials where there is a place and time; False where nothing is under way after that."""
        while len(self._under_way) < self.judge.workers and self._has_time_for(0):
            trial = self.study.next_trial()
            if trial is None:
                break
            self._begin(_UnderWay(trial, 0))
        return bool(self._under_way)

    def _begin(self, one: _UnderWay) -> None:
        share = self.study.rungs[one.rung] / self.study.rungs[-1]
        self._under_way[self.judge.begin(one.trial.params, share=share)] = one

    def _one_done(self, future: Future[Judged], one: _UnderWay) -> None:
        error = future.exception()
        if error is not None:
            self._failed(one.trial, error)
            return
        reached = future.result()
        self._failures.clear()
        self._took[one.rung] = reached.seconds
        if one.rung == len(self.study.rungs) - 1:
            self._complete(one.trial, reached)
        elif self.study.goes_on(one.trial, one.rung, reached):
            following = _UnderWay(one.trial, one.rung + 1)
            if _is_default(one.trial) or self._has_time_for(following.rung):
                self._begin(following)

    def _complete(self, trial: Trial, reached: Judged) -> None:
        if _is_default(trial):
            self.benchmark.save(reached.values)
        low, high = intervals(reached.values[:, None], seed=self.seed)[:, 0].tolist()
        self.study.finished(trial, reached, interval=(low, high), gain=self._gain(trial, reached.values))

    def _gain(self, trial: Trial, values: Numbers) -> tuple[float, float] | None:
        defaults = None if _is_default(trial) else self.benchmark.load()
        if defaults is None or len(defaults) != len(values):
            return None
        low, high = ratio_interval(values, defaults, seed=self.seed)
        return (low, high) if np.isfinite([low, high]).all() else None

    def _failed(self, trial: Trial, error: BaseException) -> None:
        lines = str(error).strip().splitlines() or [""]
        problem = (lines[0] if isinstance(error, TrialFailed) else f"{type(error).__name__}: {lines[0]}")[:300]
        self.study.failed(trial, problem)
        self._failures.append(problem)
        if len(self._failures) >= MOST_FAILURES or _is_default(trial):
            raise InputError(
                "tuning",
                f"the model cannot be fitted ({problem})",
                remedy="give the workers more memory, or fewer data",
            )

    def _has_time_for(self, rung: int) -> bool:
        """By what the rung took last; the first trial ever always begins."""
        known = self._took.get(rung)
        if known is None:
            return time.monotonic() < self._deadline or not (self._took or self._under_way)
        return time.monotonic() + known <= self._deadline

    def _defaults_under_way(self) -> bool:
        return any(_is_default(one.trial) for one in self._under_way.values())


def best_and_default(study: Study) -> tuple[Finished | None, Finished | None]:
    """The best trial, and that of the defaults."""
    trials = study.trials()
    return best_of(trials), next((one for one in trials if one.start == DEFAULTS and not one.pruned), None)


def _is_default(trial: Trial) -> bool:
    return trial.user_attrs.get(START) == DEFAULTS
