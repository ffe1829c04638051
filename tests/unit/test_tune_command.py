"""What ``spotistream tune`` takes and prints, without Spark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from spotistream.cli import build_parser
from spotistream.errors import EnvironmentProblem, InputError
from spotistream.evaluation.study import DEFAULTS, Finished
from spotistream.evaluation.tuned_model import Found
from spotistream.evaluation.tuning_plot import tuning_picture
from spotistream.evaluation.tuning_report import as_table
from spotistream.models.space import Choice, Space, Span
from spotistream.pipelines import progress
from spotistream.pipelines.tune_command import check
from spotistream.pipelines.tune_model import chosen_models, only_one

SPACE: Space = {"x": Span(0.1, 10.0, log=True), "sign": Choice(("plus", "minus"))}


def trial(number: int, x: float, value: float, **facts: Any) -> Finished:
    interval, gain = facts.get("interval", (value - 0.1, value + 0.1)), facts.get("gain")
    start, pruned = facts.get("start"), facts.get("pruned", False)
    return Finished(number, {"x": x, "sign": "plus"}, value, pruned, start, interval, gain, 1.0)


DEFAULT = trial(0, 9.0, 0.4, start=DEFAULTS)
BEST = trial(2, 3.25, 0.5, gain=(1.1, 1.4))


def found(best: Finished | None = BEST, **facts: Any) -> Found:
    trials = [DEFAULT, trial(1, 0.2, 0.1, pruned=True), BEST]
    return Found("dial", trials, best, DEFAULT, {"x": 0.75, "sign": 0.25}, facts.get("resumed", 0), [])


def test_the_table_has_the_best_beside_the_defaults() -> None:
    head, *rows, last = as_table(found(), k=20).splitlines()
    assert head == "dial: 2 settings fitted on all listeners, 1 pruned before"
    assert last == "best: trial 2, 1.2500 times the defaults; 95 %: 1.1000-1.4000 (on the listeners it was chosen by)"
    assert [row.split() for row in rows] == [
        ["setting", "best", "default", "importance"],
        ["x", "3.25", "9", "0.75"],
        ["sign", "plus", "plus", "0.25"],
        ["NDCG@20", "0.5000", "0.4000"],
        ["95", "%", "0.4000-0.6000", "0.3000-0.5000"],
    ]


def test_the_table_says_where_nothing_better_was_found_or_nothing_ended() -> None:
    assert as_table(found(best=DEFAULT), k=20).endswith("nothing better than the defaults was found")
    assert as_table(found(best=None), k=20).startswith("dial: stopped before the defaults were tried")
    assert "; the first 2 in earlier calls\n" in as_table(found(resumed=2), k=20)


def test_the_picture_has_a_panel_for_each_setting() -> None:
    picture = tuning_picture(found(), SPACE, k=20)
    assert picture.startswith(b"\x89PNG")
    width, height = (int.from_bytes(picture[at : at + 4]) for at in (16, 20))
    assert width > 1.5 * height > 900


def test_without_a_terminal_the_time_that_passes_is_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with progress.Countdown("dial", seconds=90) as countdown:
        countdown.show(1.0, "too soon after the beginning")
        monkeypatch.setattr(progress, "LINE_SECONDS", 0.0)
        countdown.show(4.0, "nothing yet")
    assert capsys.readouterr() == ("", "dial: 00:04 of 01:30, nothing yet\n")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("--minutes 0", "--minutes 0.0: is not a time"),
        ("--minutes nan", "--minutes nan: is not a time"),
        ("--minutes 1 --workers 0", "--workers 0: is too few"),
        ("--minutes 1 --seed -1", "--seed -1: is out of range"),
        ("--minutes 1 --use", "--use: goes with --train"),
        ("--minutes 1 --model eese", "--model eese: is not a model; those that can be tuned are: all, hybrid"),
        ("--minutes 1 --model popularity", "--model popularity: has nothing to set"),
        ("--minutes 1 --model content --train plays.csv", "--model content: learns from sound"),
    ],
)
def test_what_cannot_be_asked_is_one_line(words: str, problem: str) -> None:
    with pytest.raises(InputError) as raised:
        check(build_parser().parse_args(["tune", *words.split()]))
    assert str(raised.value).startswith(problem)


def test_a_model_made_of_others_comes_after_its_parts() -> None:
    assert [model.name for model in chosen_models("hybrid", sounds=True)] == ["ease", "als", "hybrid"]
    assert [model.name for model in chosen_models("cosine", sounds=True)] == ["cosine"]
    everything = [model.name for model in chosen_models("all", sounds=False)]
    assert everything[-1] == "hybrid"
    assert not {"content", "popularity"} & set(everything)


def test_two_processes_do_not_tune_in_one_folder(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(EnvironmentProblem, match="another process tunes"), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass
