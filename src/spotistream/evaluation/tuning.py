"""Time for tuning shared out over models and peers."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from spotistream.evaluation.held_out import HeldOut
from spotistream.evaluation.protocol import Protocol
from spotistream.models.ranking import Ranker
from spotistream.models.registry import MODELS
from spotistream.models.search import tuned_settings

SHARES: Mapping[str, float] = {
    "implicit_als": 5.0, "plain_ease": 2.0, "cosine": 1.0,
    "hybrid": 3.0, "als": 2.0, "ease": 2.0, "sparse_ease": 0.5, "cooccurrence": 0.5, "content": 0.5,
}  # fmt: skip
"""Of the time for tuning, relative; 1 for others. The peers, which are the first three, have about half of it."""

Settings = Mapping[str, Any]
Starts = Mapping[str, tuple[Settings, ...]]
Say = Callable[[str], None]


def best_starts(
    data: HeldOut, models: Sequence[type[Ranker]], starts: Starts, protocol: Protocol, *, say: Say
) -> dict[str, Settings]:
    """For each model the best of its starts on the validation part."""
    if not _can_tell(data, say):
        return {}
    return {
        model.name: _tuned(data, model, starts[model.name], protocol, seconds=float("inf"), further=False, say=say)
        for model in models
    }


def tuned(
    data: HeldOut, models: Sequence[type[Ranker]], starts: Starts, protocol: Protocol, *, seconds: float, say: Say
) -> dict[str, Settings]:
    """Settings of each model, tuned on the validation part within ``seconds`` for all of them.

    What one leaves over goes to those after it. A model made of others, whose settings are named ``part.setting``,
    comes last and starts from its parts as they were tuned; parts that were not are tuned first, in its time.
    """
    if not _can_tell(data, say):
        return {}
    chosen: dict[str, Settings] = {}
    left = seconds
    ordered = sorted(models, key=lambda model: bool(parts_of(model)))
    for at, model in enumerate(ordered):
        begun = time.monotonic()
        share = SHARES.get(model.name, 1.0) / sum(SHARES.get(one.name, 1.0) for one in ordered[at:])
        own = max(left, 0.0) * share
        say(f"{model.name}: {own:.0f} s for tuning, of {max(left, 0.0):.0f} s that are left")
        first = starts.get(model.name, ())
        missing = [part for part in parts_of(model) if part not in chosen]
        for part in missing:
            of_part = own / (len(missing) + 1)
            chosen[part] = _tuned(data, MODELS[part], (), protocol, seconds=of_part, further=True, say=say)
        if made := made_of(model, chosen):
            first = (*(first or ({},)), made)
        spent = time.monotonic() - begun
        chosen[model.name] = _tuned(data, model, first, protocol, seconds=own - spent, further=True, say=say)
        left -= time.monotonic() - begun
    return {model.name: chosen[model.name] for model in models}


def parts_of(model: type[Ranker]) -> list[str]:
    """The models it is made of, as its settings name them; none for most."""
    found = dict.fromkeys(name.partition(".")[0] for name in model.space if "." in name)
    return [part for part in found if part in MODELS]


def made_of(model: type[Ranker], chosen: Mapping[str, Settings]) -> Settings:
    """Its settings where its parts have those chosen for them alone."""
    named = {f"{part}.{name}": value for part in parts_of(model) for name, value in chosen[part].items()}
    return {name: value for name, value in named.items() if name in model.space}


def _tuned(
    data: HeldOut,
    model: type[Ranker],
    starts: tuple[Settings, ...],
    protocol: Protocol,
    *,
    seconds: float,
    further: bool,
    say: Say,
) -> Settings:
    assert data.valid is not None  # noqa: S101 - _can_tell has seen to it
    return tuned_settings(
        model,
        data.train,
        data.valid,
        seconds=seconds,
        seed=protocol.seed,
        k=protocol.k,
        say=say,
        starts=starts or ({},),
        further=further,
    )


def _can_tell(data: HeldOut, say: Say) -> bool:
    """Whether anything is held out to choose settings by."""
    if data.valid is not None and data.valid.nnz:
        return True
    say("too little training data to hold some out: every model has its defaults")
    return False
