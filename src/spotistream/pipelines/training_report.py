"""How good a model that was just trained is, on the listeners that were held out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from spotistream.evaluation.model_report import model_report, ndcg_of_listeners
from spotistream.models.cosine import ItemCosine
from spotistream.models.gate import LEAST_LISTENERS
from spotistream.models.hybrid import Hybrid
from spotistream.models.interactions import Interactions
from spotistream.models.report import ModelReport
from spotistream.models.served import ServedModel

LEARNING_SHARES = (0.25, 0.5)
MOST_FOR_CURVE = 2_000_000
"""With more pairs of listener and track the learning curve is left out: it trains the model again for each share."""


@dataclass(frozen=True)
class Trained:
    """held : listeners none of whom the hybrid learned from, ``shown`` of their plays and ``hidden`` of them (u, n).

    learned_from : the training data, where they were on the driver
    """

    hybrid: Hybrid
    held: Interactions
    shown: csr_matrix
    hidden: csr_matrix
    listeners: int
    solver: str
    learned_from: Interactions | None


def report_of(model: ServedModel, trained: Trained, *, seed: int) -> ModelReport | None:
    """How the model ranks for the listeners held out; None where there are too few of them."""
    if len(trained.held.users) < LEAST_LISTENERS:
        return None
    data = trained.learned_from
    if data is None:
        return model_report(model.hybrid, trained.shown, trained.hidden, trained.held, seed=seed)
    known = {**model.hybrid.settings, "weights": model.hybrid.weights}
    curve = []
    if data.weights.nnz <= MOST_FOR_CURVE:
        for share in LEARNING_SHARES:
            part = Hybrid.fit(_some(data, share, seed=seed), known, seed=seed)
            curve.append((share, float(np.nanmean(ndcg_of_listeners(part, trained.shown, trained.hidden)))))
        whole = ndcg_of_listeners(model.hybrid, trained.shown, trained.hidden)
        curve.append((1.0, float(np.nanmean(whole))))
    peers = {"popularity": model.hybrid.popularity, ItemCosine.name: ItemCosine.fit(data)}
    return model_report(model.hybrid, trained.shown, trained.hidden, data, peers=peers, learning_curve=curve, seed=seed)


def _some(data: Interactions, share: float, *, seed: int) -> Interactions:
    kept = np.sort(np.random.default_rng(seed).permutation(len(data.users))[: max(1, int(share * len(data.users)))])
    return Interactions(data.users[kept], data.items, data.weights[kept], data.sounds, data.artists, data.sittings)
