"""When a running service takes up its folder of music."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from spotistream import watch
from spotistream.config import Config, load_config
from spotistream.pipelines import staleness
from spotistream.watch import FolderWatch


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    (folder / "a.mp3").write_bytes(b"one")
    return folder


@pytest.fixture
def cfg(tmp_path: Path, music: Path) -> Config:
    """A service that has taken up what is in the folder."""
    loaded = load_config(home=tmp_path / "home", environ={})
    cfg = replace(loaded, audio=replace(loaded.audio, folder=str(music)))
    staleness.remember(cfg, "extract_features", staleness.fingerprint(cfg, "extract_features"))
    return cfg


class Clock:
    """Seconds that pass when they are told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def looks(watched: FolderWatch, clock: Clock, *, times: int) -> None:
    for _ in range(times):
        clock.now += 31
        watched.tick()


def ended(watched: FolderWatch, capsys: pytest.CaptureFixture[str], clock: Clock) -> str:
    """What was said until the process of the jobs had ended."""
    deadline = time.monotonic() + 30
    said = ""
    while watched._process is not None and time.monotonic() < deadline:
        time.sleep(0.05)
        looks(watched, clock, times=1)
        said += capsys.readouterr().out
    return said


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quick job in the place of Spark's: it only says that it ran."""
    monkeypatch.setattr(watch, "command", lambda: ["/bin/sh", "-c", "echo 'extract_features: 2 tracks'"])


def test_a_change_is_taken_up_once_it_has_settled(
    cfg: Config, music: Path, job: None, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = Clock()
    watched = FolderWatch(cfg, clock=clock)
    looks(watched, clock, times=3)
    assert capsys.readouterr().out == ""
    (music / "b.mp3").write_bytes(b"half")
    looks(watched, clock, times=1)
    (music / "b.mp3").write_bytes(b"half and the rest")
    looks(watched, clock, times=1)
    assert capsys.readouterr().out == "", "it was still being copied"
    looks(watched, clock, times=1)
    assert capsys.readouterr().out.endswith("the folder of music has changed: taking it up\n")
    assert ended(watched, capsys, clock).endswith("extract_features: 2 tracks\n")


def test_a_job_that_failed_is_not_tried_again_and_again(
    cfg: Config, music: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(watch, "command", lambda: ["/bin/sh", "-c", "exit 1"])
    clock = Clock()
    watched = FolderWatch(cfg, clock=clock)
    (music / "b.mp3").write_bytes(b"new")
    looks(watched, clock, times=2)
    assert f"taking up the folder of music failed: see {cfg.home}/logs/new-tracks.log" in ended(watched, capsys, clock)
    looks(watched, clock, times=3)
    assert capsys.readouterr().out == ""


def test_nothing_is_watched_where_the_setting_says_never(
    cfg: Config, music: Path, job: None, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = Clock()
    watched = FolderWatch(replace(cfg, catalogue=replace(cfg.catalogue, watch_seconds=0)), clock=clock)
    (music / "b.mp3").write_bytes(b"new")
    looks(watched, clock, times=4)
    assert capsys.readouterr().out == ""
