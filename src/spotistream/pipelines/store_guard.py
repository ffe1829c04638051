"""Notices that the store was started anew, and gives back to it what it may have lost.

A store that is killed may lose its last writes although it confirmed them. Every table is in topic ``recommendations``
too, and is written there after the store. So: a mark in the store says up to which position of the topic everything
is in it for certain, because the same process of the store still ran a second later. When another process answers, and
at the start of the query, the topic is read again from the mark on, or from its beginning where there is no mark.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pymongo.database import Database
from pymongo.errors import PyMongoError

from spotistream.config import Config, Mongo
from spotistream.errors import ServiceUnavailable
from spotistream.io.documents import database, server_identity
from spotistream.pipelines.outages import StoreRestarted
from spotistream.pipelines.stored_recommendations import SnapshotTopic, replay
from spotistream.serving.topic_reader import Positions
from spotistream.tables import RECOMMENDATIONS_TOPIC, STORE_MARKS

log = logging.getLogger(__name__)

DURABLE_AFTER_S = 0.5
"""Longer than a store takes to bring a write to the disk."""
LOOK_EVERY_S = 2 * DURABLE_AFTER_S


@contextmanager
def outlived(mongo: Mongo) -> Iterator[None]:
    """For writes nobody waits for: when the block is left, what it wrote to the store is there for certain.

    Raises ``StoreRestarted`` where the process of the store at the beginning is not the one a moment after the end.
    """
    with database(mongo) as db:
        before = server_identity(db)
        yield
        time.sleep(DURABLE_AFTER_S)
        if server_identity(db) != before:
            raise StoreRestarted


class StoreGuard:
    """Of one query that writes tables to the store first and to the topic second."""

    def __init__(self, cfg: Config, db: Database[dict[str, Any]]) -> None:
        self._db = db
        self._topic = SnapshotTopic(cfg.kafka)
        self._restarts = 0
        self._identity: str | None = None
        self._marked: Positions = {}
        self._seen: Positions | None = None

    def catch_up(self) -> None:
        """Give the store what it lacks; to be called before the first batch.

        Raises ``ServiceUnavailable`` or ``PyMongoError`` where a service is away.
        """
        self._identity = server_identity(self._db)
        log.info("%d tables of topic %s read again into the store", self._read_again(), RECOMMENDATIONS_TOPIC.name)

    @contextmanager
    def unbroken(self) -> Iterator[None]:
        """Raises ``StoreRestarted`` at the end of the block where the store was found to be another meanwhile."""
        restarts = self._restarts
        yield
        if self._restarts != restarts:
            raise StoreRestarted

    def watch(self, is_active: Callable[[], bool], *, afterwards: Callable[[], object]) -> None:
        """Look every second, from a thread of its own, for as long as the query is active; then call ``afterwards``."""

        def run() -> None:
            pause = threading.Event()
            while not pause.wait(LOOK_EVERY_S) and is_active():
                try:
                    self.look()
                except (ServiceUnavailable, PyMongoError) as exc:
                    log.debug("the store cannot be looked after: %s", exc)
            self._topic.close()
            afterwards()

        threading.Thread(target=run, name="store-guard", daemon=True).start()

    def look(self) -> None:
        """Compare the store's process with the one of the last look; move the mark, or read the topic again.

        Raises ``ServiceUnavailable`` or ``PyMongoError`` where a service is away: the next look does it then.
        """
        ends, identity = self._topic.ends(), server_identity(self._db)
        if identity != self._identity:
            self._restarts += 1  # before the topic's end is read again: a batch in hand sees this, or is in the topic
            self._seen = None
            log.warning("the document store was started anew; %d tables were read into it again", self._read_again())
            self._identity = identity
            return
        if self._seen is not None and self._seen != self._marked:
            positions = {str(number): offset for number, offset in self._seen.items()}
            mark = {"_id": RECOMMENDATIONS_TOPIC.name, "positions": positions}
            self._db[STORE_MARKS.name].replace_one({"_id": mark["_id"]}, mark, upsert=True)
            self._marked = self._seen
        self._seen = ends

    def _read_again(self) -> int:
        mark = self._db[STORE_MARKS.name].find_one({"_id": RECOMMENDATIONS_TOPIC.name})
        self._marked = {int(number): offset for number, offset in mark["positions"].items()} if mark else {}
        return replay(self._topic, self._db, self._marked)
