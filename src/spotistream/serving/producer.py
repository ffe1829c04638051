"""Sends messages to Kafka and waits until the broker has them."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import suppress

from kafka import KafkaProducer
from kafka.errors import KafkaError

from spotistream.config import Kafka
from spotistream.errors import ServiceUnavailable
from spotistream.layouts import Topic
from spotistream.serving.kafka_client import client_options

DELIVERY_TIMEOUT_MS = 4000
REQUEST_TIMEOUT_MS = 2000

Message = tuple[Topic, bytes, bytes | None]
"""Topic, key and value; without a value a compacted topic forgets the key."""


class ConfirmedProducer:
    """An idempotent producer: messages of one key stay in order.

    Safe to use from several threads. After a failure the next call connects anew.
    """

    def __init__(self, kafka: Kafka) -> None:
        self._kafka = kafka
        self._lock = threading.Lock()
        self._producer: KafkaProducer | None = None

    def connect(self) -> None:
        """Raises ``ServiceUnavailable`` when no broker answers."""
        self._connected()

    def send(self, messages: Iterable[Message]) -> list[int]:
        """The offset of each message, once every replica has them all.

        Raises ``ServiceUnavailable`` otherwise; some may have arrived then.
        """
        producer = self._connected()
        try:
            sent = [producer.send(topic.name, key=key, value=value) for topic, key, value in messages]
            return [future.get(timeout=DELIVERY_TIMEOUT_MS / 1000 + 1).offset for future in sent]
        except KafkaError as exc:
            self._drop(producer)
            raise self._unavailable() from exc

    def close(self) -> None:
        with self._lock:
            producer, self._producer = self._producer, None
        if producer is not None:
            with suppress(KafkaError):
                producer.close(timeout=1)

    def _connected(self) -> KafkaProducer:
        with self._lock:
            if self._producer is None:
                self._producer = self._connect()
            return self._producer

    def _connect(self) -> KafkaProducer:
        try:
            return KafkaProducer(
                **{**client_options(self._kafka), "bootstrap_timeout_ms": DELIVERY_TIMEOUT_MS},
                client_id="spotistream-player",
                acks="all",
                enable_idempotence=True,
                linger_ms=0,
                request_timeout_ms=REQUEST_TIMEOUT_MS,
                delivery_timeout_ms=DELIVERY_TIMEOUT_MS,
                max_block_ms=DELIVERY_TIMEOUT_MS,
            )
        except (KafkaError, OSError) as exc:
            raise self._unavailable() from exc

    def _unavailable(self) -> ServiceUnavailable:
        return ServiceUnavailable.kafka(self._kafka.bootstrap_servers)

    def _drop(self, producer: KafkaProducer) -> None:
        with self._lock:
            if self._producer is producer:
                self._producer = None
        with suppress(KafkaError):  # what it could not deliver has been reported already
            producer.close(timeout=0)
