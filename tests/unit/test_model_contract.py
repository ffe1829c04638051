"""Every recommender of the registry does what the contract says, on camps of listeners whose taste is obvious."""

from __future__ import annotations

import io

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from spotistream.models.contract import NOTHING, Recommender
from spotistream.models.interactions import Interactions
from spotistream.models.popularity import Popularity
from spotistream.models.registry import MODELS

LISTENERS, ITEMS, UNHEARD = 60, 24, 23
SMALL = {
    "als": {"factors": 2, "alpha": 10.0, "regularisation": 0.1},
    "hybrid": {"als.factors": 2, "als.alpha": 10.0, "als.regularisation": 0.1},
}
PERSONAL = [name for name in MODELS if name != "popularity"]


def camp(number: int) -> int:
    return number % 2


def plays() -> csr_matrix:
    """Even listeners play even items, odd ones odd items, each leaves some of theirs out; nobody plays the last."""
    random = np.random.default_rng(3)
    weights = np.zeros((LISTENERS, ITEMS), dtype=np.float32)
    for listener in range(LISTENERS):
        own = [item for item in range(UNHEARD) if camp(item) == camp(listener)]
        for item in random.choice(own, 7, replace=False):
            weights[listener, item] = 1 + random.integers(3)
    return csr_matrix(weights)


@pytest.fixture(scope="module")
def data() -> Interactions:
    random = np.random.default_rng(4)
    sounds = np.eye(2, 6, dtype=np.float32)[np.arange(ITEMS) % 2] + 0.3 * random.random((ITEMS, 6), dtype=np.float32)
    sounds /= np.linalg.norm(sounds, axis=1, keepdims=True)
    weights = plays()
    return Interactions(
        users=np.array([f"u{i:02}" for i in range(LISTENERS)]),
        items=np.array([f"t{i:02}" for i in range(ITEMS)]),
        weights=weights,
        sounds=sounds.astype(np.float32),
        artists=np.arange(ITEMS),
        sittings=weights,
    )


@pytest.fixture(scope="module")
def fitted(data: Interactions) -> dict[str, Recommender]:
    return {name: model.fit(data, SMALL.get(name), seed=7) for name, model in MODELS.items()}


def history(*items: int, weight: float = 1.0) -> csr_matrix:
    columns = sorted(items)
    return csr_matrix((np.full(len(items), weight, np.float32), (np.zeros(len(items), int), columns)), (1, ITEMS))


@pytest.mark.parametrize("name", MODELS)
def test_what_was_heard_is_not_offered(fitted: dict[str, Recommender], data: Interactions, name: str) -> None:
    found, scores = fitted[name].recommend(data.weights, n=10)
    assert found.shape == scores.shape == (LISTENERS, 10)
    for listener, row in enumerate(found):
        assert not set(row[row != NOTHING]) & set(data.weights[listener].indices)
        assert len(set(row[row != NOTHING])) == int((row != NOTHING).sum())


@pytest.mark.parametrize("name", MODELS)
def test_the_best_come_first(fitted: dict[str, Recommender], data: Interactions, name: str) -> None:
    _, scores = fitted[name].recommend(data.weights[:5], n=8)
    assert (np.diff(scores, axis=1) <= 0).all()


@pytest.mark.parametrize("name", PERSONAL)
def test_one_play_is_enough_to_be_offered_the_own_camp(fitted: dict[str, Recommender], name: str) -> None:
    for first in (4, 7):
        found, _ = fitted[name].recommend(history(first), n=5)
        assert [camp(item) for item in found[0]] == [camp(first)] * 5


@pytest.mark.parametrize("name", MODELS)
def test_someone_of_whom_nothing_is_known_gets_numbers(fitted: dict[str, Recommender], name: str) -> None:
    nobody = csr_matrix((1, ITEMS), dtype=np.float32)
    scores = fitted[name].scores(nobody)
    assert scores.shape == (1, ITEMS)
    assert np.isfinite(scores).all()


@pytest.mark.parametrize("name", ["popularity", "hybrid"])
def test_someone_of_whom_nothing_is_known_gets_the_popular(
    fitted: dict[str, Recommender], data: Interactions, name: str
) -> None:
    nobody = csr_matrix((1, ITEMS), dtype=np.float32)
    found, _ = fitted[name].recommend(nobody, n=3)
    expected, _ = Popularity.fit(data).recommend(nobody, n=3)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("name", PERSONAL)
