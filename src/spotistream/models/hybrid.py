"""The hybrid: what several recommenders say, weighed by what proved right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from spotistream.models.als import Als
from spotistream.models.blend import CUTOFF, MOST_LISTENERS, blend_weights, candidates, hidden_part, spread
from spotistream.models.contract import Folded, Recommender
from spotistream.models.cooccurrence import Cooccurrence
from spotistream.models.ease import Ease
from spotistream.models.interactions import Floats, Interactions
from spotistream.models.popularity import Popularity
from spotistream.models.ranking import mean_ndcg
from spotistream.models.sound_likeness import SoundLikeness
from spotistream.models.space import Space

PARTS: dict[str, type[Recommender]] = {part.name: part for part in (Ease, Als, Cooccurrence, SoundLikeness, Popularity)}
START: Mapping[str, float] = {"ease": 1.0, "als": 0.6, "cooccurrence": 0.0, "content": 0.1, "popularity": 0.02}
"""Weights before anything is learned."""
LEAST = 0.01
"""A part that counts less is left out of the score."""
HIDDEN_SHARE = 0.2
STARTS: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "ease": (
        {},
        {"listener_exponent": 0.2, "item_exponent": 0.2, "frequency_exponent": 0.0, "regularisation": 200.0},
        {
            "listener_exponent": 0.05, "item_exponent": 0.1, "frequency_exponent": 0.3, "regularisation": 400.0,
            "weighting": "binary",
        },
    ),
    "als": (
        {},
        {"alpha": 20.0, "regularisation": 60.0, "listener_exponent": 0.4, "item_exponent": 0.2, "weighting": "log"},
        {"factors": 256, "alpha": 20.0, "regularisation": 70.0, "listener_exponent": 0.0, "item_exponent": 0.0},
        {"factors": 64, "alpha": 20.0, "regularisation": 120.0, "listener_exponent": 0.4, "item_exponent": 0.4},
        {"factors": 256, "regularisation": 45.0},
    ),
}  # fmt: skip
"""Settings to begin with, found on artists played, artists tagged and words used (HetRec): what suits one does not suit
all, and which of these does shows at once. Tuning goes on from there."""
MOST_FOR_START = 500_000
"""Pairs of listener and item on which that is decided."""
FEWEST_LISTENERS = 5
"""With fewer nothing is learned from what listeners have in common, where ``min_listeners`` does not say otherwise."""


class Hybrid(Recommender):
    """Each part's scores over their spread for the listener, summed with weights that were learned.

    A fifth of every listener's items is hidden and the parts are fitted on the rest, with the settings of STARTS that
    rank the hidden items best. Then the weights are chosen by the NDCG at 20 of the blend, and the parts are fitted on
    everything. A sum of parts that are sums over what a listener played is one, too: every score can say which played
    item it comes from.

    parts : by name; weights : of each, the largest 1; settings : of the parts, as ``ease.regularisation``
    """

    name: ClassVar[str] = "hybrid"
    space: ClassVar[Space] = {
        f"{name}.{setting}": where for name in ("ease", "als") for setting, where in PARTS[name].space.items()
    }

    def __init__(
        self,
        parts: Mapping[str, Recommender],
        weights: Mapping[str, float],
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.parts, self.weights, self.settings = dict(parts), dict(weights), dict(settings or {})

    @property
    def size(self) -> int:
        return next(iter(self.parts.values())).size

    @classmethod
    def fit(cls, data: Interactions, settings: Mapping[str, Any] | None = None, *, seed: int = 0) -> Self:
        """Settings are those of the parts, as ``ease.regularisation``.

        Two are its own: ``weights``, a mapping, which are then not learned, and ``min_listeners``.
        """
        chosen = dict(settings or {})
        given = chosen.pop("weights", None)
        names = useful_parts(data, min_listeners=chosen.pop("min_listeners", FEWEST_LISTENERS))
        if given is None:
            weights, found = learned_blend(data, names, chosen, seed=seed)
        else:
            weights, found = dict(given), chosen
        parts = {name: PARTS[name].fit(data, of_part(found, name), seed=seed) for name in names if name in weights}
        return cls(parts, weights, found)

    @property
    def popularity(self) -> Popularity:
        """The part that every hybrid has."""
        part = self.parts[Popularity.name]
        assert isinstance(part, Popularity)  # noqa: S101 - by name
        return part

    def scores(self, histories: csr_matrix) -> Floats:
        return self.scored(histories)[0]

    def scored(self, histories: csr_matrix) -> tuple[Floats, dict[str, Floats]]:
        """The scores (b, n), and of each part the spread (b, 1) by which its own were divided."""
        total = np.zeros((histories.shape[0], self.size), dtype=np.float32)
        spreads = {}
        for name, part in self.parts.items():
            found = part.scores(histories)
            spreads[name] = spread(found)
            found *= np.float32(self.weights[name]) / spreads[name]
            total += found
        return total, spreads

    def folded(self, histories: csr_matrix) -> FoldedHybrid:
        parts = {name: part.folded(histories) for name, part in self.parts.items()}
        return FoldedHybrid(parts, self.shares(self.scored(histories)[1]))

    def shares(self, spreads: Mapping[str, NDArray[np.floating]]) -> dict[str, NDArray[np.float64]]:
        """By what the scores of each part count, listener by listener: (b,)."""
        return {name: self.weights[name] / np.asarray(found, np.float64).ravel() for name, found in spreads.items()}

    def similar(self, items: NDArray[np.int64], *, n: int) -> tuple[NDArray[np.int64], Floats]:
        return self.parts[max(self.parts, key=self.weights.__getitem__)].similar(items, n=n)

    def with_items(self, origin: NDArray[np.int64], sounds: Floats) -> Self:
        parts = {name: part.with_items(origin, sounds) for name, part in self.parts.items()}
        return type(self)(parts, self.weights, self.settings)

    def arrays(self) -> dict[str, NDArray[Any]]:
        found = {f"{name}/{key}": array for name, part in self.parts.items() for key, array in part.arrays().items()}
        return {**found, **{f"weight/{name}": np.array(self.weights[name]) for name in self.parts}}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        weights = {key.removeprefix("weight/"): float(a) for key, a in arrays.items() if key.startswith("weight/")}
        parts = {}
        for name in weights:
            own = {key.removeprefix(f"{name}/"): a for key, a in arrays.items() if key.startswith(f"{name}/")}
            parts[name] = PARTS[name].from_arrays(own)
        return cls(parts, weights)


class FoldedHybrid(Folded):
    """parts : by name; shares : of each part (b,), its weight over its spread"""

    def __init__(self, parts: Mapping[str, Folded], shares: Mapping[str, NDArray[np.float64]]) -> None:
        self.parts, self.shares = parts, shares

    def contributions(self, row: int, items: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.sum(list(self.by_part(row, items).values()), axis=0)

    def by_part(self, row: int, items: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
        """The contributions that come from each part."""
        return {name: self.shares[name][row] * part.contributions(row, items) for name, part in self.parts.items()}


def useful_parts(data: Interactions, *, min_listeners: int) -> list[str]:
    """Names of the parts that these data can teach."""
    without = set()
    if not data.sounds.any():
        without.add(SoundLikeness.name)
    if data.sittings is None:
        without.add(Cooccurrence.name)
    if len(data.users) < min_listeners:
        without |= {Ease.name, Als.name, Cooccurrence.name}
    return [name for name in PARTS if name not in without]


def learned_blend(
    data: Interactions, names: list[str], settings: Mapping[str, Any], *, seed: int
) -> tuple[dict[str, float], dict[str, Any]]:
    """Weights of the parts, the largest 1, and their settings; parts that count for next to nothing are left out."""
    found = dict(settings)
    if not {Ease.name, Als.name} & set(names):
        return {name: START[name] for name in names}, found
    shown, hidden = hidden_part(data, share=HIDDEN_SHARE, seed=seed)
    parts = []
    for name in names:
        starts = [of_part(settings, name)] if of_part(settings, name) else STARTS.get(name, ({},))
        part, chosen = best_start(PARTS[name], starts, shown, hidden, seed=seed)
        parts.append(part)
        found |= {f"{name}.{setting}": value for setting, value in chosen.items()}
    blend = blend_weights(candidates(parts, shown.weights, hidden, seed=seed), [START[name] for name in names])
    return with_needed(dict(zip(names, blend.tolist(), strict=True))), found


def best_start(
    model: type[Recommender],
    starts: Sequence[Mapping[str, Any]],
    shown: Interactions,
    hidden: csr_matrix,
    *,
    seed: int,
) -> tuple[Recommender, Mapping[str, Any]]:
    """The model with the settings that rank the hidden items best, fitted on what was shown.

    Of many listeners a part decides: the settings that suit the data show on that.
    """
    if len(starts) > 1 and shown.weights.nnz > MOST_FOR_START:
        rows = np.random.default_rng(seed).permutation(len(shown.users))
        rows = np.sort(rows[: max(1, int(len(rows) * MOST_FOR_START / shown.weights.nnz))])
        part = replace(shown, users=shown.users[rows], weights=shown.weights[rows], sittings=None)
        _, chosen = best_start(model, starts, part, hidden[rows], seed=seed)
        return model.fit(shown, chosen, seed=seed), chosen
    judges = np.flatnonzero(np.diff(hidden.indptr))[:MOST_LISTENERS]
    fitted = [model.fit(shown, start, seed=seed) for start in starts]
    if len(starts) == 1 or not len(judges):
        return fitted[0], starts[0]
    reached = [mean_ndcg(one, shown.weights[judges], hidden[judges], k=CUTOFF) for one in fitted]
    best = max(range(len(starts)), key=lambda at: (reached[at], -at))
    return fitted[best], starts[best]


def with_needed(weights: Mapping[str, float]) -> dict[str, float]:
    """Without the parts that count for next to nothing, but for those that someone needs.

    Popularity is for listeners of whom nothing is known, sound for tracks that nobody has played yet.
    """
    needed = {Popularity.name, SoundLikeness.name}
    found = {name: max(weight, LEAST) if name in needed else weight for name, weight in weights.items()}
    return {name: weight for name, weight in found.items() if weight >= LEAST}


def of_part(settings: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The settings of one part."""
    return {key.removeprefix(f"{name}."): value for key, value in settings.items() if key.startswith(f"{name}.")}
