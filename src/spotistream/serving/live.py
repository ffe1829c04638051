"""Pushes each refreshed recommendation table to the browsers of its listener.

One consumer of topic ``recommendations`` in a background thread; any number of asyncio subscribers. A subscriber that
is slow misses versions in between and gets the newest: only that one matters.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from spotistream.config import Kafka
from spotistream.serving.topic_tail import TopicTail
from spotistream.serving.views import Recommendations, recommendations_view
from spotistream.tables import RECOMMENDATIONS_TOPIC

log = logging.getLogger(__name__)


class FeedClosed(Exception):
    """The feed has ended; so does the subscription."""


class Subscription:
    """What one browser waits on. ``get`` returns None when updates may have been missed: read the store again."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[Recommendations | FeedClosed | None] = asyncio.Queue(maxsize=1)

    async def get(self) -> Recommendations | None:
        item = await self._queue.get()
        if isinstance(item, FeedClosed):
            raise item
        return item

    def put(self, item: Recommendations | FeedClosed | None) -> None:
        """From any thread; replaces what has not been taken yet."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._replace, item)

    def _replace(self, item: Recommendations | FeedClosed | None) -> None:
        if self._queue.full():
            self._queue.get_nowait()
        self._queue.put_nowait(item)


class RecommendationFeed:
    """Starts at the end of the topic: what was refreshed before is in the store."""

    def __init__(self, kafka: Kafka) -> None:
        self._lock = threading.Lock()
        self._subscriptions: dict[str, set[Subscription]] = defaultdict(set)
        self._newest: dict[str, Recommendations] = {}
        self._closing = threading.Event()
        self._tail = TopicTail(
            kafka,
            RECOMMENDATIONS_TOPIC,
            lambda key, value, _sent_s: self._receive(key, value),
            on_connection=lambda: self._tell_all(None),
            told="live updates: the Kafka broker does not answer",
        )

    @property
    def connected(self) -> bool:
        """What is refreshed now is pushed."""
        return self._tail.connected

    def start(self) -> None:
        self._tail.start()

    def close(self, timeout_s: float = 2.0) -> None:
        """End every subscription and the consumer."""
        self._closing.set()
        self._tell_all(FeedClosed())
        self._tail.close(timeout_s)

    @contextmanager
    def subscribe(self, user_id: str) -> Iterator[Subscription]:
        """What is refreshed for one listener from now on, while the block runs."""
        subscription = Subscription()
        with self._lock:
            self._subscriptions[user_id].add(subscription)
        if self._closing.is_set():
            subscription.put(FeedClosed())
        try:
            yield subscription
        finally:
            with self._lock:
                self._subscriptions[user_id].discard(subscription)
                if not self._subscriptions[user_id]:
                    del self._subscriptions[user_id]
                    self._newest.pop(user_id, None)

    def newest(self, user_id: str) -> Recommendations | None:
        """The last table pushed to a listener who is connected: the store may be a moment behind it."""
        with self._lock:
            return self._newest.get(user_id)

    def deliver(self, table: Recommendations) -> None:
        """Hand a table to the listener's subscribers."""
        with self._lock:
            subscriptions = tuple(self._subscriptions.get(table.user_id, ()))
            if subscriptions:
                self._newest[table.user_id] = table
        for subscription in subscriptions:
            subscription.put(table)

    def _tell_all(self, item: FeedClosed | None) -> None:
        with self._lock:
            subscriptions = [each for group in self._subscriptions.values() for each in group]
        for subscription in subscriptions:
            subscription.put(item)

    def _receive(self, key: bytes | None, value: bytes | None) -> None:
        if key is None or value is None:
            return
        try:
            self.deliver(recommendations_view(key.decode(), json.loads(value)))
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            log.warning("live updates: a message that is not a recommendation table is left out: %r", exc)
