"""Places of tracks on a plane."""

from __future__ import annotations

import numpy as np
import pytest

from spotistream.models.plane import placed, plane

CAMPS = 4


def camps(count: int, *, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Directions around four centres, float32 (count, 16), and which centre each belongs to."""
    random = np.random.default_rng(seed)
    of = np.arange(count) % CAMPS
    centres = np.eye(16)[:CAMPS] * 4
    return (centres[of] + random.normal(size=(count, 16)) * 0.5).astype(np.float32), of


@pytest.mark.parametrize("count", [1, 2, 5, 11, 12, 13, 120])
def test_any_number_of_tracks_fills_the_square_and_no_more(count: int) -> None:
    points = plane(camps(count)[0], seed=7, jobs=1)
    assert points.shape == (count, 2)
    assert points.dtype == np.float32
    assert np.isfinite(points).all()
    assert np.abs(points).max() == (0 if count == 1 else pytest.approx(1))


def test_two_tracks_stand_opposite_each_other() -> None:
    points = plane(np.array([[1, 0], [0, 1]], dtype=np.float32), seed=7, jobs=1)
    assert sorted(np.round(points, 6).tolist()) == [[-1, 0], [1, 0]]


@pytest.mark.parametrize("vectors", [np.zeros((20, 3)), np.ones((20, 3)), np.zeros((0, 3)), np.ones((3, 1))])
def test_tracks_that_sound_all_the_same_are_in_the_middle(vectors: np.ndarray) -> None:
    assert plane(vectors, seed=7, jobs=1).tolist() == [[0, 0]] * len(vectors)


def test_tracks_that_sound_alike_are_near_each_other() -> None:
    vectors, of = camps(120)
    points = plane(vectors, seed=7, jobs=1)
    distances = np.linalg.norm(points[:, None] - points[None], axis=2) + 9 * np.eye(len(points))
    assert (of[distances.argmin(axis=1)] == of).mean() > 0.95


def test_the_length_of_a_vector_does_not_matter() -> None:
    vectors, _ = camps(40)
    lengths = np.exp2(np.arange(40) % 5)[:, None].astype(np.float32)
    assert plane(vectors, seed=7, jobs=1).tolist() == plane(vectors * lengths, seed=7, jobs=1).tolist()


def test_the_same_vectors_give_the_same_map() -> None:
    vectors, _ = camps(1_200)
    assert plane(vectors, seed=7, jobs=1).tolist() == plane(vectors, seed=7, jobs=1).tolist()


def test_a_new_track_with_a_known_sound_gets_its_place() -> None:
    among = np.array([[1, 0], [0, 1], [1, 1]], dtype=np.float32)
    points = np.array([[-1, 0.5], [1, 0], [0, -1]], dtype=np.float32)
    assert placed(np.array([[0, 3]], dtype=np.float32), among=among, points=points).tolist() == [[1, 0]]


def test_a_new_track_half_way_between_two_is_placed_half_way() -> None:
    among = np.array([[1, 0], [0, 1]], dtype=np.float32)
    points = np.array([[-1, 0], [1, 0.5]], dtype=np.float32)
    found = placed(np.array([[1, 1]], dtype=np.float32), among=among, points=points)
    assert found == pytest.approx(np.array([[0, 0.25]]), abs=1e-6)


def test_new_tracks_are_placed_among_their_own() -> None:
    vectors, of = camps(200)
    points = plane(vectors[:160], seed=7, jobs=1)
    found = placed(vectors[160:], among=vectors[:160], points=points)
    nearest = np.linalg.norm(found[:, None] - points[None], axis=2).argmin(axis=1)
    assert (of[nearest] == of[160:]).mean() > 0.95
    assert placed(vectors[:0], among=vectors, points=points).shape == (0, 2)
