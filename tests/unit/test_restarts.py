"""Parts that end are started again: the policy, and a real child that dies."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from spotistream.config import Supervisor, load_config
from spotistream.errors import EnvironmentProblem, ServiceStopped
from spotistream.monitoring.publishing import read_restarts
from spotistream.restarts import Part, pause_after
from spotistream.services.process import ManagedProcess
from spotistream.supervisor import keep_running, stop_parts

SETTINGS = Supervisor(pause_seconds=1.0, longest_pause_seconds=6.0, failures=5, window_seconds=100.0)
SLEEPS = "import time; time.sleep(60)"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("failures", "pause"),
    [
        ([0.0], 1.0),
        ([0.0, 1.0], 2.0),
        ([0.0, 1.0, 3.0], 4.0),
        ([0.0, 1.0, 3.0, 7.0], 6.0),
        ([0.0, 1.0, 3.0, 7.0, 13.0], None),
        ([0.0, 1.0, 3.0, 7.0, 100.0], 6.0),
        ([0.0, 1.0, 3.0, 7.0, 500.0], 1.0),
    ],
)
def test_pauses_double_up_to_a_bound_and_end_after_too_many_failures(
    failures: list[float], pause: float | None
) -> None:
    assert pause_after(failures, SETTINGS) == pause


@pytest.fixture
def part(tmp_path: Path) -> Iterator[Callable[[str], tuple[Part, Clock]]]:
    """A part of a small program, and the clock it goes by."""
    parts: list[Part] = []

    def made(program: str) -> tuple[Part, Clock]:
        def start() -> ManagedProcess:
            return ManagedProcess.start("child", [sys.executable, "-c", program], home=tmp_path, env=os.environ)

        clock = Clock()
        parts.append(Part("the child", start, SETTINGS, process=start(), clock=clock))
        return parts[-1], clock

    yield made
    stop_parts(parts, timeout_s=5)


def kill(process: ManagedProcess) -> None:
    os.kill(process.pid, signal.SIGKILL)
    wait_for_end(process)


def wait_for_end(process: ManagedProcess) -> None:
    deadline = time.monotonic() + 20
    while process.is_running():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_runs_is_left_alone(part: Callable[[str], tuple[Part, Clock]]) -> None:
    child, _ = part(SLEEPS)
    first = child.process.pid
    assert not child.tick()
    assert child.process.pid == first
    child.check()


def test_a_killed_child_is_started_again_after_the_pause(
    part: Callable[[str], tuple[Part, Clock]], capsys: pytest.CaptureFixture[str]
) -> None:
    child, clock = part(SLEEPS)
    first = child.process
    kill(first)

    assert child.tick()
    assert "the child ended unexpectedly: next start in 1 s; its log: " in capsys.readouterr().err
    clock.now = 0.9
    assert not child.tick()
    assert child.process is first
    clock.now = 1.0
    assert child.tick()
    assert child.process.pid != first.pid
    child.check()
    assert child.recent_failures == 1


def test_a_child_that_keeps_dying_ends_the_service_and_says_so_loudly(
    part: Callable[[str], tuple[Part, Clock]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    child, clock = part("raise SystemExit(1)")
    cfg = load_config(home=tmp_path, environ={})
    with pytest.raises(ServiceStopped) as stopped:
        for _ in range(100):
            wait_for_end(child.process)
            keep_running([child], cfg)
            clock.now += 1.0
    log = tmp_path / "logs" / "child.log"
    assert str(stopped.value) == (f"the child ended 5 times within 100 s: no further start; its log says why: {log}")
    assert stopped.value.exit_code == 7
    said = capsys.readouterr().err
    assert said.count(": next start in") == 4
    assert "the child ended too often: the service ends\n" in said
    assert read_restarts(tmp_path) == {"the child": 4}


def test_a_child_that_cannot_be_started_counts_as_one_that_died(tmp_path: Path) -> None:
    def start() -> ManagedProcess:
        raise EnvironmentProblem("no port", remedy="stop the other")

    clock = Clock()
    done = ManagedProcess.start("child", [sys.executable, "-c", ""], home=tmp_path, env=os.environ)
    child = Part("the child", start, SETTINGS, process=done, clock=clock)
    wait_for_end(done)
    with pytest.raises(ServiceStopped, match="the child ended 5 times"):
        for _ in range(100):
            child.tick()
            clock.now += 1.0


def test_what_somebody_else_started_is_theirs_to_stop(tmp_path: Path) -> None:
    def start() -> ManagedProcess:
        return ManagedProcess.start("child", [sys.executable, "-c", SLEEPS], home=tmp_path, env=os.environ)

    theirs, clock = start(), Clock()
    child = Part("the child", start, SETTINGS, process=theirs, is_ours=False, clock=clock)
    child.stop(timeout_s=5)
    assert theirs.is_running()
    kill(theirs)
    child.tick()
    clock.now = 1.0
    child.tick()
    child.check()
    child.stop(timeout_s=5)
    assert not child.process.is_running()
