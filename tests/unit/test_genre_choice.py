"""Folds, figures and the choice of a committee, on rows whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from spotistream.models.feature_views import View
from spotistream.models.genre_folds import folds_of, sampled
from spotistream.models.genre_metrics import accuracy, confusion, f1_scores, interval, macro_f1
from spotistream.models.genre_settings import FEW_ROWS, STANDARD, Trial, candidates, mixed, selected
from spotistream.models.genres import Member, tilted

TRUTH = np.array([0, 0, 0, 1, 1, 2])
ANSWERS = np.array([0, 0, 1, 1, 1, 0])


def test_confusion_accuracy_and_f1_are_those_counted_by_hand() -> None:
    assert confusion(TRUTH, ANSWERS, k=3).tolist() == [[2, 1, 0], [0, 2, 0], [1, 0, 0]]
    assert accuracy(TRUTH, ANSWERS) == pytest.approx(4 / 6)
    assert f1_scores(confusion(TRUTH, ANSWERS, k=3)).tolist() == pytest.approx([2 / 3, 4 / 5, 0])
    assert macro_f1(TRUTH, ANSWERS, k=3) == pytest.approx((2 / 3 + 4 / 5) / 3)


def test_a_class_that_neither_occurs_nor_is_answered_does_not_count() -> None:
    assert macro_f1(np.array([0, 1]), np.array([0, 1]), k=5) == 1.0


def test_interval_of_right_answers_only_is_a_point() -> None:
    assert interval(TRUTH, TRUTH, k=3, seed=0, draws=20)["accuracy"] == [1.0, 1.0]


def test_each_row_is_tested_once_and_classes_are_in_proportion() -> None:
    classes = np.repeat([0, 1], [30, 10])
    folds = folds_of(classes, None, folds=5, seed=1)
    assert sorted(np.concatenate([test for _, test in folds])) == list(range(40))
    assert [np.bincount(classes[test]).tolist() for _, test in folds] == [[6, 2]] * 5


def test_no_artist_is_on_both_sides_of_a_split() -> None:
    artists = np.arange(40) // 4
    for train, test in folds_of(np.arange(40) % 2, artists, folds=3, seed=1):
        assert set(artists[train]) & set(artists[test]) == set()


def test_a_sample_is_drawn_once_for_a_seed_and_is_all_of_a_small_table() -> None:
    assert sampled(5, most=9, seed=0).tolist() == [0, 1, 2, 3, 4]
    assert len(set(sampled(1000, most=10, seed=3))) == 10
    assert sampled(1000, most=10, seed=3).tolist() == sampled(1000, most=10, seed=3).tolist()


def test_tilt_divides_by_a_power_of_the_share() -> None:
    shares = np.array([0.8, 0.2])
    assert tilted(np.array([[0.7, 0.3]]), shares, 0.0)[0] == pytest.approx([0.7, 0.3])
    assert tilted(np.array([[0.7, 0.3]]), shares, 1.0)[0] == pytest.approx(np.array([0.875, 1.5]) / 2.375)


def trial(member: Member, right: np.ndarray, classes: np.ndarray) -> Trial:
    """Sure and right where ``right``, sure and wrong elsewhere."""
    answers = np.where(right, classes, 1 - classes)
    return Trial(member, np.eye(2)[answers] * 0.8 + 0.1)


def test_the_committee_is_of_nets_that_are_right_together() -> None:
    classes = np.arange(FEW_ROWS) % 2
    rng = np.random.default_rng(0)
    good = [rng.random(FEW_ROWS) < 0.8 for _ in range(2)]
    members = candidates(FEW_ROWS)
    bad = [trial(member, np.zeros(FEW_ROWS, bool), classes) for member in members[2:]]
    trials = [trial(members[0], good[0], classes), trial(members[1], good[1], classes), *bad]
    settings = selected(trials, classes, np.arange(FEW_ROWS), seed=0)
    voices = {(each.view, each.hidden): each.weight for each in settings.members}
    assert sum(voices.values()) == pytest.approx(1)
    together = sum(voices.get((member.view, member.hidden), 0.0) for member in members[:2])
    assert together > 0.6, "though each bag holds half of the nets only"
    assert mixed(trials, settings, np.arange(3), np.array([0.5, 0.5])).sum(axis=1) == pytest.approx([1, 1, 1])


def test_few_rows_get_the_standard_committee_whatever_they_say() -> None:
    classes = np.array([0, 1])
    found = selected([trial(STANDARD.members[0], np.array([False, False]), classes)], classes, np.arange(2), seed=0)
    assert found == STANDARD
    assert sum(member.weight for member in STANDARD.members) == 1


def test_candidates_see_the_table_in_different_ways() -> None:
    for rows in (500, 50_000):
        assert len({member.view for member in candidates(rows)}) == len(candidates(rows))
        assert View("standard") in {member.view for member in candidates(rows)}
