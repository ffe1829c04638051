"""A search is kept in its file and goes on from there; trials are pruned on fewer listeners."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from spotistream.errors import InputError, ModelError
from spotistream.evaluation.rungs import Judged, Question, judged, listeners, rungs
from spotistream.evaluation.study import DEFAULTS, STORED, Study, best_of, study_name
from spotistream.evaluation.tuned_model import KeptValues, default_settings, fingerprint
from spotistream.evaluation.tuning_loop import Search
from spotistream.models.cosine import ItemCosine
from spotistream.models.interactions import Interactions
from spotistream.models.registry import MODELS
from spotistream.models.search import holds
from spotistream.models.space import Choice, Space, Span

SPACE: Space = {"x": Span(0.0, 10.0), "sign": Choice(("plus", "minus"))}
START = {"x": 9.0, "sign": "plus"}


def study(folder: Path, *, space: Space = SPACE, name: str = "dial", steps: tuple[int, ...] = (1, 3)) -> Study:
    return Study(folder / "dial.db", name, space, rungs=steps, seed=0)


class Dial:
    """A judge of SPACE: NDCG is the higher the nearer x is to 3, and sign must be plus. Answers at once."""

    workers = 2

    def __init__(self, *, error: Exception | None = None) -> None:
        self.asked: list[tuple[dict[str, Any], float]] = []
        self.error = error

    def begin(self, settings: Mapping[str, Any], *, share: float) -> Future[Judged]:
        self.asked.append((dict(settings), share))
        answer: Future[Judged] = Future()
        if self.error:
            answer.set_exception(self.error)
        else:
            value = 1 - abs(settings["x"] - 3) / 10 if settings["sign"] == "plus" else 0.1
            answer.set_result(Judged(np.full(4, share * value), 0.0))
        return answer

    def own_settings(self) -> Mapping[str, Any]:
        return {}

    def cancel(self) -> None: ...


def searched(folder: Path, judge: Dial, *, seconds: float = 60.0, trials: int = 30, space: Space = SPACE) -> Study:
    found = study(folder, space=space)
    found.begin_with([(DEFAULTS, START), (STORED, {"x": 5.0, "sign": "plus"})])
    most = found.resumed + trials
    kept = KeptValues(folder / "dial.npy")
    Search(found, judge, kept, seconds, 0, lambda: len(found.trials()) >= most).run()
    return found


def test_a_rung_has_three_times_the_listeners_and_few_listeners_have_one() -> None:
    assert [rungs(m) for m in (3, 1_799, 1_800, 5_400, 10**6)] == [(1,), (1,), (1, 3), (1, 3, 9), (1, 3, 9)]


def question(m: int = 60, n: int = 20) -> Question:
    drawn = np.random.default_rng(1).random((m, n))
    train = Interactions(
        np.array([f"u{i:02}" for i in range(m)]), np.array([f"i{i:02}" for i in range(n)]),
        csr_matrix((drawn < 0.3).astype(np.float32)), np.zeros((n, 0), np.float32), np.arange(n),
    )  # fmt: skip
    return Question(train, csr_matrix(((drawn >= 0.3) & (drawn < 0.5)).astype(np.float32)), 5, 0)


def test_a_larger_rung_holds_the_listeners_of_a_smaller_one() -> None:
    small, large = (listeners(question(), share=share)[0].tolist() for share in (1 / 3, 1.0))
    assert len(small) == 20
    assert set(small) < set(large) == set(range(60))


def test_the_last_rung_is_the_whole_data_and_the_same_settings_reach_the_same() -> None:
    asked = question()
    first, again = (judged(ItemCosine, asked, {"neighbours": 50}, share=1.0) for _ in range(2))
    assert len(first.values) == len(listeners(asked, share=1.0)[1]) == 59  # one has nothing held out
    assert first.values.tolist() == again.values.tolist()
    assert 0 < first.ndcg < 1
    assert len(judged(ItemCosine, asked, {}, share=1 / 3).values) == 20


def test_defaults_come_first_then_what_is_stored_and_neither_is_pruned(tmp_path: Path) -> None:
    judge = Dial()
    found = searched(tmp_path, judge)
    assert [settings for settings, share in judge.asked if share < 1][:2] == [START, {"x": 5.0, "sign": "plus"}]
    first, second = found.trials()[:2]
    assert (first.start, first.pruned, first.settings) == (DEFAULTS, False, START)
    assert (second.start, second.pruned) == (STORED, False)
    assert first.value == pytest.approx(0.4)


def test_better_settings_are_found_and_bad_ones_never_see_all_listeners(tmp_path: Path) -> None:
    judge = Dial()
    found = searched(tmp_path, judge)
    best = best_of(found.trials())
    assert best is not None
    assert abs(best.settings["x"] - 3) < 1
    assert best.settings["sign"] == "plus"
    assert best.gain is not None
    assert best.gain[0] == pytest.approx(best.value / 0.4)
    assert best.interval == pytest.approx((best.value, best.value))
    pruned = [one for one in found.trials() if one.pruned]
    whole = [settings for settings, share in judge.asked if share == 1]
    assert len(pruned) > 5
    assert all(one.settings not in whole for one in pruned)
    assert sum(found.importance().values()) == pytest.approx(1)


def test_a_second_call_goes_on_and_repeats_nothing(tmp_path: Path) -> None:
    before = searched(tmp_path, Dial(), trials=10)
    judge = Dial()
    after = searched(tmp_path, judge, trials=10)
    assert after.resumed >= 10
    earlier = [one.settings for one in before.trials()]
    assert [one.settings for one in after.trials()[:10]] == earlier[:10]
    assert all(settings not in earlier[:10] for settings, _ in judge.asked)


def test_a_space_of_choices_ends_when_all_were_tried(tmp_path: Path) -> None:
    space: Space = {"x": Choice((3.0, 5.0, 9.0)), "sign": Choice(("plus", "minus"))}
    assert len(searched(tmp_path, Dial(), trials=100, space=space).trials()) == 6


def asks_and_is_killed(folder: Path) -> None:
    begun = study(folder)
    begun.begin_with([(DEFAULTS, START)])
    begun.next_trial()
    begun.next_trial()
    os.kill(os.getpid(), signal.SIGKILL)


def test_trials_of_a_killed_process_are_tried_again(tmp_path: Path) -> None:
    child = multiprocessing.get_context("spawn").Process(target=asks_and_is_killed, args=(tmp_path,))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    after = study(tmp_path)
    after.begin_with([(DEFAULTS, START)])
    first, second = after.next_trial(), after.next_trial()
    assert first is not None
    assert second is not None
    assert (first.params, first.user_attrs) == (START, {"start": DEFAULTS})
    assert second.params.keys() == SPACE.keys()
    assert second.params != START


def test_with_hardly_any_time_the_defaults_are_tried_to_the_end(tmp_path: Path) -> None:
    judge = Dial()
    found = searched(tmp_path, judge, seconds=1e-9)
    assert [(one.start, one.value) for one in found.trials()] == [(DEFAULTS, pytest.approx(0.4))]
    assert [settings for settings, _ in judge.asked] == [START, START]


def test_defaults_that_cannot_be_fitted_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"tuning: the model cannot be fitted \(MemoryError: no room\); give"):
        searched(tmp_path, Dial(error=MemoryError("no room")))


def test_a_file_that_is_no_study_is_one_line_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "dial.db").write_bytes(b"something else" * 100)
    with pytest.raises(ModelError, match="remove the file and tune again") as raised:
        study(tmp_path)
    assert "\n" not in str(raised.value)


def test_other_data_or_another_space_are_another_search(tmp_path: Path) -> None:
    asked = question()
    other = Question(asked.train, asked.valid * 2, 5, 0)
    assert fingerprint(asked) == fingerprint(question())
    assert len({fingerprint(asked), fingerprint(other), fingerprint(Question(asked.train, asked.valid, 5, 1))}) == 3
    names = {
        study_name("dial", space, data="d", rungs=steps) for space in (SPACE, {**SPACE, "x": Span(0, 9)})
        for steps in ((1,), (1, 3))
    }  # fmt: skip
    assert len(names) == 4
    searched(tmp_path, Dial(), trials=3)
    assert study(tmp_path, name="other").trials() == []


@pytest.mark.parametrize("model", [one for one in MODELS.values() if one.space], ids=lambda one: one.name)
def test_the_defaults_of_every_model_are_within_its_space(model: Any) -> None:
    found = default_settings(model)
    assert found.keys() == model.space.keys()
    assert [name for name, value in found.items() if not holds(model.space[name], value)] == []
