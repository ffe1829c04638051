"""New, changed and removed files of a running service's folder of music, taken up without a restart."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from spotistream.catalogue.folder import is_uri
from spotistream.config import Config
from spotistream.launch import child_environment, say
from spotistream.pipelines import staleness
from spotistream.services.process import ManagedProcess

NAME = "new-tracks"
JOBS = ("extract_features", "publish")


def command() -> list[str]:
    """What takes up the folder."""
    return [sys.executable, "-m", "spotistream.cli", "run", "--only-stale", *JOBS]


class FolderWatch:
    """Looks at the folder every ``catalogue.watch_seconds``; ``tick`` is called often and returns at once.

    A change is acted on when two looks see the same: a file that is still being copied is not half read. The jobs run
    in a process of their own; one that fails is tried again when the folder changes.
    """

    def __init__(self, cfg: Config, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._cfg, self._clock = cfg, clock
        self._watches = cfg.catalogue.watch_seconds > 0 and bool(cfg.audio.folder) and not is_uri(cfg.audio.folder)
        self._next = clock() + cfg.catalogue.watch_seconds
        self._seen: str | None = None
        self._tried: str | None = None
        self._process: ManagedProcess | None = None

    def tick(self) -> None:
        """Look, if it is time; start the jobs, if there is something new."""
        if not self._watches or self._clock() < self._next or self._busy():
            return
        self._next = self._clock() + self._cfg.catalogue.watch_seconds
        found = staleness.fingerprint(self._cfg, JOBS[0])
        settled, self._seen = found == self._seen, found
        if not settled or found == self._tried or not staleness.is_stale(self._cfg, JOBS[0], found):
            return
        self._tried = found
        say(f"[{time.strftime('%H:%M:%S')}] the folder of music has changed: taking it up")
        self._process = ManagedProcess.start(NAME, command(), home=self._cfg.home, env=child_environment(self._cfg))

    def stop(self) -> None:
        """End the jobs that are under way; the next start takes up what they left."""
        if self._process is not None:
            self._process.stop(timeout_s=10)
            self._process = None

    def _busy(self) -> bool:
        """The jobs are running; when they have ended, says how."""
        if self._process is None:
            return False
        if self._process.is_running():
            return True
        lines = self._process.log_file.read_text(encoding="utf-8", errors="replace").splitlines()
        told = [line for line in lines if line.startswith((*(f"{job}: " for job in JOBS), "spotistream: "))]
        for line in told or [f"taking up the folder of music failed: see {self._process.log_file}"]:
            say(f"[{time.strftime('%H:%M:%S')}] {line}")
        self._process.stop(timeout_s=1)
        self._process = None
        return False
