"""Send many messages to Kafka, fast, and know that each one arrived."""

from __future__ import annotations

from types import TracebackType

from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError

from spotistream.config import Kafka
from spotistream.errors import ServiceUnavailable
from spotistream.layouts import Topic
from spotistream.serving.kafka_client import client_options

BATCH_BYTES = 131_072
LINGER_MS = 50
FLUSH_SPARE_S = 1.0
"""More than the time a message has, so that its own failure is met first."""
MAX_IN_MEMORY = 20_000
"""Messages handed over and not yet confirmed; the client itself would buffer without end."""


class BulkPublisher:
    """A context manager; leaving it without an error flushes.

    Messages of one key stay in order. A message is delivered when ``flush`` has returned; ``ServiceUnavailable`` means
    that some since the last flush were not, so the caller sends those again: consumers drop what they have seen by its
    id. After that it connects anew: a producer that has given up messages does not always deliver later ones.
    """

    def __init__(self, kafka: Kafka, *, timeout_s: float = 30.0) -> None:
        self._kafka = kafka
        self._timeout_s = timeout_s
        self._unconfirmed = 0
        self._failures: list[BaseException] = []
        self._producer: KafkaProducer | None = self._connected()

    def send(self, topic: Topic, key: str | bytes | None, value: bytes) -> None:
        """Hand one message over; blocks while too many are unconfirmed.

        Raises ``ServiceUnavailable`` where the broker does not take them, or does not have the topic.
        """
        if self._unconfirmed >= MAX_IN_MEMORY:
            self.flush()
        if self._producer is None:
            self._producer = self._connected()
        try:
            self._producer.send(topic.name, key=key.encode() if isinstance(key, str) else key, value=value).add_errback(
                self._failures.append
            )
        except KafkaError as exc:
            raise self._given_up() from exc
        self._unconfirmed += 1

    def flush(self) -> None:
        """Wait until the broker has confirmed every message. Raises ``ServiceUnavailable``."""
        if self._producer is None:
            return
        try:
            self._producer.flush(timeout=self._timeout_s + FLUSH_SPARE_S)
        except KafkaError as exc:
            raise self._given_up() from exc
        if self._failures:
            failure = self._failures[0]
            raise self._given_up() from failure
        self._unconfirmed = 0

    def close(self, *, timeout_s: float = 5.0) -> None:
        """Let go of the connection; messages that are not confirmed by then are dropped."""
        producer, self._producer = self._producer, None
        if producer is None:
            return
        try:
            producer.close(timeout=timeout_s)
        except KafkaTimeoutError:
            # It has left its thread running, which would go on trying to deliver.
            producer._sender.force_close()

    def __enter__(self) -> BulkPublisher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self.flush()
        finally:
            self.close(timeout_s=5.0 if error is None else 0.0)

    def _connected(self) -> KafkaProducer:
        timeout_ms = int(self._timeout_s * 1000)
        try:
            return KafkaProducer(
                **client_options(self._kafka),
                batch_size=BATCH_BYTES,
                linger_ms=LINGER_MS,
                compression_type="gzip",  # its checksum is in Python: a fifth of the bytes is a third less time
                max_block_ms=timeout_ms,
                request_timeout_ms=timeout_ms,
                delivery_timeout_ms=timeout_ms + LINGER_MS,
                allow_auto_create_topics=False,
                metrics_enabled=False,
            )
        except KafkaError as exc:
            raise self._unavailable() from exc

    def _given_up(self) -> ServiceUnavailable:
        """The error to raise, the producer and what it holds let go of."""
        self.close(timeout_s=0.0)
        self._unconfirmed, self._failures = 0, []  # what the former producer still reports is of no interest
        return self._unavailable()

    def _unavailable(self) -> ServiceUnavailable:
        return ServiceUnavailable.kafka(self._kafka.bootstrap_servers)
