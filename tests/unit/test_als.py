"""Folding a listener in, and tracks nobody played."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from spotistream.models.als import Als, FoldIn
from spotistream.models.interactions import Interactions
from spotistream.models.weighting import Normalisation

N = 12


@pytest.mark.parametrize("by_count", [False, True])
def test_folding_in_solves_the_normal_equations(by_count: bool) -> None:
    factors = np.random.default_rng(3).normal(size=(N, 4)).astype(np.float32)
    scale = Normalisation("binary", 0.0, 0.0, np.ones(N, dtype=np.float32), 1.0, 0.5)
    model = Als(factors, FoldIn(20.0, 0.1, by_count=by_count), scale, np.zeros((0, 4), dtype=np.float32))
    history = csr_matrix((np.array([1.0, 1.0, -1.0], np.float32), ([0, 0, 0], [1, 4, 7])), shape=(1, N))
    confidence = np.ones(N)
    confidence[[1, 4, 7]] += 20 * 2.0
    wanted = np.zeros(N)
    wanted[[1, 4]] = 1
    wide = factors.astype(np.float64)
    left = wide.T @ (confidence[:, None] * wide) + 0.1 * (2 if by_count else 1) * np.eye(4)
    expected = np.linalg.solve(left, wide.T @ (confidence * wanted))
    assert model.vectors(history)[0] == pytest.approx(expected, rel=1e-6)


def test_a_track_nobody_played_is_placed_by_its_sound_among_those_that_sound_alike() -> None:
    """Two camps of listeners; sound tells the camps of tracks apart; the last track of each camp is hidden."""
    random = np.random.default_rng(1)
    camp = np.arange(40) % 2
    sounds = np.eye(2, 8)[camp] + 0.4 * random.normal(size=(40, 8))
    sounds /= np.linalg.norm(sounds, axis=1, keepdims=True)
    weights = np.zeros((80, 40), dtype=np.float32)
    for listener in range(80):
        own = np.flatnonzero(camp[:38] == listener % 2)
        weights[listener, random.choice(own, 8, replace=False)] = 1
    data = Interactions(
        np.array([f"u{i:02}" for i in range(80)]), np.array([f"t{i:02}" for i in range(40)]), csr_matrix(weights),
        sounds.astype(np.float32), np.arange(40),
    )  # fmt: skip
    scores = Als.fit(data, {"factors": 4, "regularisation": 1.0}, seed=1).scores(data.weights)
    right = [scores[i, 38 + i % 2] > scores[i, 39 - i % 2] for i in range(80)]
    assert np.mean(right) > 0.95
