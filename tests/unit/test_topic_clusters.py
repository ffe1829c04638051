"""How many topics there are, and where."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import silhouette_samples

from spotistream.models.content import unit_rows
from spotistream.models.topic_centres import Centres, TopicCentres
from spotistream.models.topic_clusters import (
    Floats,
    clustered,
    nearest_centres,
    numbers_to_try,
    silhouettes,
)


def camps(kinds: int, count: int, *, noise: float = 0.3, seed: int = 0) -> tuple[Floats, np.ndarray]:
    """Directions around some centres, float32 (count, 16), and which centre each belongs to."""
    random = np.random.default_rng(seed)
    of = np.arange(count) % kinds
    return unit_rows(random.normal(size=(kinds, 16))[of] + noise * random.normal(size=(count, 16))), of


@pytest.mark.parametrize(("kinds", "count"), [(3, 60), (5, 200), (6, 120), (10, 400), (20, 2_400)])
def test_as_many_topics_as_there_are_kinds_of_music(kinds: int, count: int) -> None:
    vectors, of = camps(kinds, count)
    found = clustered(vectors, numbers_to_try(count), seed=7)
    assert len(found.centres) == kinds
    nearest, _ = nearest_centres(vectors, found.centres)
    assert len({(kind, topic) for kind, topic in zip(of.tolist(), nearest.tolist(), strict=True)}) == kinds


@pytest.mark.parametrize(
    ("tracks", "least", "most"), [(0, 1, 1), (15, 1, 1), (16, 2, 2), (240, 4, 18), (1_000_000, 10, 42)]
)
def test_the_range_grows_with_the_logarithm_of_the_catalogue(tracks: int, least: int, most: int) -> None:
    tried = numbers_to_try(tracks)
    assert (tried[0], tried[-1]) == (least, most)


def test_the_silhouette_is_that_of_all_pairs_of_tracks() -> None:
    vectors, of = camps(4, 50, noise=1.0)
    expected = silhouette_samples(vectors.astype(np.float64), of, metric="cosine")
    assert silhouettes(vectors, of) == pytest.approx(expected, abs=1e-6)


def test_a_track_alone_in_its_topic_has_a_silhouette_of_zero() -> None:
    vectors = np.eye(3, dtype=np.float32)[[0, 0, 1]]
    assert silhouettes(vectors, np.array([0, 0, 1])).tolist() == [1, 1, 0]


def test_the_same_sounds_give_the_same_topics() -> None:
    vectors, _ = camps(5, 100, noise=0.9)
    first, again = (clustered(vectors, range(2, 9), seed=7) for _ in range(2))
    assert np.array_equal(first.centres, again.centres)


def test_tracks_that_sound_all_the_same_are_one_topic() -> None:
    found = clustered(np.tile(np.eye(4, dtype=np.float32)[0], (10, 1)), numbers_to_try(10), seed=7)
    assert (found.centres.tolist(), found.silhouette) == ([[1, 0, 0, 0]], 0)


def test_a_few_odd_tracks_are_no_coherent_topic_though_they_stand_apart() -> None:
    whole, _ = camps(1, 40, noise=0.5)
    odd = unit_rows(np.tile(-whole[:1], (2, 1)))
    found = clustered(np.vstack([whole, odd]), range(2, 3), seed=7)
    assert found.silhouette > 0.8
    assert found.smallest == 2
    assert not found.is_coherent


def test_topics_stay_where_they_were_though_another_number_would_be_chosen_now() -> None:
    vectors, _ = camps(8, 330, noise=1.0)
    tried = numbers_to_try(300)
    before = clustered(vectors[:300], tried, seed=7)
    assert (len(before.centres), len(clustered(vectors[30:], tried, seed=7).centres)) == (8, 10)
    after = clustered(vectors[30:], tried, seed=7, before=before.centres)
    assert (before.centres * after.centres).sum(axis=1).min() > 0.95


def test_a_new_kind_of_music_becomes_a_topic_beside_those_there_were() -> None:
    vectors, of = camps(6, 300)
    before = clustered(vectors[of < 5], numbers_to_try(250), seed=7)
    after = clustered(vectors, numbers_to_try(300), seed=7, before=before.centres)
    assert (len(before.centres), len(after.centres)) == (5, 6)
    assert (before.centres @ after.centres.T).max(axis=1).min() > 0.999
    assert (vectors[of == 5] @ after.centres.T).argmax(axis=1).tolist() == [5] * 50


def test_topics_of_music_that_left_are_not_kept() -> None:
    vectors, of = camps(8, 400)
    before = clustered(vectors, numbers_to_try(400), seed=7)
    after = clustered(vectors[of < 4], numbers_to_try(200), seed=7, before=before.centres)
    assert (len(before.centres), len(after.centres)) == (8, 4)


def test_a_track_is_in_the_nearest_topic_and_the_nearest_part_of_it() -> None:
    centres = TopicCentres(
        Centres.of([("10", [0, 2, 0]), ("2", [3, 0, 0])]),
        {"2": Centres.of([("2.1", [1, 0, 1]), ("2.4", [1, 0, -1])])},
    )
    found = centres.places(np.array([[1, 0, 0], [0.6, 0, -0.8], [0, 1, 0]], dtype=np.float32))
    assert centres.topics.ids == ("2", "10")
    assert found.topics.tolist() == ["2", "2", "10"]
    assert found.parts.tolist() == ["2.1", "2.4", None]
    assert found.distances == pytest.approx([0, 0.4, 0], abs=1e-6)
    assert found.part_distances == pytest.approx([1 - 0.5**0.5, 1 - 1.4 * 0.5**0.5, np.nan], abs=1e-6, nan_ok=True)
