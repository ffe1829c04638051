"""From an error to an exit code and one line."""

from __future__ import annotations

import errno
import importlib
import inspect
import os
from collections.abc import Callable

import pytest

from spotistream.errors import InputError
from spotistream.jobs import JOBS
from spotistream.launch import guarded

FULL = "spotistream: the disk is full; make room where the home is and start again: what was finished is kept\n"


def raises(error: BaseException) -> Callable[[], None]:
    def run() -> None:
        raise error

    return run


def os_error(number: int, path: str | None = None) -> OSError:
    return OSError(number, os.strerror(number), path)


def test_a_run_that_succeeds_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(lambda: None) == 0
    assert capsys.readouterr() == ("", "")


def test_an_error_raised_on_purpose_is_its_line_and_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(raises(InputError("it", "is wrong", remedy="right it"))) == 5
    assert capsys.readouterr() == ("", "spotistream: it: is wrong; right it\n")


@pytest.mark.parametrize(
    "error",
    [
        os_error(errno.ENOSPC, "/home/run/x"),
        os_error(errno.EDQUOT),
        RuntimeError("An error occurred while calling o1.save.\n: java.io.IOException: No space left on device\n\tat"),
    ],
)
def test_a_full_disk_is_one_line_whoever_meets_it(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(raises(error)) == 3
    assert capsys.readouterr().err == FULL


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_file_that_may_not_be_touched_is_named(number: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(raises(os_error(number, "/home/lake"))) == 3
    expected = f"spotistream: /home/lake cannot be used ({os.strerror(number)}); change its permissions, "
    assert capsys.readouterr().err == f"{expected}or choose another home with --home\n"


@pytest.mark.parametrize("error", [ValueError("a bug"), os_error(errno.EBADF), os_error(errno.EPERM)])
def test_a_bug_keeps_its_trace(error: Exception) -> None:
    with pytest.raises(type(error)):
        guarded(raises(error))


def test_ctrl_c_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(raises(KeyboardInterrupt())) == 130
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("option", "field"), [("refit", "refits"), ("force", "forces")])
def test_a_job_that_says_it_takes_an_option_does(option: str, field: str) -> None:
    """One that does not say so is never given it."""
    said = {job.name for job in JOBS.values() if getattr(job, field)}
    batch = [job for job in JOBS.values() if job.needs_spark and not job.streaming]
    takes = {
        job.name for job in batch if option in inspect.signature(importlib.import_module(job.module).run).parameters
    }
    assert said == takes
