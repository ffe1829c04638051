"""Where other processes find the figures: a file of the home, and documents of the store."""

from __future__ import annotations

import json
import logging
import os
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from spotistream.config import EMBEDDED, Config
from spotistream.files import replace_text
from spotistream.io.documents import replace_documents
from spotistream.monitoring.board import Board
from spotistream.monitoring.figures import QueryFigures
from spotistream.services.process import birth
from spotistream.tables import STREAM_STATUS

log = logging.getLogger(__name__)

OF_PROCESS = ("application", "host", "pid", "born")
"""What is said of the process a query runs in."""


def record_of(board: Board) -> dict[str, Any]:
    """What is published of an application: the process it runs in, and its queries."""
    return {
        "application": board.application,
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "born": birth(os.getpid()),
        "queries": [one.as_dict() for one in board.figures()],
    }


def record_file(home: Path, application: str) -> Path:
    """Where an application of this home publishes its figures."""
    return home / "run" / "status" / f"{application}.json"


def read_records(home: Path) -> list[dict[str, Any]]:
    """What the applications of this home have published; those that run, and those that have ended."""
    found = []
    for file in sorted(record_file(home, "x").parent.glob("[!.]*.json")):
        try:
            record = json.loads(file.read_text(encoding="utf-8"))
            if not {*OF_PROCESS, "queries"} <= record.keys():
                raise ValueError("it is not what this version writes")
        except (OSError, ValueError, AttributeError) as exc:
            log.warning("%s is left out: %s", file, exc)
        else:
            found.append(record)
    return found


def published_before(home: Path, application: str) -> dict[str, QueryFigures]:
    """What the last run of an application said of its queries."""
    records = [record for record in read_records(home) if record.get("application") == application]
    return {one["query"]: QueryFigures.from_dict(one) for record in records for one in record["queries"]}


def note_restarts(home: Path, counts: Mapping[str, int]) -> None:
    """How often each part of the service was started again of late."""
    replace_text(home / "run" / "restarts.json", json.dumps(dict(counts)))


def read_restarts(home: Path) -> dict[str, int]:
    """What was noted; nothing where all has run since the service started."""
    try:
        return dict(json.loads((home / "run" / "restarts.json").read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


class Publisher:
    """Writes what has changed on a board into the home and the store. A store that is away costs its documents only."""

    def __init__(self, board: Board, cfg: Config) -> None:
        self._board, self._cfg = board, cfg
        self._in_home = self._in_store = -1
        self._client: MongoClient[dict[str, Any]] | None = None
        if cfg.mongo.uri != EMBEDDED:
            self._client = MongoClient(
                cfg.mongo.uri, connect=False, serverSelectionTimeoutMS=1000, socketTimeoutMS=2000
            )

    def publish(self) -> None:
        """Publish, where anything changed since the last time."""
        changes = self._board.changes
        if changes == self._in_home == self._in_store:
            return
        record = record_of(self._board)
        try:
            replace_text(record_file(self._cfg.home, self._board.application), json.dumps(record))
            self._in_home = changes
        except OSError as exc:
            log.debug("the figures of the streams cannot be written: %s", exc)
        try:
            self._store(record)
            self._in_store = changes
        except PyMongoError as exc:
            log.debug("the figures of the streams are not in the store: %s", exc)

    def _store(self, record: dict[str, Any]) -> None:
        if self._client is None:
            return
        of_process = {name: record[name] for name in OF_PROCESS}
        documents = [{"_id": one["query"], **of_process, **one} for one in record["queries"]]
        replace_documents(self._client[self._cfg.mongo.database], STREAM_STATUS, documents)

    def close(self) -> None:
        """Publish the last figures and let go of the store."""
        self._in_home = self._in_store = -1
        self.publish()
        if self._client is not None:
            self._client.close()


@contextmanager
def published(board: Board, cfg: Config) -> Iterator[None]:
    """Publish the board every ``monitoring.publish_seconds`` while the block runs, and once at its end."""
    done = threading.Event()
    publisher = Publisher(board, cfg)

    def run() -> None:
        while not done.wait(cfg.monitoring.publish_seconds):
            publisher.publish()

    thread = threading.Thread(target=run, name="stream-status", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(timeout=10)
        publisher.close()
