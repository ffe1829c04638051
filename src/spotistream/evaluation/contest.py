"""Models and their peers on the same data: settings chosen on validation data, then fitted anew and evaluated."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from spotistream.errors import InputError
from spotistream.evaluation.held_out import HeldOut
from spotistream.evaluation.intervals import ratio_interval
from spotistream.evaluation.library_als import LibraryAls
from spotistream.evaluation.plain_ease import PlainEase
from spotistream.evaluation.protocol import Outcome, Protocol, evaluate, figures
from spotistream.evaluation.sampled import NOTE
from spotistream.evaluation.tuning import best_starts, tuned
from spotistream.models.cosine import ItemCosine
from spotistream.models.popularity import Popularity
from spotistream.models.ranking import Ranker
from spotistream.models.registry import MODELS

NEEDS_SOUNDS = ("content",)
"""Models that learn from audio features alone."""
COSINE_STARTS: tuple[Mapping[str, Any], ...] = (
    {"neighbours": 500, "shrinkage": 1.0, "weighting": "log"},
    {"neighbours": 200, "shrinkage": 1.0, "weighting": "binary"},
    {"neighbours": 200, "shrinkage": 10.0, "weighting": "log"},
)
ALL, PEERS = "all", "peers"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """Which models are compared and how.

    names : of models and peers, or of the groups ``all`` and ``peers``
    minutes : for tuning all of them; without, models have their defaults, peers the best of their starts
    known : settings found before, by the name of a model of ours: it has them in place of its defaults
    """

    names: tuple[str, ...] = (ALL,)
    protocol: Protocol = field(default_factory=Protocol)
    minutes: float | None = None
    known: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Entrant:
    """``starts``: settings to choose from where there is no time to look further; empty for a model's defaults."""

    model: type[Ranker]
    is_peer: bool
    starts: tuple[Mapping[str, Any], ...] = ()

    @property
    def name(self) -> str:
        return self.model.name


def entrants(names: Sequence[str], *, sounds: bool) -> list[Entrant]:
    """Models of ours and peers by name; ``all`` and ``peers`` are groups. Raises ``InputError`` for another name."""
    peers = {
        peer.name: peer
        for peer in (
            Entrant(Popularity, True),
            Entrant(ItemCosine, True, COSINE_STARTS),
            Entrant(LibraryAls, True, LibraryAls.starts),
            Entrant(PlainEase, True, PlainEase.starts),
        )
    }
    everyone = peers | {name: Entrant(model, False) for name, model in MODELS.items() if name not in peers}
    chosen: list[str] = []
    for name in names:
        if name not in everyone and name not in (ALL, PEERS):
            known = ", ".join((ALL, PEERS, *sorted(everyone)))
            raise InputError(f"--model {name}", "is not a model", remedy=f"known are: {known}")
        chosen += everyone if name == ALL else peers if name == PEERS else [name]
    if not sounds and any(name in NEEDS_SOUNDS and names.count(name) for name in chosen):
        raise InputError("--model content", "learns from sound, which the files do not have", remedy="name another")
    return [everyone[name] for name in dict.fromkeys(chosen) if sounds or name not in NEEDS_SOUNDS]


def results(data: HeldOut, tuning: Callable[[], HeldOut], asked: Asked, *, say: Say) -> dict[str, dict[str, Any]]:
    """Figures by the name of the model, models of ours with their ratio to the best peer.

    tuning : the data with a validation part; asked for where settings are chosen
    """
    taking_part = entrants(asked.names, sounds=bool(data.train.sounds.size))
    protocol = asked.protocol
    m, n = data.train.weights.shape
    say(f"{m:,} users, {n:,} items, {data.everything_but_test.weights.nnz:,} to learn from, {data.test.nnz:,} held out")
    if protocol.sampled_negatives:
        say(f"sampled negatives: {NOTE}")
    known = {one.name: asked.known[one.name] for one in taking_part if not one.is_peer and asked.known.get(one.name)}
    settings: dict[str, Mapping[str, Any]] = dict(known)
    chosen_from = {one.name: one.starts for one in taking_part} | {name: (found, {}) for name, found in known.items()}
    models = [one.model for one in taking_part]
    if asked.minutes is not None:
        with_space = [model for model in models if model.space]
        settings = tuned(tuning(), with_space, chosen_from, protocol, seconds=asked.minutes * 60, say=say)
    elif with_starts := [one.model for one in taking_part if one.starts]:
        settings |= best_starts(tuning(), with_starts, chosen_from, protocol, say=say)
    learned = data.everything_but_test
    outcomes: dict[str, Outcome] = {}
    shown: dict[str, dict[str, Any]] = {}
    for entrant in taking_part:
        begun = time.monotonic()
        model = entrant.model.fit(learned, settings.get(entrant.name), seed=protocol.seed)
        fitted = time.monotonic()
        outcomes[entrant.name] = evaluate(model, learned.weights, data.test, protocol)
        seconds = {"fit_seconds": round(fitted - begun, 3), "evaluate_seconds": round(time.monotonic() - fitted, 3)}
        shown[entrant.name] = {
            **figures(outcomes[entrant.name], protocol),
            "settings": dict(settings.get(entrant.name) or {}),
            **seconds,
            "peer": entrant.is_peer,
        }
        ndcg = shown[entrant.name][f"ndcg@{protocol.k}"]
        say(f"{entrant.name}: fitted in {fitted - begun:.1f} s; NDCG@{protocol.k} {ndcg:.4f}")
    for name, ratio in _ratios(outcomes, taking_part, protocol):
        shown[name] |= ratio
    return shown


def _ratios(
    outcomes: Mapping[str, Outcome], taking_part: Sequence[Entrant], protocol: Protocol
) -> Iterator[tuple[str, dict[str, Any]]]:
    """For each model of ours: NDCG over that of the peer with the highest, with a paired interval."""
    name = f"ndcg@{protocol.k}"
    peers = [one.name for one in taking_part if one.is_peer]
    if not peers:
        return
    best = max(peers, key=lambda peer: float(outcomes[peer].values[name].mean()))
    below = outcomes[best].values[name]
    for entrant in taking_part:
        if not entrant.is_peer and below.any():
            above = outcomes[entrant.name].values[name]
            low, high = ratio_interval(above, below, seed=protocol.seed)
            yield (
                entrant.name,
                {
                    "best_peer": best,
                    f"{name}_over_best_peer": float(above.mean() / below.mean()),
                    f"{name}_over_best_peer_interval": [low, high] if np.isfinite([low, high]).all() else None,
                },
            )
