"""Which batch jobs have something new to do, by what they would read."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from spotistream.config import Config, load_config
from spotistream.io import artefacts
from spotistream.io.delta import table_path
from spotistream.layouts import Table
from spotistream.pipelines import staleness
from spotistream.pipelines.staleness import fingerprint, is_stale, model_is_good, remember
from spotistream.tables import TRACK_FEATURES, TRACK_FILES, TRACK_SOUNDS, TRACKS


@pytest.fixture
def cfg(tmp_path: Path) -> Config:
    """A home, and a folder of music with two files."""
    music = tmp_path / "music"
    (music / "album").mkdir(parents=True)
    (music / "one.ogg").write_bytes(b"one")
    (music / "album" / "two.ogg").write_bytes(b"two")
    loaded = load_config(home=tmp_path / "home", environ={})
    return replace(loaded, audio=replace(loaded.audio, folder=str(music)))


def commit(cfg: Config, table: Table, version: int) -> None:
    """What Delta leaves on the disk with a new version."""
    log = Path(table_path(cfg, table)) / "_delta_log"
    log.mkdir(parents=True, exist_ok=True)
    (log / f"{version:020}.json").touch()


def test_importing_it_starts_no_spark() -> None:
    program = (
        "import spotistream.pipelines.staleness; from pyspark import SparkContext; "
        "assert SparkContext._gateway is None and SparkContext._active_spark_context is None"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_the_same_music_has_the_same_fingerprint(cfg: Config) -> None:
    assert fingerprint(cfg, "extract_features") == fingerprint(cfg, "extract_features")


def rewrite(music: Path) -> None:
    (music / "one.ogg").write_bytes(b"another")


def touch(music: Path) -> None:
    os.utime(music / "album" / "two.ogg", ns=(1, 1))


def add(music: Path) -> None:
    (music / "album" / "three.ogg").touch()


def remove(music: Path) -> None:
    (music / "one.ogg").unlink()


def move(music: Path) -> None:
    (music / "one.ogg").rename(music / "album" / "one.ogg")


@pytest.mark.parametrize("change", [rewrite, touch, add, remove, move])
def test_a_changed_file_changes_the_fingerprint(cfg: Config, change: Callable[[Path], None]) -> None:
    before = fingerprint(cfg, "extract_features")
    change(Path(cfg.audio.folder))
    assert fingerprint(cfg, "extract_features") != before


def test_another_setting_or_folder_changes_the_fingerprint(cfg: Config) -> None:
    shorter = replace(cfg, audio=replace(cfg.audio, max_seconds=10.0))
    elsewhere = replace(cfg, audio=replace(cfg.audio, folder=str(Path(cfg.audio.folder) / "album")))
    assert len({fingerprint(one, "extract_features") for one in (cfg, shorter, elsewhere)}) == 3


def test_without_a_folder_there_is_none(cfg: Config) -> None:
    assert fingerprint(replace(cfg, audio=replace(cfg.audio, folder="")), "extract_features") is None


@pytest.mark.parametrize(
    ("job", "table"),
    [
        ("publish", TRACK_FILES),
        ("publish", TRACK_FEATURES),
        ("find_topics", TRACK_FEATURES),
        ("find_topics", TRACKS),
        ("map_tracks", TRACK_SOUNDS),
        ("map_tracks", TRACKS),
        ("train_genres", TRACK_FEATURES),
        ("train_genres", TRACKS),
    ],
)
def test_a_new_version_of_what_a_job_reads_changes_its_fingerprint(cfg: Config, job: str, table: Table) -> None:
    found = [fingerprint(cfg, job)]
    for version in (0, 1):
        commit(cfg, table, version)
        found.append(fingerprint(cfg, job))
    assert len(set(found)) == 3
    assert fingerprint(cfg, job) == found[-1]


@pytest.mark.parametrize("job", ["ingest_plays", "refresh_recommendations", "simulate_past", "train_model"])
def test_other_jobs_are_not_judged_by_a_fingerprint(cfg: Config, job: str) -> None:
    assert fingerprint(cfg, job) is None


def test_a_job_is_stale_until_it_has_succeeded_on_that(cfg: Config) -> None:
    assert is_stale(cfg, "publish", "a")
    remember(cfg, "publish", "a")
    assert not is_stale(cfg, "publish", "a")
    assert is_stale(cfg, "publish", "b")
    assert is_stale(cfg, "extract_features", "a")


def test_one_job_is_remembered_beside_another(cfg: Config) -> None:
    remember(cfg, "extract_features", "a")
    remember(cfg, "publish", "b")
    assert not is_stale(cfg, "extract_features", "a")
    assert not is_stale(cfg, "publish", "b")


def test_a_job_without_a_fingerprint_always_runs(cfg: Config) -> None:
    assert is_stale(cfg, "simulate_past", None)


@pytest.mark.parametrize("content", ["", "{", "[]"])
def test_notes_that_cannot_be_read_make_every_job_stale(cfg: Config, content: str) -> None:
    remember(cfg, "publish", "a")
    (cfg.home / "run" / staleness.FILE).write_text(content)
    assert is_stale(cfg, "publish", "a")
    remember(cfg, "publish", "a")
    assert not is_stale(cfg, "publish", "a")


@pytest.fixture
def trained(cfg: Config, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Config]:
    """A home with a model, trained when the topic held 100 messages, that holds ``now``."""

    def train(*, now: int = 100, **facts: object) -> Config:
        commit(cfg, TRACK_FEATURES, 4)
        versions = {TRACK_FEATURES.name: 4}
        manifest = {"version": "v1", "settings": asdict(cfg.model), "data_versions": versions, "messages": 100}
        kept = {name: fact for name, fact in (manifest | facts).items() if fact is not None}
        artefacts.save_artefact(Path(cfg.paths.models), {"one": np.ones(1)}, kept)
        monkeypatch.setattr(staleness, "messages_in", lambda kafka, topic: now)
        return cfg

    return train


@pytest.mark.parametrize(("now", "good"), [(100, True), (105, True), (106, False), (99, False), (0, False)])
def test_a_model_is_good_while_plays_grew_little(trained: Callable[..., Config], now: int, good: bool) -> None:
    cfg = trained(now=now)
    assert model_is_good(cfg) is good
    assert is_stale(cfg, "train_model", None) is not good
    assert is_stale(cfg, "ingest_plays", None) is not good
    remember(cfg, "find_topics", "a")
    assert is_stale(cfg, "find_topics", "a") is not good
    assert is_stale(cfg, "find_topics", "b")


@pytest.mark.parametrize(
    "facts",
    [
        {"settings": {"factors": 1}},
        {"settings": None},
        {"data_versions": {TRACK_FEATURES.name: 3}},
        {"data_versions": None},
        {"messages": None},
    ],
)
def test_a_model_of_other_settings_or_data_is_not_good(
    trained: Callable[..., Config], facts: dict[str, object]
) -> None:
    assert not model_is_good(trained(**facts))


def test_no_model_and_a_broken_one_are_not_good(trained: Callable[..., Config], cfg: Config) -> None:
    assert not model_is_good(cfg)
    trained()
    (Path(cfg.paths.models) / "v1" / artefacts.MANIFEST_FILE).write_text("{")
    assert not model_is_good(cfg)


def test_a_pinned_model_is_not_trained_anew_by_itself(trained: Callable[..., Config]) -> None:
    cfg = trained(now=1000, settings={"factors": 1})
    models = Path(cfg.paths.models)
    assert is_stale(cfg, "train_model", None)
    artefacts.pin(models, "v1")
    assert not is_stale(cfg, "train_model", None)
    artefacts.release(models)
    assert is_stale(cfg, "train_model", None)


def test_a_training_that_was_refused_is_not_repeated_until_there_is_something_new(
    trained: Callable[..., Config], monkeypatch: pytest.MonkeyPatch
) -> None:
    cfg = trained(now=200)
    assert is_stale(cfg, "train_model", None)
    models = Path(cfg.paths.models)
    verdict = {"accepted": False, "reason": "worse than v1"}
    manifest = {**artefacts.load_manifest(models, "v1"), "version": "v2", "messages": 200, "verdict": verdict}
    artefacts.save_artefact(models, {"one": np.ones(1)}, manifest, make_current=False)
    assert not is_stale(cfg, "train_model", None)
    monkeypatch.setattr(staleness, "messages_in", lambda kafka, topic: 211)
    assert is_stale(cfg, "train_model", None)
