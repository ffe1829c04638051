"""Better settings for a model, by trying them on data held out of training."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from spotistream.models.interactions import Interactions
from spotistream.models.ranking import Ranker, mean_ndcg
from spotistream.models.space import Choice, Space, Span

MOST_LISTENERS = 5000
"""Whose lists are looked at in a trial: more tell little more and cost time."""
REPEATS = 50
"""Settings in a row that were tried before: then the search has seen what it is interested in."""
AT_RANDOM = 8
"""Trials before the search follows what it has seen."""


def tuned_settings(
    model: type[Ranker],
    train: Interactions,
    valid: csr_matrix,
    *,
    seconds: float,
    seed: int,
    k: int,
    say: Callable[[str], None],
    starts: Sequence[Mapping[str, Any]] = ({},),
    further: bool = True,
) -> Mapping[str, Any]:
    """The settings with the highest NDCG@k on ``valid`` among those tried within ``seconds``.

    valid : (m, n) sparse, listeners and items as in ``train``: stored entries were held out
    seconds : no trial begins that would, by those before, end later; the first start is tried where there is any time,
        and is the answer where there is none
    starts : tried first, in this order; ``{}`` is the model's defaults. What is not named has its default
    further : False to choose from the starts only

    Then by the tree-structured Parzen estimator of Optuna (Bergstra and others, 2011) over ``model.space``. The same
    seed tries the same settings, as far as the time allows.
    """
    if seconds <= 0:
        say(f"{model.name}: no time for tuning")
        return dict(starts[0])
    begun = time.monotonic()
    rows, wanted = _listeners(train, valid, seed=seed)
    histories = train.weights[rows]
    tried: list[tuple[float, Mapping[str, Any]]] = []
    took: list[float] = []

    def value_of(settings: Mapping[str, Any]) -> float:
        at = time.monotonic()
        try:
            value = mean_ndcg(model.fit(train, settings, seed=seed), histories, wanted, k=k)
        except (np.linalg.LinAlgError, FloatingPointError):  # settings under which nothing can be solved
            value = 0.0
        took.append(time.monotonic() - at)
        tried.append((value, dict(settings)))
        return value

    def another() -> bool:
        expected = sum(took[-3:]) / max(len(took[-3:]), 1)
        return not took or time.monotonic() - begun + expected <= seconds

    for start in starts:
        if another():
            value_of(start)
    if further and model.space and another():
        _searched(model, value_of, another, seed=seed, starts=starts, values=[value for value, _ in tried])
    best = max(range(len(tried)), key=lambda at: (tried[at][0], -at))
    value, chosen = tried[best]
    shown = ", ".join(f"{name} {short(setting)}" for name, setting in sorted(chosen.items())) or "its defaults"
    say(f"{model.name}: {len(tried)} settings tried in {time.monotonic() - begun:.1f} s; NDCG@{k} {value:.4f}: {shown}")
    return chosen


def _searched(
    model: type[Ranker],
    value_of: Callable[[Mapping[str, Any]], float],
    another: Callable[[], bool],
    *,
    seed: int,
    starts: Sequence[Mapping[str, Any]],
    values: Sequence[float],
) -> None:
    """Try settings of the model's space until there is no time for another, or all were tried."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    spread = {name: distribution(where) for name, where in model.space.items()}
    sampler = optuna.samplers.TPESampler(seed=seed, multivariate=True, n_startup_trials=AT_RANDOM)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    known: dict[tuple[tuple[str, Any], ...], float] = {}
    for start, value in zip(starts, values, strict=False):
        if set(start) == set(spread):
            known[tuple(sorted(start.items()))] = value
            if all(holds(model.space[name], setting) for name, setting in start.items()):
                study.add_trial(optuna.trial.create_trial(params=dict(start), distributions=spread, value=value))
    repeats, most = 0, points(model.space)
    while another() and len(known) < most and repeats < REPEATS:
        trial = study.ask(spread)
        key = tuple(sorted(trial.params.items()))
        repeats = repeats + 1 if key in known else 0
        if key not in known:
            known[key] = value_of(trial.params)
        study.tell(trial, known[key])


def _listeners(train: Interactions, valid: csr_matrix, *, seed: int) -> tuple[NDArray[np.int64], csr_matrix]:
    """Rows of the listeners who are looked at, and what was held out of them."""
    rows = np.flatnonzero((np.diff(valid.indptr) > 0) & (np.diff(train.weights.indptr) > 0))
    if len(rows) > MOST_LISTENERS:
        rows = np.sort(np.random.default_rng(seed).choice(rows, MOST_LISTENERS, replace=False))
    return rows, valid[rows]


def distribution(where: Choice | Span) -> Any:
    """The same range as Optuna says it."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if isinstance(where, Choice):
        return CategoricalDistribution(where.values)
    if where.whole:
        return IntDistribution(int(where.low), int(where.high), log=where.log)
    return FloatDistribution(where.low, where.high, log=where.log)


def holds(where: Choice | Span, setting: Any) -> bool:
    """Whether a value is one that tuning could find there."""
    if isinstance(where, Choice):
        return any(setting == value and isinstance(setting, bool) == isinstance(value, bool) for value in where.values)
    if isinstance(setting, bool) or not isinstance(setting, int if where.whole else int | float):
        return False
    return where.low <= setting <= where.high


def points(space: Space) -> float:
    """How many different settings there are."""
    return math.prod(len(where.values) if isinstance(where, Choice) else math.inf for where in space.values())


def short(setting: Any) -> str:
    """A setting for a person."""
    return f"{setting:.4g}" if isinstance(setting, float) else str(setting)
