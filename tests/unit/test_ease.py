"""Item-to-item regression, solved in three ways."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from spotistream.models import ease
from spotistream.models.ease import Ease, SparseEase
from spotistream.models.interactions import Interactions
from spotistream.models.links import ListenerLinks, SparseLinks

PLAIN = {"weighting": "binary", "listener_exponent": 0.0, "item_exponent": 0.0, "frequency_exponent": 0.0}


def data(listeners: int, items: int, *, seed: int = 2) -> Interactions:
    random = np.random.default_rng(seed)
    rows, columns = np.nonzero(random.random((listeners, items)) < 0.3)
    weights = 1.0 + random.integers(0, 9, len(rows))
    users = [f"u{row:03}" for row in rows]
    return Interactions.of_pairs(
        users, [f"t{c:03}" for c in columns], weights, catalogue=[f"t{i:03}" for i in range(items)]
    )


def test_with_plain_weights_it_is_the_formula_of_the_paper() -> None:
    plays = data(40, 12)
    x = plays.weights.sign().toarray().astype(np.float64)
    inverse = np.linalg.inv(x.T @ x + 5.0 * np.eye(12))
    expected = np.eye(12) - inverse / np.diag(inverse)
    model = Ease.fit(plays, {**PLAIN, "regularisation": 5.0})
    np.testing.assert_allclose(model.scores(plays.weights), x @ expected, atol=1e-4)


@pytest.mark.parametrize(
    "settings", [PLAIN, {"listener_exponent": 0.5, "item_exponent": 0.3, "frequency_exponent": 0.4}]
)
def test_solved_among_listeners_or_items_it_is_the_same(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, object]
) -> None:
    plays = data(15, 30)
    by_listeners = Ease.fit(plays, {**settings, "regularisation": 3.0})
    monkeypatch.setattr(ease, "MOST_ENTRIES", 0)
    by_items = Ease.fit(plays, {**settings, "regularisation": 3.0})
    assert isinstance(by_listeners.links, ListenerLinks)
    assert isinstance(by_items.links, SparseLinks)
    history = csr_matrix(plays.weights[3:9])
    np.testing.assert_allclose(by_listeners.scores(history), by_items.scores(history), atol=1e-3)
    rows, columns = np.array([2, 7]), np.array([7, 1, 2])
    np.testing.assert_allclose(by_listeners.links.block(rows, columns), by_items.links.block(rows, columns), atol=1e-3)


def test_with_all_items_as_neighbours_the_sparse_one_is_the_same() -> None:
    plays = data(60, 20)
    settings = {"regularisation": 3.0, "neighbours": 100}
    whole, sparse = Ease.fit(plays, settings), SparseEase.fit(plays, settings)
    np.testing.assert_allclose(sparse.scores(plays.weights), whole.scores(plays.weights), atol=1e-3)


def test_of_few_neighbours_each_item_has_no_more() -> None:
    model = SparseEase.fit(data(60, 20), {"neighbours": 4})
    assert isinstance(model.links, SparseLinks)
    assert np.diff(model.links.matrix.tocsc().indptr).max() <= 4


def test_too_many_listeners_and_items_are_solved_by_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ease, "MOST_SOLVED", 10)
    model = Ease.fit(data(30, 20), {"neighbours": 3})
    assert isinstance(model.links, SparseLinks)
    assert np.diff(model.links.matrix.tocsc().indptr).max() <= 3
