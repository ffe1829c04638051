"""What was measured of a model, as its manifest keeps it and its card shows it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

METRICS = (
    "ndcg", "recall", "precision", "map", "mrr", "hit_rate", "coverage", "novelty", "diversity", "popular_share",
)  # fmt: skip
"""In the order of tables."""


@dataclass(frozen=True)
class Figure:
    """A mean over listeners and its 95 % interval; None where it has no meaning, or no interval."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Slice:
    """One group of listeners or of items. ``listeners``: how many have a part in it."""

    group: str
    listeners: int
    ndcg: Figure
    recall: Figure


@dataclass(frozen=True)
class Confusion:
    """How often a track of genre i was taken for genre j: ``counts[i][j]``."""

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


ByK = Mapping[str, Mapping[int, Figure]]
"""metric -> length of the list -> figure"""


@dataclass(frozen=True)
class ModelReport:
    """Measured on ``listeners`` held-out listeners, over a catalogue of ``tracks``; ``k``: the length that is told.

    slices : grouping (``history``, ``item_popularity``, ``cold_items``) -> its groups, at ``k``
    peers : other models on the same listeners, by name
    learning_curve : share of the training listeners in (0, 1] and the NDCG@k it gave
    """

    model: str
    listeners: int
    tracks: int
    k: int
    by_k: ByK
    slices: Mapping[str, Sequence[Slice]] = field(default_factory=dict)
    peers: Mapping[str, ByK] = field(default_factory=dict)
    learning_curve: Sequence[tuple[float, float]] = ()
    confusion: Confusion | None = None

    @property
    def metrics(self) -> dict[str, float | list[float] | None]:
        """The figures at ``k`` as ``spotistream evaluate`` names them: ``ndcg@20``, ``ndcg@20_interval``."""
        flat: dict[str, float | list[float] | None] = {}
        for metric, found in self.by_k.items():
            figure = found[self.k]
            flat[f"{metric}@{self.k}"] = figure.value
            if figure.low is not None and figure.high is not None:
                flat[f"{metric}@{self.k}_interval"] = [figure.low, figure.high]
        return flat

    def as_json(self) -> dict[str, Any]:
        """For ``manifest["report"]``; ``from_json`` is its inverse. What is no number becomes null."""
        return _plain(asdict(self))

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> ModelReport:
        """The inverse of ``as_json``. Raises ``KeyError``, ``TypeError`` or ``ValueError`` for anything else."""
        confusion = stored.get("confusion")
        return cls(
            model=str(stored["model"]),
            listeners=int(stored["listeners"]),
            tracks=int(stored["tracks"]),
            k=int(stored["k"]),
            by_k=_by_k(stored["by_k"]),
            slices={
                grouping: tuple(
                    Slice(str(one["group"]), int(one["listeners"]), Figure(**one["ndcg"]), Figure(**one["recall"]))
                    for one in groups
                )
                for grouping, groups in stored.get("slices", {}).items()
            },
            peers={name: _by_k(found) for name, found in stored.get("peers", {}).items()},
            learning_curve=tuple((float(share), float(ndcg)) for share, ndcg in stored.get("learning_curve", ())),
            confusion=None if confusion is None else Confusion(
                tuple(str(label) for label in confusion["labels"]),
                tuple(tuple(int(count) for count in row) for row in confusion["counts"]),
            ),
        )  # fmt: skip


def _by_k(stored: Mapping[str, Any]) -> ByK:
    return {metric: {int(k): Figure(**figure) for k, figure in found.items()} for metric, found in stored.items()}


def _plain(value: Any) -> Any:
    """The same with text as keys, lists for tuples, and null for what JSON has no number for."""
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
