"""Lists, groups, intervals, rating error and sampled negatives against answers worked out by hand."""

from __future__ import annotations

from math import log2, sqrt

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from spotistream.evaluation.groups import HEAD, MID, TAIL, popularity_group
from spotistream.evaluation.intervals import intervals, ratio_interval, resampled_means
from spotistream.evaluation.lists import coverage, list_metrics
from spotistream.evaluation.protocol import Protocol, evaluate, figures
from spotistream.evaluation.rating_error import rating_error
from spotistream.evaluation.sampled import sampled_metrics
from spotistream.models.contract import NOTHING, best
from spotistream.models.interactions import Floats, Interactions

# Four listeners; item 0 is heard by all, 1 and 2 by the same two, 3 by one, 4 by nobody.
LEARNED = csr_matrix(np.array([[1, 1, 1, 0, 0], [1, 1, 1, 0, 0], [1, 0, 0, 1, 0], [1, 0, 0, 0, 0]], dtype=np.float32))


class Fixed:
    """A model whose scores are given."""

    name = "fixed"
    space = {}  # noqa: RUF012

    def __init__(self, scores: list[list[float]]) -> None:
        self.given = np.array(scores, dtype=np.float32)

    @property
    def size(self) -> int:
        return self.given.shape[1]

    @classmethod
    def fit(cls, data: Interactions, settings: object = None, *, seed: int = 0) -> Fixed:
        raise AssertionError("given, not fitted")

    def scores(self, histories: csr_matrix) -> Floats:
        return self.given[: histories.shape[0]]

    def recommend(self, histories: csr_matrix, *, n: int, leave_out: csr_matrix | None = None):  # type: ignore[no-untyped-def]
        return best(self.scores(histories), n=n, leave_out=histories if leave_out is None else leave_out)


def test_novelty_is_the_mean_information_of_the_items() -> None:
    values = list_metrics(np.array([[0, 1], [4, NOTHING]]), LEARNED)
    assert values["novelty"].tolist() == [(0 + 1) / 2, log2(4)]


def test_diversity_is_one_less_the_mean_cosine_of_the_listeners() -> None:
    ranked = np.array([[1, 2, 3], [0, 1, NOTHING], [3, 4, NOTHING], [0, NOTHING, NOTHING]])
    diversity = list_metrics(ranked, LEARNED)["diversity"]
    assert diversity[:3] == pytest.approx([1 - 1 / 3, 1 - 2 / sqrt(4 * 2), 1.0])
    assert np.isnan(diversity[3])


def test_the_head_takes_the_first_fifth_of_all_plays_and_the_tail_the_last() -> None:
    weights = csr_matrix(np.tril(np.ones((10, 4)))[:, ::-1])  # heard by 7, 8, 9 and 10 of 10 listeners
    assert np.diff(weights.tocsc().indptr).tolist() == [7, 8, 9, 10]
    assert popularity_group(weights).tolist() == [TAIL, MID, MID, HEAD]
    assert popularity_group(LEARNED).tolist() == [HEAD, MID, TAIL, TAIL, TAIL]


def test_the_share_of_the_popular_is_that_of_the_head() -> None:
    assert list_metrics(np.array([[0, 4], [1, 2]]), LEARNED)["popular_share"].tolist() == [0.5, 0.0]


def test_coverage_counts_each_item_once_and_no_empty_place() -> None:
    assert coverage(np.array([[0, 1], [1, NOTHING]]), 5) == 0.4


def test_intervals_hold_the_mean_and_are_the_same_for_the_same_seed() -> None:
    values = np.random.default_rng(1).random((200, 2))
    low, high = intervals(values, seed=3)
    assert (low < values.mean(axis=0)).all()
    assert (values.mean(axis=0) < high).all()
    assert intervals(values, seed=3).tolist() == [low.tolist(), high.tolist()]
    spread = values.std(axis=0) / sqrt(200)  # of a mean: the interval is about 3.92 of them wide
    assert (high - low) / spread == pytest.approx([3.92, 3.92], rel=0.1)


def test_equal_values_have_an_interval_of_no_width() -> None:
    assert intervals(np.full((5, 1), 0.25), seed=0).tolist() == [[0.25], [0.25]]


def test_models_that_differ_by_a_factor_have_exactly_that_ratio_in_every_resample() -> None:
    below = np.random.default_rng(1).random(50)
    assert ratio_interval(1.05 * below, below, seed=0) == pytest.approx((1.05, 1.05))


