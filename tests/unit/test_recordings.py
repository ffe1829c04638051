"""A recording that several tracks hold is a neighbour once."""

from __future__ import annotations

import numpy as np
import pytest

from spotistream.models.recordings import one_of_each_recording


def at(cosine: float) -> list[float]:
    """A sound of this cosine with (1, 0)."""
    return [cosine, float(np.sqrt(1 - cosine**2))]


SOUNDS = np.array([[1, 0], at(0.9995), at(0.99), at(0.6), at(0.6), [0, 0], [0, 0]], dtype=np.float32)
ANYONE = np.arange(7)
SECONDS = np.full(7, 30_000.0, dtype=np.float32)


def neighbours_of_the_first(
    found: list[int], *, artists: np.ndarray = ANYONE, duration_ms: np.ndarray = SECONDS, n: int = 4
) -> list[int]:
    near = np.linspace(0.9, 0.1, len(found), dtype=np.float32)
    kept, nearness = one_of_each_recording(
        np.array([0]), np.array([found]), near[None], sounds=SOUNDS, artists=artists, duration_ms=duration_ms, n=n
    )
    assert kept.shape == nearness.shape == (1, n)
    place = dict(zip(found, near.tolist(), strict=True))
    assert nearness[0].tolist() == [place.get(row, 0.0) if row >= 0 else 0.0 for row in kept[0].tolist()]
    return kept[0].tolist()


def test_a_copy_of_the_track_itself_is_no_neighbour() -> None:
    assert neighbours_of_the_first([1, 2, 3]) == [2, 3, -1, -1]


def test_of_two_copies_the_nearer_stands_and_the_next_moves_up() -> None:
    assert neighbours_of_the_first([4, 2, 3, 5], n=3) == [4, 2, 5]


def test_tracks_of_one_artist_are_one_recording_sooner() -> None:
    assert neighbours_of_the_first([2, 3], artists=np.array([0, 1, 0, 3, 4, 5, 6])) == [3, -1, -1, -1]


@pytest.mark.parametrize("length", [31_001.0, 28_000.0, np.nan])
def test_another_length_or_none_is_another_recording(length: float) -> None:
    lengths = SECONDS.copy()
    lengths[1] = length
    assert neighbours_of_the_first([1, 2], duration_ms=lengths) == [1, 2, -1, -1]


def test_tracks_without_sound_are_recordings_of_their_own() -> None:
    assert neighbours_of_the_first([5, 6, 3]) == [5, 6, 3, -1]


def test_places_that_are_empty_are_closed_up() -> None:
    assert neighbours_of_the_first([-1, 3, -1, 2], n=2) == [3, 2]
