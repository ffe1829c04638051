"""Batch jobs in a process of their own: who says what was wrong."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from spotistream import supervisor
from spotistream.config import load_config
from spotistream.errors import EnvironmentProblem


@pytest.fixture
def jobs_end(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Jobs that do nothing but end, with the given shell command."""
    start = subprocess.Popen

    def end(script: str) -> None:
        monkeypatch.setattr(subprocess, "Popen", lambda _, **options: start(["sh", "-c", script], **options))

    return end


def prepare(home: Path) -> None:
    supervisor.prepare(load_config(home=home, environ={}), simulate=False, asked=threading.Event())


def test_jobs_that_succeed_are_followed_by_the_rest(jobs_end: Any, tmp_path: Path) -> None:
    jobs_end(f"touch {tmp_path / 'ran'}")
    prepare(tmp_path)
    assert (tmp_path / "ran").exists()


@pytest.mark.parametrize("code", [2, 3, 4, 5, 6, 7])
def test_a_job_that_said_what_was_wrong_has_the_last_word(jobs_end: Any, tmp_path: Path, code: int) -> None:
    jobs_end(f"exit {code}")
    with pytest.raises(SystemExit) as ended:
        prepare(tmp_path)
    assert ended.value.code == code


@pytest.mark.parametrize(("script", "code"), [("exit 1", 1), ("kill -9 $$", -9)])
def test_a_job_that_broke_off_is_told(jobs_end: Any, tmp_path: Path, script: str, code: int) -> None:
    jobs_end(script)
    with pytest.raises(
        EnvironmentProblem, match=rf"^a batch job failed \(exit code {code}\); the lines above say why$"
    ):
        prepare(tmp_path)