def test_a_listener_scores_the_same_alone_and_among_others(
    fitted: dict[str, Recommender], data: Interactions, name: str
) -> None:
    together = fitted[name].scores(data.weights)
    np.testing.assert_allclose(fitted[name].scores(data.weights[17]), together[17:18], rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", PERSONAL)
def test_contributions_sum_to_what_the_history_does(
    fitted: dict[str, Recommender], data: Interactions, name: str
) -> None:
    model, items = fitted[name], np.arange(ITEMS)
    heard = data.weights[8]
    parts = model.contributions(heard, items)
    assert parts.shape == (ITEMS, heard.nnz)
    others = np.setdiff1d(items, heard.indices)
    rest = model.scores(heard)[0, others] - parts[others].sum(axis=1)
    if name == "hybrid":
        popularity = model.parts["popularity"]
        scores = popularity.scores(heard)
        rest = rest - model.weights["popularity"] * scores[0, others] / scores.std()
    np.testing.assert_allclose(rest, 0.0, atol=1e-3)


@pytest.mark.parametrize("name", PERSONAL)
def test_similar_items_are_of_the_same_camp(fitted: dict[str, Recommender], name: str) -> None:
    found, nearness = fitted[name].similar(np.array([4, 7]), n=4)
    assert found.shape == nearness.shape == (2, 4)
    assert [[camp(item) for item in row] for row in found] == [[0] * 4, [1] * 4]
    assert 4 not in found[0]
    assert (np.diff(nearness, axis=1) <= 1e-6).all()


@pytest.mark.parametrize("name", MODELS)
def test_what_was_saved_scores_the_same(fitted: dict[str, Recommender], data: Interactions, name: str) -> None:
    file = io.BytesIO()
    np.savez(file, **fitted[name].arrays())
    file.seek(0)
    with np.load(file, allow_pickle=False) as stored:
        again = MODELS[name].from_arrays({key: stored[key] for key in stored.files})
    assert again.size == ITEMS
    np.testing.assert_array_equal(again.scores(data.weights), fitted[name].scores(data.weights))


@pytest.mark.parametrize("name", MODELS)
def test_a_missing_array_is_named(fitted: dict[str, Recommender], name: str) -> None:
    arrays = fitted[name].arrays()
    gone = next(key for key in arrays if not key.startswith("weight/"))
    del arrays[gone]
    with pytest.raises(KeyError):
        MODELS[name].from_arrays(arrays)


@pytest.mark.parametrize("name", MODELS)
def test_the_same_data_and_seed_give_the_same_model(
    fitted: dict[str, Recommender], data: Interactions, name: str
) -> None:
    again = MODELS[name].fit(data, SMALL.get(name), seed=7)
    np.testing.assert_allclose(again.scores(data.weights), fitted[name].scores(data.weights), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", MODELS)
def test_items_that_come_and_go_leave_the_others_where_they_were(
    fitted: dict[str, Recommender], data: Interactions, name: str
) -> None:
    """Item 0 goes, one comes at the front, the rest move by none."""
    origin = np.arange(ITEMS)
    origin[0] = -1
    changed = fitted[name].with_items(origin, data.sounds)
    heard = history(4, 6)
    before, after = fitted[name].scores(heard)[0], changed.scores(heard)[0]
    if name not in ("als", "hybrid"):  # whose scores are relative to all items
        np.testing.assert_allclose(after[1:], before[1:], rtol=1e-4, atol=1e-5)
    assert np.corrcoef(after[1:], before[1:])[0, 1] > 0.99


@pytest.mark.parametrize("name", ["als", "content", "hybrid"])
def test_a_track_nobody_played_is_found_by_its_sound(fitted: dict[str, Recommender], name: str) -> None:
    odd, even = fitted[name].scores(history(7, 9))[0, UNHEARD], fitted[name].scores(history(4, 6))[0, UNHEARD]
    assert odd > even


@pytest.mark.parametrize("name", PERSONAL)
def test_what_was_turned_down_counts_against_its_like(fitted: dict[str, Recommender], name: str) -> None:
    liked = history(4, 7)
    turned = liked.copy()
    turned.data = np.array([1.0, -1.0], dtype=np.float32)
    offered, _ = fitted[name].recommend(turned, n=5)
    assert [camp(item) for item in offered[0]] == [0] * 5
