"""Genre from features: the average of several of MLlib's multilayer perceptrons that look at the table differently.

One net of a thousand rows varies a good deal with its random start. Nets of different starts and views err in
different places, so the mean of their probabilities errs less (Hansen and Salamon, 1990).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pyspark.sql import SparkSession

from spotistream.models.feature_views import FittedView, View, fitted_view
from spotistream.models.perceptron import Net, initial_weights, trained_net, training_frame

Doubles = NDArray[np.float64]
Classes = NDArray[np.int64]
Given = TypeVar("Given")
Made = TypeVar("Made")

SMALLEST_SHARE = 1e-6
AT_ONCE = 2
"""Nets trained at the same time: most of a small net's time is the start of Spark's jobs, not arithmetic."""


@dataclass(frozen=True)
class Member:
    """A net of the committee: what it sees, the width of its hidden layer, its iterations of l-bfgs, its voice.

    weight : of its probabilities; those of a committee sum to 1
    """

    view: View
    hidden: int
    iterations: int
    weight: float = 1.0


@dataclass(frozen=True)
class Settings:
    """members : of the committee
    tilt : 0: the most probable genre; above, probabilities are divided by ``share of the genre ** tilt``, which gives
        rare genres a chance (logit adjustment, Menon and others, 2021)
    """

    members: tuple[Member, ...]
    tilt: float = 0.0


@dataclass(frozen=True, eq=False)
class GenreClassifier:
    """genres : k names, in the order of probabilities; shares : (k,) of the training rows
    committee : each net with what it sees and the weight of its answer
    """

    genres: tuple[str, ...]
    shares: Doubles
    tilt: float
    committee: tuple[tuple[FittedView, Net, float], ...] = field(repr=False)

    def probabilities(self, values: Doubles) -> Doubles:
        """Of each genre for rows (n, d), NaN where a value is missing: (n, k), rows sum to 1."""
        voices = [weight * net.probabilities(view.seen(values)) for view, net, weight in self.committee]
        mean: Doubles = np.sum(voices, axis=0)
        return tilted(mean, self.shares, self.tilt)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All of it, for saving; ``from_arrays`` is the inverse."""
        arrays: dict[str, NDArray[Any]] = {
            "genres": np.array(self.genres, dtype=np.str_), "shares": self.shares, "tilt": np.array(self.tilt)
        }  # fmt: skip
        for i, (view, net, weight) in enumerate(self.committee):
            arrays |= {f"{i}/view/{name}": values for name, values in view.arrays.items()}
            arrays |= {f"{i}/nearness": np.array(view.nearness), f"{i}/weight": np.array(weight)}
            arrays[f"{i}/layers"], arrays[f"{i}/weights"] = np.array(net.layers), net.weights
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> GenreClassifier:
        """The classifier whose ``arrays()`` these are. Raises ``KeyError`` where one is missing."""
        committee = []
        for i in range(sum(name.endswith("/weights") for name in arrays)):
            start = f"{i}/view/"
            view = {name.removeprefix(start): values for name, values in arrays.items() if name.startswith(start)}
            net = Net(tuple(int(width) for width in arrays[f"{i}/layers"]), arrays[f"{i}/weights"])
            fitted = FittedView(float(arrays[f"{i}/nearness"]), view)
            committee.append((fitted, net, float(arrays[f"{i}/weight"])))
        return cls(tuple(arrays["genres"].tolist()), arrays["shares"], float(arrays["tilt"]), tuple(committee))


def tilted(probabilities: Doubles, shares: Doubles, tilt: float) -> Doubles:
    """Probabilities (n, k) divided by ``shares ** tilt`` (k,), rows summing to 1 again."""
    weighed = probabilities / shares.clip(SMALLEST_SHARE) ** tilt
    normed: Doubles = weighed / weighed.sum(axis=1, keepdims=True)
    return normed


def fitted_classifier(
    spark: SparkSession,
    values: Doubles,
    classes: Classes,
    genres: Sequence[str],
    settings: Settings,
    *,
    seed: int,
    at_once: int = AT_ONCE,
) -> GenreClassifier:
    """Train on rows (n, d) of classes (n,), numbers into ``genres``."""

    def voice(task: tuple[int, Member]) -> tuple[FittedView, Net, float]:
        number, member = task
        view, nets = grown(
            spark, values, classes, len(genres), member, checkpoints=(member.iterations,), seed=seed * 1000 + number
        )
        return view, nets[0], member.weight

    committee = tuple(side_by_side(voice, enumerate(settings.members), at_once=at_once))
    shares = np.bincount(classes, minlength=len(genres)) / len(classes)
    return GenreClassifier(tuple(genres), shares, settings.tilt, committee)


def grown(
    spark: SparkSession,
    values: Doubles,
    classes: Classes,
    k: int,
    member: Member,
    *,
    checkpoints: Sequence[int],
    seed: int,
) -> tuple[FittedView, list[Net]]:
    """A net as it is after each number of iterations in ``checkpoints``, growing; each goes on from the one before."""
    view = fitted_view(member.view, values, seed=seed)
    seen = view.seen(values)
    layers = (seen.shape[1], member.hidden, k)
    weights, done, nets = initial_weights(layers, seed=seed), 0, []
    frame = training_frame(spark, seen, classes)
    try:
        for checkpoint in checkpoints:
            nets.append(trained_net(frame, layers=layers, iterations=checkpoint - done, start=weights))
            weights, done = nets[-1].weights, checkpoint
    finally:
        frame.unpersist()
    return view, nets


def side_by_side(make: Callable[[Given], Made], items: Iterable[Given], *, at_once: int) -> list[Made]:
    """``make`` of each item, in order, several at a time."""
    with ThreadPoolExecutor(max_workers=at_once) as pool:
        return list(pool.map(make, items))
