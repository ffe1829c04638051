"""Spark's reports of its streaming queries, onto the board."""

from __future__ import annotations

import json
import logging
import time
from typing import Any

from pyspark import SparkContext
from pyspark.sql.streaming.listener import (
    JStreamingQueryListener,
    QueryIdleEvent,
    QueryProgressEvent,
    QueryStartedEvent,
    QueryTerminatedEvent,
    StreamingQueryListener,
)

from spotistream.monitoring.board import Board

log = logging.getLogger(__name__)


class StreamListener(StreamingQueryListener):
    """Keeps a board up to date. Spark calls it from a thread of its own, so no batch waits for it."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def onQueryStarted(self, event: QueryStartedEvent) -> None:  # noqa: N802 - Spark's name
        if event.name is not None:
            self._board.started(str(event.runId), event.name, now=time.time())

    def onQueryProgress(self, event: QueryProgressEvent) -> None:  # noqa: N802 - Spark's name
        self.on_progress(event.progress.json)

    def on_progress(self, progress: str) -> None:
        """The same, of the report as JSON."""
        self._board.progressed(json.loads(progress), now=time.time())

    def onQueryIdle(self, event: QueryIdleEvent) -> None:  # noqa: N802 - Spark's name
        self._board.idled(str(event.runId), now=time.time())

    def onQueryTerminated(self, event: QueryTerminatedEvent) -> None:  # noqa: N802 - Spark's name
        ended = self._board.ended(str(event.runId), event.exception, now=time.time())
        if ended is not None and ended.error is not None:
            log.error("query %s failed: %s; spotistream status says what to do", ended.query, ended.error)

    @property
    def _jlistener(self) -> Any:
        if not hasattr(self, "_wrapped"):
            jvm: Any = SparkContext._jvm
            self._wrapped = jvm.PythonStreamingQueryListenerWrapper(_ProgressAsJson(self))
        return self._wrapped


class _ProgressAsJson(JStreamingQueryListener):
    """Takes each report as one string. PySpark fetches it field by field, at 0.1-0.5 s of processor time a batch."""

    def onQueryProgress(self, jevent: Any) -> None:  # noqa: N802 - Spark's name
        self.pylistener.on_progress(str(jevent.progress().json()))  # type: ignore[attr-defined]
