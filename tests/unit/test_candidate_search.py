"""The quick search and the tables made with it, beside every item's score."""

from __future__ import annotations

import numpy as np
import pytest
from model_fixtures import served_model
from scipy.sparse import csr_matrix, random_array

from spotistream.models import candidate_search, tables_of_listeners
from spotistream.models.als import Als, FoldIn
from spotistream.models.contract import best
from spotistream.models.cooccurrence import Cooccurrence
from spotistream.models.ease import Ease
from spotistream.models.hybrid import Hybrid
from spotistream.models.links import Links, ListenerLinks, SparseLinks
from spotistream.models.popularity import Popularity
from spotistream.models.sound_likeness import SoundLikeness
from spotistream.models.tables_of_listeners import recommend
from spotistream.models.taste import Taste
from spotistream.models.weighting import Normalisation

N, LISTENERS, KEPT = 700, 23, 40
WEIGHTS = {"als": 0.6, "ease": 1.0, "cooccurrence": 0.2, "content": 0.3, "popularity": 0.05}


def sparse(rows: int, columns: int, share: float, seed: int) -> csr_matrix:
    found = random_array((rows, columns), density=share, rng=np.random.default_rng(seed), dtype=np.float32)
    return csr_matrix(found.tocsr())


def through_listeners() -> ListenerLinks:
    random = np.random.default_rng(5)
    seen, said = sparse(30, N, 0.1, 6), random.standard_normal((30, N), dtype=np.float32)
    own = np.asarray(seen.multiply(said).sum(axis=0), dtype=np.float32).ravel()
    return ListenerLinks(seen, said, before=np.ones(N, np.float32), after=np.full(N, 0.5, np.float32), own=own)


def hybrid(ease: Links | None = None) -> Hybrid:
    random = np.random.default_rng(1)
    scale = Normalisation("log", 0.3, 0.2, 1 + random.random(N, dtype=np.float32), unit=1.0, mean=1.0)
    sounds = random.standard_normal((N, 8), dtype=np.float32)
    sounds /= np.linalg.norm(sounds, axis=1, keepdims=True)
    factors = 1 + random.standard_normal((N, 12), dtype=np.float32)
    parts = {
        "als": Als(factors, FoldIn(8.0, 5.0, by_count=False), scale, np.zeros((8, 12), np.float32)),
        "ease": Ease(ease or SparseLinks(sparse(N, N, 0.05, 2)), scale),
        "cooccurrence": Cooccurrence(SparseLinks(sparse(N, N, 0.02, 3)), scale),
        "content": SoundLikeness(sounds, scale),
        "popularity": Popularity(random.random(N, dtype=np.float32)),
    }
    return Hybrid(parts, WEIGHTS)


def histories() -> csr_matrix:
    """One of nobody, and something turned down."""
    found = sparse(LISTENERS, N, 0.03, 4).tolil()
    found[3] = 0
    found[5, 7] = -1.0
    return csr_matrix(found.tocsr(), dtype=np.float32)


@pytest.fixture(params=["links", "through listeners"])
def model(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Hybrid:
    monkeypatch.setattr(candidate_search, "TILE", 128)  # so that these few items are several tiles, one of them short
    monkeypatch.setattr(candidate_search, "TILE_NUMBERS", 256)
    return hybrid(through_listeners() if request.param == "through listeners" else None)


def test_it_finds_the_items_with_the_highest_scores(model: Hybrid) -> None:
    heard = histories()
    allowed = np.arange(N) % 5 > 0
    search = candidate_search.CandidateSearch(model, allowed)
    found, _ = search.found(heard, left_out=heard, kept=KEPT)
    scores = model.scores(heard)
    scores[:, ~allowed] = -np.inf
    expected, _ = best(scores, n=KEPT, leave_out=heard)
    for row, items in enumerate(found):
        assert items.tolist() == sorted(expected[row].tolist())


def test_spreads_are_those_of_all_scores_and_contributions_sum_to_them(model: Hybrid) -> None:
    heard = histories()
    search = candidate_search.CandidateSearch(model, np.ones(N, dtype=bool))
    found, folded = search.found(heard, left_out=csr_matrix(heard.shape, dtype=bool), kept=KEPT)
    scores, spreads = model.scored(heard)
    for name, expected in model.shares(spreads).items():
        np.testing.assert_allclose(folded.shares[name], expected, rtol=1e-4, err_msg=name)
    for row, items in enumerate(found):
        popular = folded.shares["popularity"][row] * model.popularity.shares[items]
        total = folded.contributions(row, items).sum(axis=1) + popular
        np.testing.assert_allclose(total, scores[row, items], rtol=1e-3, atol=1e-4)


def test_of_equal_scores_the_first_items_are_found() -> None:
    flat = Hybrid(
        {"popularity": Popularity(np.repeat(np.float32([0.5, 1.0, 0.5]), [100, 3, 100]))}, {"popularity": 1.0}
    )
    search = candidate_search.CandidateSearch(flat, np.ones(203, dtype=bool))
    nobody = csr_matrix((1, 203), dtype=np.float32)
    (found,), _ = search.found(nobody, left_out=csr_matrix((1, 203), dtype=bool), kept=8)
    assert found.tolist() == [0, 1, 2, 3, 4, 100, 101, 102]


def test_fewer_are_found_where_fewer_may_be() -> None:
    search = candidate_search.CandidateSearch(hybrid(), np.arange(N) < 3)
    left_out = csr_matrix(([True], ([0], [1])), shape=(1, N))
    (found,), _ = search.found(histories()[:1], left_out=left_out, kept=KEPT)
    assert found.tolist() == [0, 2]


def test_a_table_is_the_same_alone_and_among_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables_of_listeners, "BLOCK_LISTENERS", 4)
    model = served_model(
        [f"t:{i:03}" for i in range(N)],
        factors=np.random.default_rng(1).standard_normal((N, 12)),
        sounds=np.random.default_rng(2).standard_normal((N, 8)),
        popularity=np.random.default_rng(3).random(N),
    )
    tastes = [
        Taste({f"t:{j:03}": 1.0 for j in range(i, N, 37)}, frozenset(), frozenset(), (f"t:{i:03}",)) for i in range(18)
    ]
    tastes.insert(4, Taste({}, frozenset(), frozenset(), ()))
    settings = {"top_n": 20, "max_per_artist": 2, "exclude_recent": 30}
    together = recommend(model, tastes, **settings)
    assert together == [recommend(model, [taste], **settings)[0] for taste in tastes]
    assert len({table[0].track_id for table in together}) > 5
