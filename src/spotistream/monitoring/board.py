"""The figures of every query of this process."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from spotistream.monitoring import figures as of
from spotistream.monitoring.figures import QueryFigures
from spotistream.monitoring.notes import NOTES, Notes


class Board:
    """Figures by query; changed by the listener's thread, read by others.

    previous : what the last run of the application published, by query
    """

    def __init__(
        self, application: str, *, notes: Notes = NOTES, previous: Mapping[str, QueryFigures] = MappingProxyType({})
    ) -> None:
        self._previous = previous
        self.application, self.notes = application, notes
        self._lock = threading.Lock()
        self._figures: dict[str, QueryFigures] = {}
        self._names: dict[str, str] = {}
        self.changes = 0

    def started(self, run_id: str, name: str, *, now: float) -> None:
        """A run of a query begins."""
        with self._lock:
            self._names[run_id] = name
            before = self._figures.get(name) or self._previous.get(name)
            self._set(of.after_start(name, now=now, before=before))

    def progressed(self, progress: Mapping[str, Any], *, now: float) -> None:
        """A batch has ended. Queries without a name, such as those that only warm up, have no place here."""
        with self._lock:
            if (before := self._of_run(str(progress["runId"]))) is not None:
                self._set(of.after_progress(before, progress, now=now))

    def idled(self, run_id: str, *, now: float) -> None:
        """A query has found nothing new."""
        with self._lock:
            if (before := self._of_run(run_id)) is not None:
                self._set(of.after_idle(before, now=now))

    def ended(self, run_id: str, error: str | None, *, now: float) -> QueryFigures | None:
        """A run of a query is over; its last figures, ``None`` for one that has no place here."""
        with self._lock:
            if (before := self._of_run(run_id)) is None:
                return None
            last = of.after_end(before, error, now=now)
            self._set(last)
            return last

    def figures(self) -> list[QueryFigures]:
        """Of every query that was started, with what its writes noted."""
        with self._lock:
            found = list(self._figures.values())
        return [self._with_notes(one) for one in found]

    def is_over(self) -> bool:
        """Every query that was started has ended."""
        with self._lock:
            return all(one.state in (of.FAILED, of.STOPPED) for one in self._figures.values())

    def _with_notes(self, one: QueryFigures) -> QueryFigures:
        seen = self.notes.latencies_of(one.query)
        return replace(
            one,
            rejected=self.notes.rejected_of(one.query),
            latency_p50_s=None if seen is None else seen.p50_s,
            latency_p95_s=None if seen is None else seen.p95_s,
        )

    def _of_run(self, run_id: str) -> QueryFigures | None:
        name = self._names.get(run_id)
        return None if name is None else self._figures[name]

    def _set(self, figures: QueryFigures) -> None:
        self._figures[figures.query] = figures
        self.changes += 1
