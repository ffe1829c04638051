"""The search for better settings of one model on one set of data, kept in a file: it goes on where it was left.

Optuna's tree-structured Parzen estimator (Bergstra and others, 2011) proposes settings; those being tried elsewhere
count as bad meanwhile, so that trials at the same time differ (the constant liar). Successive halving prunes: at each
rung the better third goes on (Li and others, 2020). Every step is in the file before the next begins. A trial that was
under way when a process ended, however it ended, is tried again by the next one.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import optuna
import sqlalchemy
from optuna.trial import FrozenTrial, Trial, TrialState

from spotistream.errors import ModelError
from spotistream.evaluation.rungs import FACTOR, Judged
from spotistream.models.search import AT_RANDOM, REPEATS, distribution, points
from spotistream.models.space import Space

START, REPEATED, INTERVAL, GAIN, SECONDS, PROBLEM = "start", "repeated", "interval", "gain", "seconds", "problem"
"""What is noted of a trial beside its settings and values."""
DEFAULTS, STORED, PARTS, PRESET = "defaults", "stored", "parts", "preset"
"""Where settings come from that are tried first."""

Settings = Mapping[str, Any]


@dataclass(frozen=True)
class Finished:
    """A trial that is over. ``value`` : NDCG on all listeners; where ``pruned``, on those of its last rung."""

    number: int
    settings: Settings
    value: float
    pruned: bool
    start: str | None
    interval: tuple[float, float] | None
    gain: tuple[float, float] | None
    """Interval of its NDCG over that of the defaults, of the same listeners."""
    seconds: float


def study_name(model: str, space: Space, *, data: str, rungs: Sequence[int]) -> str:
    """Trials are compared where all of this is the same.

    data : a fingerprint of what settings are tried on
    """
    told = json.dumps({name: str(where) for name, where in sorted(space.items())}) + str(tuple(rungs))
    return f"{model} {data} {hashlib.sha256(told.encode()).hexdigest()[:8]}"


class Study:
    """One process at a time. ``rungs``: as in ``rungs.rungs``; the last one is of all listeners."""

    def __init__(self, file: Path, name: str, space: Space, *, rungs: Sequence[int], seed: int) -> None:
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        file.parent.mkdir(parents=True, exist_ok=True)
        self.space, self.rungs = space, tuple(rungs)
        self._spread = {setting: distribution(where) for setting, where in space.items()}
        self._most = points(space)
        self._repeats = 0
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
                storage = optuna.storages.RDBStorage(
                    sqlalchemy.URL.create("sqlite", database=str(file)).render_as_string()
                )
                self._study = optuna.create_study(
                    storage=storage, study_name=name, load_if_exists=True, direction="maximize"
                )
                self.resumed = len(self._study.get_trials(deepcopy=False))
                self._study.sampler = optuna.samplers.TPESampler(
                    seed=seed + self.resumed, multivariate=True, n_startup_trials=AT_RANDOM, constant_liar=True
                )
        except (sqlalchemy.exc.SQLAlchemyError, RuntimeError, ValueError) as exc:
            first = str(exc).partition("\n")[0]
            raise ModelError(file, f"it holds no trials ({first})", remedy="remove the file and tune again") from exc
        self._study.pruner = optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=FACTOR)
        self._again()

    def _again(self) -> None:
        """Trials under way in a process that is gone are tried again, before anything new is."""
        for trial in self._study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
            self._study.tell(trial.number, state=TrialState.FAIL)
            settings = trial.params or trial.system_attrs.get("fixed_params", {})
            if settings.keys() == self.space.keys():
                start = trial.user_attrs.get(START)
                self._study.enqueue_trial(settings, user_attrs=None if start is None else {START: start})

    def begin_with(self, starts: Sequence[tuple[str, Settings]]) -> None:
        """Settings to be tried first, complete ones, each with where it comes from; what was tried stays as it is."""
        for start, settings in starts:
            self._study.enqueue_trial(dict(settings), user_attrs={START: start}, skip_if_exists=True)

    def knows_defaults(self) -> bool:
        """Whether the defaults were tried or wait for it."""
        return any(one.user_attrs.get(START) == DEFAULTS for one in self._study.get_trials(deepcopy=False))

    def next_trial(self) -> Trial | None:
        """Settings to try; None where there are no others, or the search only comes back to those it knows."""
        while True:
            known = self._known()
            waiting = self._study.get_trials(deepcopy=False, states=(TrialState.WAITING,))
            if not waiting and (len(known) >= self._most or self._repeats >= REPEATS):
                return None
            trial = self._study.ask(self._spread)
            before = known.get(_key(trial.params))
            if before is None:
                self._repeats = 0
                return trial
            self._repeats += 1
            trial.set_user_attr(REPEATED, True)
            if before.state is TrialState.COMPLETE:
                self._study.tell(trial, before.value)
            else:
                self._study.tell(trial, state=TrialState.FAIL)

    def _known(self) -> dict[tuple[tuple[str, Any], ...], FrozenTrial]:
        states = (TrialState.COMPLETE, TrialState.PRUNED, TrialState.RUNNING)
        found = self._study.get_trials(deepcopy=False, states=states)
        return {_key(one.params): one for one in found if REPEATED not in one.user_attrs}

    def goes_on(self, trial: Trial, rung: int, reached: Judged) -> bool:
        """Note what a rung but the last one said; False where the trial is pruned there. Starts never are."""
        trial.report(reached.ndcg, self.rungs[rung])
        pruned = trial.should_prune()  # also where the answer does not count: others are compared with this one
        if not pruned or trial.user_attrs.get(START) is not None:
            return True
        trial.set_user_attr(SECONDS, reached.seconds)
        self._study.tell(trial, state=TrialState.PRUNED)
        return False

    def finished(
        self, trial: Trial, reached: Judged, *, interval: tuple[float, float], gain: tuple[float, float] | None
    ) -> None:
        """Note what all listeners said."""
        notes = {INTERVAL: interval, GAIN: gain, SECONDS: reached.seconds, PROBLEM: reached.problem}
        for name, value in notes.items():
            if value is not None:
                trial.set_user_attr(name, value)
        trial.report(reached.ndcg, self.rungs[-1])
        self._study.tell(trial, reached.ndcg)

    def failed(self, trial: Trial, problem: str) -> None:
        """Note why nothing came of a trial."""
        trial.set_user_attr(PROBLEM, problem)
        self._study.tell(trial, state=TrialState.FAIL)

    def trials(self) -> list[Finished]:
        """Those that are over, in their order; settings that came again once."""
        found = self._study.get_trials(deepcopy=False, states=(TrialState.COMPLETE, TrialState.PRUNED))
        return [_finished(one) for one in found if REPEATED not in one.user_attrs]

    def problems(self) -> list[str]:
        """Why trials failed, in their order."""
        found = self._study.get_trials(deepcopy=False, states=(TrialState.FAIL,))
        return [one.user_attrs[PROBLEM] for one in found if PROBLEM in one.user_attrs]

    def importance(self) -> dict[str, float]:
        """How much of the differences in NDCG each setting is behind, shares of one: PED-ANOVA (Watanabe and others,
        2023); empty where too few trials were fitted on all listeners to tell, or all are equal."""
        complete = [one for one in self.trials() if not one.pruned]
        if len(complete) < AT_RANDOM or len({one.value for one in complete}) == 1 or len(self.space) < 2:
            return {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = optuna.importance.get_param_importances(self._study)
        return {name: float(share) for name, share in found.items()}


def best_of(trials: Sequence[Finished]) -> Finished | None:
    """The highest NDCG on all listeners; the first of equal ones."""
    return max((one for one in trials if not one.pruned), key=lambda one: (one.value, -one.number), default=None)


def _finished(trial: FrozenTrial) -> Finished:
    notes = trial.user_attrs
    pruned = trial.state is TrialState.PRUNED
    value = trial.intermediate_values[trial.last_step] if pruned and trial.last_step is not None else trial.value
    return Finished(
        number=trial.number,
        settings=dict(trial.params),
        value=float(value or 0.0),
        pruned=pruned,
        start=notes.get(START),
        interval=_pair(notes.get(INTERVAL)),
        gain=_pair(notes.get(GAIN)),
        seconds=float(notes.get(SECONDS, 0.0)),
    )


def _pair(bounds: Sequence[float] | None) -> tuple[float, float] | None:
    return None if bounds is None else (float(bounds[0]), float(bounds[1]))


def _key(settings: Settings) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(settings.items()))
