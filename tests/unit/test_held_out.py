"""What is held out of training, and what counts as a fair question."""

from __future__ import annotations

import numpy as np
import pytest

from spotistream.errors import InputError
from spotistream.evaluation.held_out import HeldOut, from_observations, split, with_validation
from spotistream.evaluation.observations import Observations
from spotistream.evaluation.splits import held_out_rows


def observations(*rows: tuple[str, str, float] | tuple[str, str, float, float]) -> Observations:
    users, user_of = np.unique([row[0] for row in rows], return_inverse=True)
    items, item_of = np.unique([row[1] for row in rows], return_inverse=True)
    times = np.array([row[3] for row in rows]) if len(rows[0]) == 4 else None  # type: ignore[misc]
    return Observations(user_of, item_of, np.array([float(row[2]) for row in rows]), times, users, items)


def pairs(data: HeldOut, part: str) -> dict[tuple[str, str], float]:
    matrix = (data.train.weights if part == "train" else getattr(data, part)).tocoo()
    return {
        (str(data.train.users[row]), str(data.train.items[column])): float(value)
        for row, column, value in zip(matrix.row, matrix.col, matrix.data, strict=True)
    }


def silent(line: str) -> None:
    del line


TEN = [("u1", f"i{n}", 1.0, float(time)) for n, time in enumerate([50, 10, 90, 30, 70, 20, 80, 40, 60, 0])]


def test_the_newest_fifth_of_each_user_is_held_out() -> None:
    rows = held_out_rows(observations(*TEN, ("u2", "i1", 1.0, 5.0), ("u2", "i2", 1.0, 4.0)), seed=0)
    assert np.flatnonzero(rows).tolist() == [2, 6, 10]


def test_a_user_with_one_row_keeps_it() -> None:
    assert not held_out_rows(observations(("u1", "a", 1), ("u2", "a", 1)), seed=0).any()


def test_rows_of_one_time_are_drawn_by_the_seed() -> None:
    same = observations(*[("u", f"i{n}", 1.0, 7.0) for n in range(50)])
    drawn = [held_out_rows(same, seed=seed) for seed in (0, 0, 1)]
    assert [int(rows.sum()) for rows in drawn] == [10, 10, 10]
    assert (drawn[0] == drawn[1]).all()
    assert (drawn[0] != drawn[2]).any()


def test_without_times_a_pair_that_comes_twice_is_in_one_part() -> None:
    twice = observations(*[("u", f"i{n // 2}", 1) for n in range(40)])
    rows = held_out_rows(twice, seed=0)
    assert rows.sum() == 8
    assert (rows[::2] == rows[1::2]).all()


def test_parts_of_one_file_have_nothing_in_common_and_together_all() -> None:
    source = observations(*[(f"u{n % 5}", f"i{n}", n + 1) for n in range(50)])
    data, learned = split(source, seed=0, say=silent)
    assert len(learned) == len(pairs(data, "train")) == 40
    assert pairs(data, "train").keys().isdisjoint(pairs(data, "test"))
    assert pairs(data, "train") | pairs(data, "test") == {(f"u{n % 5}", f"i{n}"): n + 1.0 for n in range(50)}


def test_a_track_played_before_and_after_the_cut_is_no_question() -> None:
    said: list[str] = []
    source = observations(
        *[("u", "old", 1.0, float(n)) for n in range(8)], ("u", "old", 1.0, 9.0), ("u", "new", 1.0, 10.0)
    )
    data, _ = split(source, seed=0, say=said.append)
    assert pairs(data, "train") == {("u", "old"): 8.0}
    assert pairs(data, "test") == {("u", "new"): 1.0}
    assert said == [
        "held out: 2 of 10 interactions, the newest of each user; seed 0",
        "1 test items are in the user's training data and are left out",
        "1 test items come in no training row; they count in recall and can hardly be recommended",
    ]


def test_users_without_training_data_are_left_out_and_said() -> None:
    said: list[str] = []
    train = observations(("u1", "a", 1), ("u1", "b", 1), ("u2", "b", 1))
    data = from_observations(train, observations(("u1", "c", 1), ("u9", "a", 1)), None, said.append)
    assert data.train.users.tolist() == ["u1", "u2"]
    assert data.train.items.tolist() == ["a", "b", "c"]
    assert pairs(data, "test") == {("u1", "c"): 1.0}
    assert said[0] == "1 test users have no training data and are left out of all means: u9"


def test_validation_is_learned_from_in_the_end_and_no_question() -> None:
    train, valid = observations(("u1", "a", 2), ("u2", "b", 1)), observations(("u1", "b", 3), ("u1", "a", 1))
    data = from_observations(train, observations(("u1", "b", 1), ("u1", "c", 1)), valid, silent)
    assert pairs(data, "valid") == {("u1", "b"): 3.0}
    assert pairs(data, "test") == {("u1", "c"): 1.0}
    everything = HeldOut(data.everything_but_test, data.test)
    assert pairs(everything, "train") == {("u1", "a"): 2.0, ("u1", "b"): 3.0, ("u2", "b"): 1.0}


def test_files_of_different_users_are_one_error() -> None:
    with pytest.raises(InputError, match="shares no user with the training data"):
        from_observations(observations(("u1", "a", 1)), observations(("u2", "a", 1)), None, silent)


def test_settings_are_chosen_on_a_part_of_the_training_data_only() -> None:
    source = observations(*[(f"u{n % 5}", f"i{n}", 1) for n in range(100)])
    data, learned = split(source, seed=0, say=silent)
    tuning = with_validation(data, learned, seed=1)
    assert pairs(tuning, "train").keys().isdisjoint(pairs(tuning, "valid"))
    assert pairs(tuning, "train") | pairs(tuning, "valid") == pairs(data, "train")
    assert pairs(tuning, "valid").keys().isdisjoint(pairs(data, "test"))
    assert len(pairs(tuning, "valid")) == 15


def test_where_there_are_times_the_newest_of_training_choose_the_settings() -> None:
    data, learned = split(observations(*TEN), seed=0, say=silent)
    assert pairs(with_validation(data, learned, seed=1), "valid").keys() == {("u1", "i4"), ("u1", "i8")}