def test_resamples_of_two_calls_draw_the_same_listeners() -> None:
    values = np.random.default_rng(1).random((20, 2))
    both = resampled_means(values, seed=0, resamples=7)
    assert both.shape == (7, 2)
    assert resampled_means(values[:, :1], seed=0, resamples=7)[:, 0] == pytest.approx(both[:, 0])


def test_scores_that_are_a_straight_line_of_the_weights_have_no_error() -> None:
    learned = csr_matrix(np.array([[1.0, 3.0, 0.0]]))
    tested = csr_matrix(np.array([[0.0, 0.0, 5.0]]))
    error = rating_error(Fixed([[10.0, 30.0, 50.0]]), learned, tested, seed=0)
    assert error is not None
    assert (error.rmse, error.unit) == (pytest.approx(0, abs=1e-9), "weight")


def test_the_error_is_in_the_unit_of_the_weights_and_of_logarithms_for_counts() -> None:
    learned = csr_matrix(np.array([[1.0, 3.0, 0.0]]))
    scores = Fixed([[1.0, 3.0, 2.0]])
    stars = rating_error(scores, learned, csr_matrix(np.array([[0.0, 0.0, 5.0]])), seed=0)
    plays = rating_error(scores, learned, csr_matrix(np.array([[0.0, 0.0, 99.0]])), seed=0)
    assert stars is not None
    assert plays is not None
    assert stars.rmse == pytest.approx(3.0)
    assert plays.unit == "log(1 + weight)"
    assert plays.rmse == pytest.approx(np.log(100) - (np.log(2) + np.log(4)) / 2)


def test_weights_that_are_all_alike_have_no_rating_error() -> None:
    assert rating_error(Fixed([[1, 0, 0, 0, 0]] * 4), LEARNED, LEARNED, seed=0) is None


def test_sampled_negatives_rank_a_held_out_item_among_items_of_neither_part() -> None:
    learned = csr_matrix(np.array([[1.0, 0, 0, 0, 0]]))
    tested = csr_matrix(np.array([[0, 1.0, 1.0, 0, 0]]))
    model = Fixed([[9.0, 4.0, 2.0, 3.0, 1.0]])  # negatives are items 3 and 4: places 1 and 2
    values = sampled_metrics(model, learned, tested, k=1, negatives=99, seed=0)
    assert values["hit_rate@1"] == 0.5
    assert values["ndcg@1"] == 0.5
    assert sampled_metrics(model, learned, tested, k=2, negatives=99, seed=0)["ndcg@2"] == (1 + 1 / log2(3)) / 2


def test_a_score_for_all_alike_is_no_way_to_the_first_place_among_negatives() -> None:
    learned, tested = csr_matrix(np.array([[1.0, 0, 0, 0]])), csr_matrix(np.array([[0, 1.0, 0, 0]]))
    assert sampled_metrics(Fixed([[0.0] * 4]), learned, tested, k=1, negatives=2, seed=0)["hit_rate@1"] == 0.0


def test_every_figure_of_a_model_is_over_the_listeners_of_whom_something_is_held_out() -> None:
    tested = csr_matrix(np.array([[0, 0, 0, 1, 1], [0, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 0, 0, 0]], dtype=float))
    model = Fixed([[9, 9, 9, 2, 1], [9, 1, 2, 9, 3]])  # the two listeners that are asked for
    outcome = evaluate(model, LEARNED, tested, Protocol(k=1))
    shown = figures(outcome, Protocol(k=1))
    assert outcome.users.tolist() == [0, 2]
    assert (shown["users"], shown["recall@1"], shown["ndcg@1"]) == (2, 0.25, 0.5)
    assert shown["coverage@1"] == 2 / 5  # items 3 and 4
    assert shown["rmse"] is None
    assert shown["slices"]["history"] == {"1-4": {"users": 2, "recall@1": 0.25, "ndcg@1": 0.5}}
    assert shown["slices"]["item_popularity"] == {
        "mid": {"users": 1, "recall@1": 0.0, "ndcg@1": 0.0, "held_out": 1},
        "tail": {"users": 1, "recall@1": 0.5, "ndcg@1": 1.0, "held_out": 2},
    }
    assert shown["slices"]["cold_items"]["0"] == {"users": 1, "recall@1": 0.0, "ndcg@1": 0.0, "held_out": 1}
