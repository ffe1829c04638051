"""What a running stream does while the broker or the store is away: it keeps the batch and tries again."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Iterable

from py4j.protocol import Py4JJavaError
from pymongo.errors import ConnectionFailure
from pyspark.errors.exceptions.captured import CapturedException
from pyspark.sql.streaming.query import StreamingQuery

from spotistream.errors import ServiceUnavailable, SpotistreamError

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 5.0
ANSWERED_WITHIN_S = 4.0
"""A query that asks the broker where its topic ends gets the answer in milliseconds, or waits in vain."""
_KAFKA_IS_AWAY = re.compile(
    r"org\.apache\.kafka\.common\.errors\.(Timeout|Disconnect|Network|NotLeader|LeaderNotAvailable|BrokerNotAvailable)"
    r"[^\n]*|Cannot fetch (record|offset)[^\n]*"
)
"""How a task tells of a broker that it could not reach: in the text of Spark's own error."""


class AskedToStop(Exception):
    """The query is to end while a batch waits for a service; the batch is computed again at the next start."""


class StoreRestarted(SpotistreamError):
    """The store was started anew while a batch was written, and may have lost the first part of it."""

    def __init__(self) -> None:
        super().__init__("the document store was started anew in the middle of a batch")


def is_outage(error: BaseException) -> bool:
    """The broker or the store does not answer, or went away in the middle: the same may succeed later."""
    if isinstance(error, ServiceUnavailable | StoreRestarted | ConnectionFailure):
        return True
    return isinstance(error, CapturedException | Py4JJavaError) and bool(_KAFKA_IS_AWAY.search(str(error)))


def until_written(write: Callable[[], None], *, name: str, ending: threading.Event) -> None:
    """Call ``write``, again after each outage, until it succeeds.

    The pauses double from ``FIRST_PAUSE_S`` to ``LONGEST_PAUSE_S``. The log has a line at the first failure and one at
    the end of the outage. Raises ``AskedToStop`` once ``ending`` is set, and any error that is no outage.
    """
    since, pause = time.monotonic(), FIRST_PAUSE_S
    failures = 0
    while True:
        try:
            write()
            break
        except Exception as exc:
            if not is_outage(exc):
                raise
            failures += 1
            if failures == 1:
                log.warning("%s: %s; what it has read is kept and written when that is back", name, reason(exc))
            if ending.wait(pause):
                raise AskedToStop(name) from exc
            pause = min(2 * pause, LONGEST_PAUSE_S)
    if failures:
        log.warning("%s: written after %.1f s and %d tries", name, time.monotonic() - since, failures + 1)


def reason(error: BaseException) -> str:
    """What an outage is about, in one line."""
    text = str(error).strip() or type(error).__name__
    found = _KAFKA_IS_AWAY.search(text)
    return (found[0] if found else text.splitlines()[0])[:200]


class BrokerWatch:
    """Says in the log when the queries wait for a broker that is away, and when it is back."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._asking: dict[str, float] = {}
        self._away_since: float | None = None

    def look(self, queries: Iterable[StreamingQuery]) -> None:
        """To be called about twice a second."""
        now = time.monotonic()
        self._asking = {query.id: self._asking.get(query.id, now) for query in queries if asks_the_broker(query)}
        longest = min(self._asking.values(), default=now)
        if self._away_since is None and now - longest > ANSWERED_WITHIN_S:
            self._away_since = longest
            log.warning("Kafka at %s does not answer; events wait there and are read when it is back", self._address)
        elif self._away_since is not None and not self._asking:
            log.warning("Kafka at %s answers again, after %.0f s", self._address, now - self._away_since)
            self._away_since = None


def asks_the_broker(query: StreamingQuery) -> bool:
    """The query is asking where its topic ends."""
    return query.isActive and str(query.status["message"]).startswith("Getting offsets")
