"""Topics found anew keep the ids of those they are."""

from __future__ import annotations

import numpy as np
import pytest

from spotistream.models.topic_matching import NOBODY, agreement, kept_ids, matched

EAST, NORTH, WEST = np.eye(3)


def test_the_same_tracks_around_the_same_centre_agree_fully_and_strangers_not_at_all() -> None:
    shared = np.array([[8, 0], [0, 4]])
    assert agreement(shared, old_centres=np.array([EAST, NORTH]), new_centres=np.array([EAST, NORTH])).tolist() == [
        [1, 0],
        [0, 1],
    ]


def test_agreement_is_the_mean_of_shared_tracks_and_near_centres() -> None:
    between = (EAST + NORTH) / 2**0.5
    found = agreement(np.array([[3, 1]]), old_centres=np.array([EAST]), new_centres=np.array([between, EAST]))
    assert found[0] == pytest.approx([(3 / 4 + 0.5**0.5) / 2, (1 / 4 + 1) / 2])


def test_a_cluster_whose_tracks_are_all_gone_agrees_with_none() -> None:
    assert agreement(np.zeros((1, 1), int), old_centres=EAST[None], new_centres=EAST[None]).tolist() == [[0]]


def test_as_a_whole_the_match_is_the_best_not_pair_by_pair() -> None:
    assert matched(np.array([[0.9, 0.8], [0.85, 0.1]])) == [1, 0]


def test_what_agrees_too_little_is_something_new() -> None:
    assert matched(np.array([[0.49, 0.0], [0.0, 0.5]])) == [NOBODY, 1]


@pytest.mark.parametrize(("old", "new"), [(0, 2), (2, 0), (0, 0)])
def test_with_nothing_on_one_side_nothing_is_matched(old: int, new: int) -> None:
    assert matched(np.zeros((old, new))) == [NOBODY] * new


def test_an_id_that_was_ever_used_is_not_given_to_something_else() -> None:
    assert kept_ids([NOBODY, 0, NOBODY], ["3"], used=["1", "2", "3", "9"]) == ["10", "3", "11"]


def test_ids_of_parts_begin_with_their_topic() -> None:
    assert kept_ids([0, NOBODY], ["3.2"], used=["3.1", "3.2"], prefix="3.") == ["3.2", "3.3"]
