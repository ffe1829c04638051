"""What tuning found is read back, and refused where the model has no such setting."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spotistream.config import Config, load_config
from spotistream.errors import ModelError
from spotistream.io.tuned import read_result, write_result
from spotistream.models.space import Choice, Span
from spotistream.pipelines.tuned import problem_with, tuned_settings_of

FOUND = {"neighbours": 100, "shrinkage": 2.5, "weighting": "log"}


@pytest.fixture
def cfg(tmp_path: Path) -> Config:
    return load_config(home=tmp_path, profile="local", environ={})


def stored(cfg: Config, content: str) -> Path:
    path = Path(cfg.paths.models) / "tuning" / "cosine.json"
    path.parent.mkdir(parents=True)
    path.write_text(content, encoding="utf-8")
    return path


def test_without_tuning_a_model_has_its_defaults(cfg: Config) -> None:
    assert tuned_settings_of(cfg, "cosine") == {}


def test_what_was_written_last_is_read_back(cfg: Config) -> None:
    folder = Path(cfg.paths.models) / "tuning"
    write_result(folder, "cosine", {"settings": {**FOUND, "neighbours": 50}})
    path = write_result(folder, "cosine", {"settings": FOUND, "trials": 3})
    assert tuned_settings_of(cfg, "cosine") == FOUND
    assert read_result(folder, "cosine") == {"settings": FOUND, "trials": 3}
    assert [file.name for file in path.parent.iterdir()] == ["cosine.json"]


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"neighbors": 100}, "'neighbors' is no setting of the model"),
        ({"neighbours": 101}, "neighbours is 101, not one of 50, 100, 200, 500, 2000"),
        ({"shrinkage": 0.0}, "shrinkage is 0.0, not a number from 0.1 to 200"),
        ({"shrinkage": "much"}, "shrinkage is 'much', not a number from 0.1 to 200"),
    ],
    ids=["unknown", "no choice", "below", "no number"],
)
def test_settings_that_the_model_does_not_have_are_one_line_with_the_remedy(
    cfg: Config, settings: dict[str, object], problem: str
) -> None:
    path = stored(cfg, json.dumps({"settings": {**FOUND, **settings}}))
    with pytest.raises(ModelError) as raised:
        tuned_settings_of(cfg, "cosine")
    remedy = "tune it again: spotistream tune --model cosine; or remove the file"
    assert str(raised.value) == f"model at {path}: {problem}; {remedy}"


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"settings": 3}'], ids=["cut", "list", "empty", "number"])
def test_a_file_that_holds_no_settings_is_refused(cfg: Config, content: str) -> None:
    stored(cfg, content)
    with pytest.raises(ModelError, match="spotistream tune --model cosine"):
        tuned_settings_of(cfg, "cosine")


def test_a_truth_value_is_no_number_and_a_fraction_not_whole() -> None:
    space = {"n": Span(0, 4, whole=True), "x": Span(0, 4), "one": Choice((1, 2))}
    assert problem_with({"n": 3, "x": 3, "one": 2}, space) is None
    assert problem_with({"n": 3.5}, space) == "n is 3.5, not a whole number from 0 to 4"
    assert problem_with({"x": True}, space) == "x is True, not a number from 0 to 4"
    assert problem_with({"one": True}, space) == "one is True, not one of 1, 2"
