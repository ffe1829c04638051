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

from kafka import KafkaConsumer
from kafka.errors import KafkaError

from spotistream.config import Kafka
from spotistream.serving.kafka_client import client_options
from spotistream.serving.views import Recommendations, recommendations_view
from spotistream.tables import RECOMMENDATIONS_TOPIC

log = logging.getLogger(__name__)

POLL_MS = 500
METADATA_MAX_AGE_MS = 5000
FIRST_BACKOFF_S = 0.5
MAX_BACKOFF_S = 15.0


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
        self._kafka = kafka
        self._lock = threading.Lock()
        self._subscriptions: dict[str, set[Subscription]] = defaultdict(set)
        self._newest: dict[str, Recommendations] = {}
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recommendation-feed", daemon=True)
        self.connected = False

    def start(self) -> None:
        self._thread.start()

    def close(self, timeout_s: float = 2.0) -> None:
        """End every subscription and the consumer."""
        self._closing.set()
        self._tell_all(FeedClosed())
        if self._thread.is_alive():
            self._thread.join(timeout_s)

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

    def _run(self) -> None:
        backoff_s = FIRST_BACKOFF_S
        while not self._closing.is_set():
            try:
                self._consume()
                backoff_s = FIRST_BACKOFF_S
            except (KafkaError, OSError) as exc:
                if self.connected:
                    backoff_s = FIRST_BACKOFF_S
                self.connected = False
                log.warning("live updates: the Kafka broker does not answer (%s); again in %.1f s", exc, backoff_s)
                self._closing.wait(backoff_s)
                backoff_s = min(backoff_s * 2, MAX_BACKOFF_S)

    def _consume(self) -> None:
        consumer = KafkaConsumer(
            RECOMMENDATIONS_TOPIC.name,
            **client_options(self._kafka),
            client_id="spotistream-player",
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="latest",
            allow_auto_create_topics=False,
            metadata_max_age_ms=METADATA_MAX_AGE_MS,
        )
        try:
            self.connected = True
            self._tell_all(None)
            while not self._closing.is_set():
                for records in consumer.poll(timeout_ms=POLL_MS).values():
                    for record in records:
                        self._receive(record.key, record.value)
        finally:
            consumer.close()

    def _receive(self, key: bytes | None, value: bytes | None) -> None:
        if key is None or value is None:
            return
        try:
            self.deliver(recommendations_view(key.decode(), json.loads(value)))
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            log.warning("live updates: a message that is not a recommendation table is left out: %r", exc)
