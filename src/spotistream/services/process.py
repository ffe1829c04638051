"""Child processes: started apart from the terminal, known by a record in the home, stopped by their process id.

The record says which process it was (id and time of birth), so what a killed parent left behind is recognised at the
next start, and a stranger that was given the same id later is not.
"""

from __future__ import annotations

import calendar
import contextlib
import ctypes
import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from spotistream.errors import EnvironmentProblem

log = logging.getLogger(__name__)

_POLL_S = 0.05
_PR_SET_PDEATHSIG = 1


@dataclass
class ManagedProcess:
    """A child process of one home.

    born : when it was started (see ``birth``); 0 where that is not known
    is_orphan : the process that started it is gone, so it is ending, or was left behind
    """

    name: str
    pid: int
    born: int
    record: Path
    log_file: Path
    is_orphan: bool = False
    _handle: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @classmethod
    def start(
        cls, name: str, command: Sequence[str], *, home: Path, env: Mapping[str, str], cwd: Path | None = None
    ) -> ManagedProcess:
        """Start ``command`` in a session of its own, its output in ``logs/NAME.log``.

        What an earlier start of the same name left running is stopped first. On Linux the child is asked to stop when
        the thread that started it ends, however this process dies: so start it from the main thread. Raises
        ``EnvironmentProblem`` where the command cannot be started.
        """
        if (leftover := find_process(home, name)) is not None:
            log.warning("stopping %s (process %d), which an earlier start left running", name, leftover.pid)
            leftover.stop(timeout_s=10)
        record, log_file = record_file(home, name), home / "logs" / f"{name}.log"
        for folder in (record.parent, log_file.parent):
            folder.mkdir(parents=True, exist_ok=True)
        keep_previous(log_file)
        try:
            with log_file.open("wb") as output:
                handle = subprocess.Popen(
                    list(command),
                    env=dict(env),
                    cwd=cwd,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    preexec_fn=_die_with_parent() if sys.platform == "linux" else None,
                )
        except OSError as exc:
            raise EnvironmentProblem(f"{name} cannot be started ({exc})", remedy="run scripts/setup again") from exc
        child = cls(name, handle.pid, birth(handle.pid) or 0, record, log_file, _handle=handle)
        parent = {"parent": os.getpid(), "parent_born": birth(os.getpid())}
        record.write_text(json.dumps({"name": name, "pid": child.pid, "born": child.born, **parent}), encoding="utf-8")
        return child

    def is_running(self) -> bool:
        """The process is there and is the one that was started."""
        if self._handle is not None:
            return self._handle.poll() is None
        return birth(self.pid) == self.born

    def stop(self, *, timeout_s: float, ask: int | None = None) -> None:
        """Ask it to end; after ``timeout_s`` end its whole group. Returns when it is gone.

        ``ask`` is the process of its group that is asked, where that is not the child itself.
        """
        if self.is_running():
            _signal(os.kill, ask or self.pid, signal.SIGTERM)
            if not self._gone_within(timeout_s):
                log.warning("%s did not stop in %g s and is ended", self.name, timeout_s)
        # The group also holds what the process itself left behind.
        _signal(os.killpg, self.pid, signal.SIGKILL)
        if not self._gone_within(5.0):
            log.error("%s (process %d) cannot be ended", self.name, self.pid)
        self.record.unlink(missing_ok=True)

    def _gone_within(self, timeout_s: float) -> bool:
        deadline = time.monotonic() + timeout_s
        while self.is_running():
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_S)
        return True


def find_process(home: Path, name: str) -> ManagedProcess | None:
    """The process of this name that the home's record tells of, where it still runs."""
    record = record_file(home, name)
    try:
        facts = json.loads(record.read_text(encoding="utf-8"))
        is_orphan = birth(int(facts["parent"])) != facts["parent_born"]
        log_file = home / "logs" / f"{name}.log"
        child = ManagedProcess(name, int(facts["pid"]), int(facts["born"]), record, log_file, is_orphan)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return child if child.born and child.is_running() else None


def record_file(home: Path, name: str) -> Path:
    """Where the record of a process stands."""
    return home / "run" / f"{name}.process.json"


def birth(pid: int) -> int | None:
    """When the process was started, to tell it from a later one of the same id; ``None`` where it does not run.

    Clock ticks since boot on Linux, seconds since 1970 elsewhere.
    """
    if sys.platform != "linux":
        return _birth_by_ps(pid)
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    state, *others = stat.rpartition(")")[2].split()
    return None if state == "Z" else int(others[18])


def _birth_by_ps(pid: int) -> int | None:
    command = ["ps", "-o", "stat=,lstart=", "-p", str(pid)]
    state, _, started = (
        subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C", "TZ": "UTC"})
        .stdout.strip()
        .partition(" ")
    )
    if not started or state.startswith("Z"):
        return None
    return calendar.timegm(time.strptime(started.strip(), "%a %b %d %H:%M:%S %Y"))


def keep_previous(log_file: Path) -> None:
    """The log of the last start stays beside the new one."""
    if log_file.exists():
        log_file.replace(log_file.with_suffix(".previous.log"))


def wait_until(
    ready: Callable[[], bool], child: ManagedProcess, *, timeout_s: float, remedy: str, poll_s: float = _POLL_S
) -> None:
    """Wait for a child to be ready. Raises ``EnvironmentProblem`` where it ends before, or the time is up."""
    deadline = time.monotonic() + timeout_s
    while not ready():
        if not child.is_running():
            raise EnvironmentProblem(f"{child.name} ended while starting: {last_line(child.log_file)}", remedy=remedy)
        if time.monotonic() > deadline:
            raise EnvironmentProblem(f"{child.name} did not become ready in {timeout_s:g} s", remedy=remedy)
        time.sleep(poll_s)


def last_line(log_file: Path) -> str:
    """What a log ends with."""
    try:
        lines = log_file.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        lines = []
    return lines[-1] if lines else "it wrote no log"


def _signal(send: Callable[[int, int], None], pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        send(pid, number)


def _die_with_parent() -> Callable[[], None]:
    libc = ctypes.CDLL(None, use_errno=True)
    return lambda: libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
