"""Metrics of ranked lists against answers worked out by hand."""

from __future__ import annotations

from math import log2

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from spotistream.models.contract import NOTHING
from spotistream.models.interactions import Interactions
from spotistream.models.popularity import Popularity
from spotistream.models.ranking import found, mean_ndcg, ranked_items, ranking_metrics

FIRST, SECOND, THIRD = 1.0, 1 / log2(3), 1 / log2(4)


def lists(*rows: list[int]) -> np.ndarray:
    return np.array(rows, dtype=np.int64)


def held_out(rows: list[list[int]], *, items: int) -> csr_matrix:
    dense = np.zeros((len(rows), items))
    for row, columns in enumerate(rows):
        dense[row, columns] = 1
    return csr_matrix(dense)


def metrics(ranked: np.ndarray, relevant: csr_matrix) -> dict[str, list[float]]:
    values = ranking_metrics(found(ranked, relevant), np.diff(relevant.indptr))
    return {name: column.tolist() for name, column in values.items()}


def test_two_hits_among_three_places_for_two_items_held_out() -> None:
    values = metrics(lists([4, 0, 2]), held_out([[2, 4]], items=5))
    assert values["recall"] == [1.0]
    assert values["precision"] == [pytest.approx(2 / 3)]
    assert values["ndcg"] == [pytest.approx((FIRST + THIRD) / (FIRST + SECOND))]
    assert values["map"] == [pytest.approx((1 + 2 / 3) / 2)]
    assert values["mrr"] == [1.0]
    assert values["hit_rate"] == [1.0]


def test_recall_is_over_all_items_held_out_and_the_ideal_over_as_many_as_fit() -> None:
    values = metrics(lists([5, 1]), held_out([[1, 2, 3, 4]], items=6))
    assert values["recall"] == [0.25]
    assert values["ndcg"] == [pytest.approx(SECOND / (FIRST + SECOND))]
    assert values["map"] == [pytest.approx((1 / 2) / 2)]
    assert values["mrr"] == [0.5]


def test_a_perfect_list_has_an_ndcg_of_one_whether_longer_or_shorter_than_what_was_held_out() -> None:
    relevant = held_out([[0, 1, 2], [3]], items=5)
    assert metrics(lists([2, 0], [3, 4]), relevant)["ndcg"] == [1.0, 1.0]


def test_no_hit_is_zero_everywhere() -> None:
    assert {tuple(column) for column in metrics(lists([0, 1]), held_out([[2]], items=3)).values()} == {(0.0,)}


def test_listeners_of_whom_nothing_is_held_out_have_no_figure() -> None:
    values = metrics(lists([0, 1], [0, 1]), held_out([[], [0]], items=2))
    assert all(np.isnan(column[0]) for column in values.values())
    assert values["recall"][1] == values["ndcg"][1] == 1.0


def test_a_list_with_fewer_items_than_places_counts_the_empty_places_as_wrong() -> None:
    values = metrics(lists([1, NOTHING, NOTHING]), held_out([[1]], items=2))
    assert values["precision"] == [pytest.approx(1 / 3)]
    assert values["ndcg"] == [1.0]


def test_an_empty_place_is_no_hit_for_the_last_item_of_the_listener_before() -> None:
    assert found(lists([0, 1], [NOTHING, 0]), held_out([[2], [0]], items=3)).tolist() == [[False, False], [False, True]]


def popularity() -> tuple[Popularity, csr_matrix]:
    """Item 0 is played by three, items 1 and 2 by two each, item 3 by one."""
    weights = csr_matrix(np.array([[1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 1, 1], [0, 0, 0, 0]], dtype=np.float32))
    names = np.array(["a", "b", "c", "d"])
    data = Interactions(names, names, weights, np.zeros((4, 0), dtype=np.float32), np.arange(4))
    return Popularity.fit(data), weights


def test_ties_go_to_the_first_item_and_what_was_heard_is_left_out() -> None:
    model, weights = popularity()
    assert ranked_items(model, weights, n=3).tolist() == [
        [3, NOTHING, NOTHING],
        [2, 3, NOTHING],
        [1, NOTHING, NOTHING],
        [0, 1, 2],
    ]


def test_mean_ndcg_is_over_listeners_with_a_history_and_something_held_out() -> None:
    model, weights = popularity()
    relevant = held_out([[3], [3], [], [0]], items=4)
    assert mean_ndcg(model, weights, relevant, k=2) == pytest.approx((FIRST + SECOND) / 2)
