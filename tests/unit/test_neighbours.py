"""The exact nearest rows: as a full sort of all cosines has them."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from spotistream.models.contract import NOTHING
from spotistream.models.neighbours import nearest


def unit(rng: np.random.Generator, rows: int, width: int) -> np.ndarray:
    vectors = rng.normal(size=(rows, width)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def coarse(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Rows of length one with four halves among zeros: their cosines are quarters, exact in any order of adding."""
    vectors = np.zeros((rows, 8), dtype=np.float32)
    for row in vectors:
        row[rng.choice(8, 4, replace=False)] = rng.choice([-0.5, 0.5], 4)
    return vectors


def sorted_in_full(vectors: np.ndarray, candidates: np.ndarray, rows: np.ndarray, n: int) -> tuple[list, list]:
    found, cosines = [], []
    for i in rows.tolist():
        row = vectors.astype(np.float64) @ vectors[i].astype(np.float64)
        order = [j for j in np.lexsort((np.arange(len(row)), -row)).tolist() if j != i and candidates[j] and row[j] > 0]
        found.append((order + [NOTHING] * n)[:n])
        cosines.append(([row[j] for j in order] + [0.0] * n)[:n])
    return found, cosines


@pytest.mark.parametrize("n", [1, 5, 40, 300])
def test_the_nearest_are_those_of_a_full_sort_and_ties_go_to_the_first_row(n: int) -> None:
    rng = np.random.default_rng(5)
    vectors = coarse(rng, 257)
    allowed = np.arange(257) % 3 > 0
    rows = np.array([256, 0, 3, 3, 100])
    found, cosines = nearest(vectors, n=n, candidates=allowed, rows=rows, queries=2, offered=16)
    wanted, values = sorted_in_full(vectors, allowed, rows, n)
    assert found.tolist() == wanted
    assert cosines.tolist() == values


@pytest.mark.parametrize(("queries", "offered"), [(1, 1), (7, 10), (64, 64), (1000, 1000)])
def test_the_answer_does_not_depend_on_the_blocks(queries: int, offered: int) -> None:
    vectors = unit(np.random.default_rng(6), 200, 6)
    found, cosines = nearest(vectors, n=9, queries=queries, offered=offered)
    wanted, values = sorted_in_full(vectors, np.ones(200, dtype=bool), np.arange(200), 9)
    assert found.tolist() == wanted
    assert cosines == pytest.approx(np.array(values), abs=1e-6)


def test_copies_of_a_row_in_other_blocks_are_found_in_their_order() -> None:
    rng = np.random.default_rng(7)
    vectors = unit(rng, 5_000, 64)
    copies = np.sort(rng.choice(5_000, 40, replace=False))
    vectors[copies] = vectors[copies[0]]
    found, _ = nearest(vectors, n=10, rows=copies[:3])
    assert found.tolist() == [np.delete(copies, i)[:10].tolist() for i in range(3)]


def test_scores_that_only_grow_from_row_to_row_are_all_taken_up() -> None:
    angles = np.linspace(1.5, 0.1, 600)
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    vectors[0] = [1, 0]
    assert nearest(vectors, n=3, rows=np.array([0]), offered=8)[0].tolist() == [[599, 598, 597]]


def test_zeros_are_similar_to_nothing_and_nothing_to_them() -> None:
    vectors = np.array([[0, 0], [1, 0], [0.6, 0.8], [-1, 0]], dtype=np.float32)
    found, cosines = nearest(vectors, n=2)
    assert found.tolist() == [[-1, -1], [2, -1], [1, -1], [-1, -1]]
    assert cosines == pytest.approx(np.array([[0, 0], [0.6, 0], [0.6, 0], [0, 0]]))


@pytest.mark.parametrize(
    ("vectors", "arguments", "shape"),
    [
        (np.zeros((0, 4)), {}, (0, 3)),
        (np.zeros((5, 0)), {}, (5, 3)),
        (np.ones((5, 1)), {"candidates": np.zeros(5, dtype=bool)}, (5, 3)),
        (np.ones((5, 1)), {"rows": np.zeros(0, dtype=np.int64)}, (0, 3)),
    ],
)
def test_of_nothing_there_are_no_neighbours(vectors: np.ndarray, arguments: dict, shape: tuple[int, int]) -> None:
    found, cosines = nearest(vectors.astype(np.float32), n=3, **arguments)
    assert (found.shape, cosines.shape) == (shape, shape)
    assert (found == NOTHING).all()
    assert not cosines.any()


def test_memory_beside_the_answer_does_not_grow_with_the_vectors() -> None:
    vectors = unit(np.random.default_rng(8), 40_000, 4)  # all scores at once would be 6.4 GB
    rows = np.arange(2_000)
    tracemalloc.start()
    nearest(vectors, n=20, rows=rows)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64e6
