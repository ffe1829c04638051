"""Parts of a running service that end by themselves are started again, later each time, and at some point no more."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence

from spotistream.config import Supervisor
from spotistream.errors import ServiceStopped, SpotistreamError
from spotistream.services.process import ManagedProcess


def pause_after(failures: Sequence[float], settings: Supervisor) -> float | None:
    """Seconds to wait before the next start; ``None`` where there is to be none.

    failures : when the part ended, in seconds, ascending; the last one is now
    """
    recent = recent_failures(failures, settings)
    if len(recent) >= settings.failures:
        return None
    return min(settings.longest_pause_seconds, settings.pause_seconds * 2.0 ** (len(recent) - 1))


def recent_failures(failures: Sequence[float], settings: Supervisor) -> list[float]:
    """Those that count: within the window that ends with the last one."""
    return [at for at in failures if failures[-1] - at < settings.window_seconds]


class Part:
    """A process of the service that is to run on; ``tick`` is called often and, unless it starts one, returns at once.

    asked_at : finds the process SIGTERM goes to, where it is not the one that was started
    is_ours : without, somebody else started the process and stops it; what is started in its place is ours
    """

    def __init__(
        self,
        name: str,
        start: Callable[[], ManagedProcess],
        settings: Supervisor,
        *,
        process: ManagedProcess,
        asked_at: Callable[[], int | None] = lambda: None,
        is_ours: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name, self.process = name, process
        self._start, self._settings, self._asked_at, self._is_ours = start, settings, asked_at, is_ours
        self._clock = clock
        self._failures: list[float] = []
        self._due: float | None = None

    @property
    def recent_failures(self) -> int:
        """How often it has ended by itself of late."""
        now = self._clock()
        return sum(now - at < self._settings.window_seconds for at in self._failures)

    def check(self) -> None:
        """Raises ``ServiceStopped`` where it does not run."""
        if not self.process.is_running():
            raise ServiceStopped(self.name, self.process.log_file)

    def tick(self) -> bool:
        """Start it again, if it has ended and the pause is over; whether anything happened.

        Raises ``ServiceStopped`` once it has ended too often.
        """
        if self._due is None:
            if self.process.is_running():
                return False
            self._ended("ended unexpectedly")
            return True
        if self._clock() < self._due:
            return False
        self._due = None
        self.process.stop(timeout_s=0.0)  # what it left in its group
        try:
            self.process, self._is_ours = self._start(), True
        except SpotistreamError as exc:
            self._ended(f"could not be started ({exc})")
        return True

    def stop(self, *, timeout_s: float) -> None:
        """End it, where it is ours."""
        if self._is_ours:
            self.process.stop(timeout_s=timeout_s, ask=self._asked_at())

    def _ended(self, how: str) -> None:
        self._failures = recent_failures([*self._failures, self._clock()], self._settings)
        pause = pause_after(self._failures, self._settings)
        if pause is None:
            raise ServiceStopped(
                self.name, self.process.log_file, times=len(self._failures), window_s=self._settings.window_seconds
            )
        warn(f"{self.name} {how}: next start in {pause:g} s; its log: {self.process.log_file}")
        self._due = self._clock() + pause


def warn(text: str) -> None:
    """A line on standard error, with the time."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)  # noqa: T201
