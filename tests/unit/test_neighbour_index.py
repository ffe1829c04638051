"""The approximate index finds nearly all of what the exact search finds."""

from __future__ import annotations

import numpy as np
import pytest

from spotistream.models.contract import NOTHING
from spotistream.models.neighbour_index import Graph, nearest_at_scale
from spotistream.models.neighbours import nearest

TRACKS = 20_000


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    """Clusters of about a hundred tracks: 64 numbers, of length one, the first directions wider than the last."""
    rng = np.random.default_rng(1)
    width = np.arange(1, 65) ** -0.5
    centres = rng.normal(size=(TRACKS // 100, 64)) * width
    tightness = rng.uniform(0.3, 1, size=(len(centres), 1))
    of = rng.integers(len(centres), size=TRACKS)
    found = (centres[of] + rng.normal(size=(TRACKS, 64)) * width * tightness[of]).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def graph(vectors: np.ndarray) -> Graph:
    return Graph(vectors, candidates=offered(), threads=1)


def offered() -> np.ndarray:
    return np.arange(TRACKS) % 4 > 0


def test_at_least_95_of_100_of_the_twenty_nearest_are_found(vectors: np.ndarray, graph: Graph) -> None:
    rows = np.arange(0, TRACKS, 41)
    exact, cosines = nearest(vectors, n=20, candidates=offered(), rows=rows)
    found, near = graph.nearest(rows, n=20)
    hits = [len(set(mine) & set(wanted)) for mine, wanted in zip(found.tolist(), exact.tolist(), strict=True)]
    assert np.mean(hits) / 20 >= 0.95
    assert offered()[found].all()
    assert (found != rows[:, None]).all()
    assert (np.diff(near, axis=1) <= 0).all()
    whole = np.array(hits) == 20
    assert whole.any()
    assert near[whole] == pytest.approx(cosines[whole], abs=1e-6)


def test_the_same_vectors_give_the_same_answer(vectors: np.ndarray, graph: Graph) -> None:
    rows = np.arange(300)
    again = Graph(vectors, candidates=offered(), threads=1).nearest(rows, n=10)
    first = graph.nearest(rows, n=10)
    assert [part.tolist() for part in again] == [part.tolist() for part in first]


def test_zeros_are_similar_to_nothing_and_few_candidates_leave_places_empty() -> None:
    vectors = np.array([[0, 0], [1, 0], [0.6, 0.8], [-1, 0]], dtype=np.float32)
    found, cosines = Graph(vectors, threads=1).nearest(n=5)
    assert found.tolist() == [[NOTHING] * 5, [2, *[NOTHING] * 4], [1, *[NOTHING] * 4], [NOTHING] * 5]
    assert cosines[:, 0] == pytest.approx([0, 0.6, 0.6, 0])
    assert (Graph(vectors[:1], threads=1).nearest(n=2)[0] == NOTHING).all()
    assert (Graph(np.zeros((3, 0), dtype=np.float32)).nearest(n=2)[0] == NOTHING).all()


def test_thousands_of_copies_of_one_sound_are_still_neighbours() -> None:
    copies = np.tile(np.array([[0.6, 0.8]], dtype=np.float32), (5_000, 1))
    found, cosines = Graph(copies, threads=1).nearest(np.arange(50), n=20)
    assert (found != NOTHING).all()
    assert cosines == pytest.approx(1.0)


def test_an_exact_answer_is_given_up_only_beyond_the_size_that_is_set(
    vectors: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[int] = []

    class Counted(Graph):
        def __init__(self, some: np.ndarray, **arguments: object) -> None:
            built.append(len(some))
            super().__init__(some, **arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("spotistream.models.neighbour_index.Graph", Counted)
    some = vectors[:500]
    exact = nearest(some, n=5)[0].tolist()
    assert nearest_at_scale(some, n=5, exact_tracks=500)[0].tolist() == exact
    assert nearest_at_scale(some, n=5, exact_tracks=100, rows=np.arange(20))[0].tolist() == exact[:20]
    assert built == []
    nearest_at_scale(some, n=5, exact_tracks=499)
    assert built == [500]
