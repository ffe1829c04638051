"""Child processes, with small Python programs as children."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from spotistream.errors import EnvironmentProblem
from spotistream.services.process import ManagedProcess, birth, find_process, last_line, record_file, wait_until

SLEEPS = "print('ready', flush=True); import time; time.sleep(60)"
IGNORES_SIGTERM = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPS}"
STARTS_ANOTHER = (
    f"import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', {SLEEPS!r}]); print(p.pid); {SLEEPS}"
)
PARENT = f"""
import os, sys
from pathlib import Path
from spotistream.services.process import ManagedProcess
child = ManagedProcess.start("child", [sys.executable, "-c", {SLEEPS!r}], home=Path(sys.argv[1]), env=os.environ)
print(child.pid, flush=True)
import time; time.sleep(60)
"""
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., ManagedProcess]]:
    started: list[ManagedProcess] = []

    def start(program: str, name: str = "child") -> ManagedProcess:
        child = ManagedProcess.start(name, [sys.executable, "-c", program], home=tmp_path, env=os.environ)
        started.append(child)
        wait_until(lambda: "ready" in child.log_file.read_text(), child, timeout_s=20, remedy="")
        return child

    yield start
    for child in started:
        child.stop(timeout_s=1)


def gone(pid: int, within_s: float = 5.0) -> bool:
    deadline = time.monotonic() + within_s
    while birth(pid) is not None and time.monotonic() < deadline:
        time.sleep(0.02)
    return birth(pid) is None


def test_a_child_is_found_by_its_record_until_it_is_stopped(start, tmp_path: Path) -> None:
    child = start(SLEEPS)

    found = find_process(tmp_path, "child")
    assert found is not None
    assert (found.pid, found.born) == (child.pid, child.born)

    child.stop(timeout_s=5)

    assert gone(child.pid, 0)
    assert find_process(tmp_path, "child") is None
    assert not record_file(tmp_path, "child").exists()


def test_a_child_that_does_not_listen_is_ended(start) -> None:
    child = start(IGNORES_SIGTERM)

    child.stop(timeout_s=0.2)

    assert gone(child.pid, 0)


def test_what_a_child_started_goes_with_it(start) -> None:
    child = start(STARTS_ANOTHER)
    grandchild = int(child.log_file.read_text().split()[0])

    child.stop(timeout_s=5)

    assert gone(grandchild)


def test_a_child_does_not_get_the_terminals_ctrl_c(start) -> None:
    assert os.getpgid(start(SLEEPS).pid) != os.getpgid(0)


def test_a_second_start_stops_the_first(start) -> None:
    first, second = start(SLEEPS), start(SLEEPS)

    assert gone(first.pid)
    assert second.is_running()


def test_a_stranger_with_the_recorded_id_is_left_alone(start, tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", SLEEPS], stdout=subprocess.DEVNULL) as stranger:
        record = record_file(tmp_path, "child")
        record.parent.mkdir()
        record.write_text(json.dumps({"name": "child", "pid": stranger.pid, "born": 1, "parent": 1, "parent_born": 1}))

        assert find_process(tmp_path, "child") is None
        start(SLEEPS)

        assert stranger.poll() is None
        stranger.kill()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"pid": "x", "born": 1}', '{"pid": 1, "born": 0}'])
def test_a_broken_record_is_no_process(tmp_path: Path, content: str) -> None:
    record_file(tmp_path, "child").parent.mkdir()
    record_file(tmp_path, "child").write_text(content)

    assert find_process(tmp_path, "child") is None


def test_a_child_whose_parent_is_gone_is_an_orphan(start, tmp_path: Path) -> None:
    start(SLEEPS)
    record = record_file(tmp_path, "child")
    found = find_process(tmp_path, "child")
    assert found is not None
    assert not found.is_orphan

    record.write_text(json.dumps({**json.loads(record.read_text()), "parent_born": 1}))

    found = find_process(tmp_path, "child")
    assert found is not None
    assert found.is_orphan


@linux_only
def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)

    assert gone(pid)


def test_a_child_that_ends_while_starting_is_named_with_its_last_word(start, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="child ended while starting: SystemExit: no port; look there"):
        child = ManagedProcess.start(
            "child", [sys.executable, "-c", "print('SystemExit: no port')"], home=tmp_path, env=os.environ
        )
        wait_until(lambda: False, child, timeout_s=20, remedy="look there")


def test_a_child_that_is_never_ready_is_named(start) -> None:
    child = start(SLEEPS)

    with pytest.raises(EnvironmentProblem, match=r"child did not become ready in 0\.1 s"):
        wait_until(lambda: False, child, timeout_s=0.1, remedy="")


def test_a_command_that_is_missing_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="child cannot be started"):
        ManagedProcess.start("child", [str(tmp_path / "none")], home=tmp_path, env=os.environ)


def test_the_log_of_the_last_start_is_kept(start, tmp_path: Path) -> None:
    start("print('first ready', flush=True); import time; time.sleep(60)")
    start(SLEEPS)

    assert last_line(tmp_path / "logs" / "child.previous.log") == "first ready"
    assert last_line(tmp_path / "logs" / "child.log") == "ready"
