"""The peers are what was published: their scores against the formula, on data small enough to work it out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from spotistream.evaluation.contest import COSINE_STARTS, Asked, entrants, results
from spotistream.evaluation.held_out import HeldOut, with_validation
from spotistream.evaluation.library_als import LibraryAls
from spotistream.evaluation.peer import Scale
from spotistream.evaluation.plain_ease import PlainEase
from spotistream.evaluation.protocol import Protocol
from spotistream.models.interactions import Interactions
from spotistream.models.ranking import mean_ndcg


def plays(listeners: int, items: int) -> Interactions:
    drawn = np.random.default_rng(0)
    weights = np.where(drawn.random((listeners, items)) < 0.3, drawn.integers(1, 9, (listeners, items)), 0)
    return Interactions(
        np.array([f"u{n:02}" for n in range(listeners)]), np.array([f"i{n:02}" for n in range(items)]),
        csr_matrix(weights, dtype=np.float32), np.zeros((items, 0), dtype=np.float32), np.arange(items),
    )  # fmt: skip


@pytest.mark.parametrize(("listeners", "items"), [(30, 12), (12, 30)], ids=["more listeners", "more items"])
def test_ease_scores_as_its_closed_form_says(listeners: int, items: int) -> None:
    data = plays(listeners, items)
    x = (data.weights.toarray() > 0).astype(np.float64)
    inverse = np.linalg.inv(x.T @ x + 2.5 * np.eye(items))
    links = -inverse / np.diag(inverse)
    np.fill_diagonal(links, 0)
    model = PlainEase.fit(data, {"regularisation": 2.5, "weighting": "binary"})
    assert model.size == items
    assert model.scores(data.weights) == pytest.approx(x @ links, abs=1e-4)


def test_als_folds_a_listener_in_by_the_librarys_own_solution() -> None:
    data = plays(30, 12)
    settings = {"factors": 4, "alpha": 3.0, "regularisation": 0.5, "weighting": "binary"}
    model = LibraryAls.fit(data, settings, seed=1)
    y = model.library.item_factors.astype(np.float64)
    row = data.weights[3]
    confidence = np.zeros(12)
    confidence[row.indices] = 3.0 - 1  # the library's confidence of a play is alpha * weight, of anything else 1
    left = y.T @ y + y.T @ (confidence[:, None] * y) + 0.5 * np.eye(4)
    right = y.T @ np.where(confidence > 0, 3.0, 0.0)
    assert model.scores(row)[0] == pytest.approx(y @ np.linalg.solve(left, right), abs=1e-4)


def test_the_same_seed_gives_the_same_als() -> None:
    data = plays(30, 12)
    one, two = (LibraryAls.fit(data, {"factors": 4}, seed=7).scores(data.weights) for _ in range(2))
    assert one == pytest.approx(two, abs=1e-5)


def test_log_weights_have_the_mean_one_in_training_and_keep_that_scale() -> None:
    scale = Scale(csr_matrix(np.array([[1.0, 3.0]])), "log")
    mean = (np.log(2) + np.log(4)) / 2
    assert scale(csr_matrix(np.array([[0.0, 7.0]]))).toarray().tolist()[0] == [0.0, pytest.approx(np.log(8) / mean)]


def test_every_start_of_a_peer_is_a_point_of_its_documented_grid() -> None:
    for entrant in entrants(("peers",), sounds=False):
        for start in entrant.starts:
            assert set(start) == set(entrant.model.space)
    for peer in (LibraryAls, PlainEase):
        for start in peer.starts:
            assert all(value in peer.space[name].values for name, value in start.items())  # type: ignore[union-attr]


def held_out() -> HeldOut:
    source = plays(40, 20)
    entries = source.weights.tocoo()
    test = np.random.default_rng(1).random(entries.nnz) < 0.2
    parts = [
        csr_matrix((entries.data[part], (entries.row[part], entries.col[part])), shape=entries.shape)
        for part in (~test, test)
    ]
    return HeldOut(source.with_weights(parts[0]), parts[1])


def test_peers_are_chosen_from_their_starts_on_validation_data_and_fitted_on_all_of_training() -> None:
    data = held_out()
    said: list[str] = []
    asked = Asked(("plain_ease", "popularity"), Protocol(k=5))
    found = results(data, lambda: with_validation(data, None, seed=1), asked, say=said.append)
    assert found["plain_ease"]["settings"] in [dict(start) for start in PlainEase.starts]
    assert found["popularity"]["settings"] == {}
    assert any(line.startswith("plain_ease: 3 settings tried") for line in said)
    again = PlainEase.fit(data.train, found["plain_ease"]["settings"])
    assert found["plain_ease"]["ndcg@5"] == pytest.approx(mean_ndcg(again, data.train.weights, data.test, k=5))


def test_what_was_found_before_takes_the_place_of_our_defaults_and_of_no_peers() -> None:
    data = held_out()
    before = {"popularity_exponent": 0.25, "neighbours": 100, "shrinkage": 1.0, "weighting": "root"}
    known = {"cooccurrence": before, "cosine": {"neighbours": 50, "shrinkage": 0.2, "weighting": "root"}}
    asked = Asked(("cooccurrence", "cosine"), Protocol(k=5), known=known)
    found = results(data, lambda: with_validation(data, None, seed=1), asked, say=lambda line: None)
    assert found["cooccurrence"]["settings"] == before
    assert found["cosine"]["settings"] in COSINE_STARTS
    tuned = replace(asked, names=("cooccurrence",), minutes=1e-9)
    found = results(data, lambda: with_validation(data, None, seed=1), tuned, say=lambda line: None)
    assert found["cooccurrence"]["settings"] in (before, {}), "where there is no time to try others"
