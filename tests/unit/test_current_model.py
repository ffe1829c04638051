"""The model in use: a new one is taken up, a broken one is refused, and serving goes on."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from model_fixtures import served_model

from spotistream.config import Config, load_config
from spotistream.errors import ModelError
from spotistream.io import artefacts
from spotistream.io.artefacts import ARRAYS_FILE, POINTER
from spotistream.models.served import ServedModel
from spotistream.pipelines.current_model import CurrentModel


@pytest.fixture
def cfg(tmp_path: Path) -> Config:
    return load_config(home=tmp_path, environ={})


def model(version: str) -> ServedModel:
    """Of one track."""
    return served_model(["t:1"], factors=[[1.0]], sounds=[[1.0]], popularity=[1.0], version=version)


def publish(cfg: Config, version: str, *, without: str | None = None) -> Path:
    one = model(version)
    arrays = {name: array for name, array in one.arrays().items() if name != without}
    manifest = {"version": version, "feature_spec": one.feature_spec, "sounds_version": "s1"}
    return artefacts.save_artefact(Path(cfg.paths.models), arrays, manifest)


def test_without_any_model_it_raises(cfg: Config) -> None:
    with pytest.raises(ModelError, match="none was trained yet; run: spotistream run train_model"):
        CurrentModel(cfg).get()


def test_it_is_loaded_once(cfg: Config) -> None:
    publish(cfg, "v1")
    current = CurrentModel(cfg)
    assert current.get().version == "v1"
    assert current.get() is current.get()


def test_a_new_one_is_taken_up(cfg: Config) -> None:
    publish(cfg, "v1")
    current = CurrentModel(cfg)
    current.get()
    publish(cfg, "v2")
    assert current.get().version == "v2"


def test_one_made_current_again_is_taken_up(cfg: Config) -> None:
    publish(cfg, "v1")
    publish(cfg, "v2")
    current = CurrentModel(cfg)
    current.get()
    artefacts.point_to(Path(cfg.paths.models), "v1")
    assert current.get().version == "v1"


@pytest.mark.parametrize("fault", ["changed", "cut short", "incomplete", "gone"])
def test_a_broken_one_is_refused_once_and_the_old_one_stays(
    cfg: Config, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    publish(cfg, "v1")
    current = CurrentModel(cfg)
    old = current.get()
    file = publish(cfg, "v2", without="als/factors" if fault == "incomplete" else None) / ARRAYS_FILE
    if fault == "changed":
        file.write_bytes(b"text")
    elif fault == "cut short":
        file.write_bytes(file.read_bytes()[:-10])
    elif fault == "gone":
        file.unlink()
    with caplog.at_level(logging.ERROR):
        assert current.get() is old
        assert current.get() is old
    (record,) = caplog.records
    assert record.getMessage().endswith("; model v1 stays in use")
    assert "\n" not in record.getMessage()


def test_the_one_after_a_broken_one_is_taken_up(cfg: Config) -> None:
    publish(cfg, "v1")
    current = CurrentModel(cfg)
    current.get()
    (publish(cfg, "v2") / ARRAYS_FILE).unlink()
    current.get()
    publish(cfg, "v3")
    assert current.get().version == "v3"


def test_a_broken_one_is_raised_where_there_is_no_other(cfg: Config) -> None:
    (publish(cfg, "v1") / ARRAYS_FILE).unlink()
    with pytest.raises(ModelError, match="cannot be read"):
        CurrentModel(cfg).get()


def test_a_pointer_that_went_away_changes_nothing(cfg: Config) -> None:
    publish(cfg, "v1")
    current = CurrentModel(cfg)
    old = current.get()
    (Path(cfg.paths.models) / POINTER).unlink()
    assert current.get() is old
