"""Send many messages to Kafka, fast, and know that each one arrived."""

from __future__ import annotations

from contextlib import suppress
from types import TracebackType

from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError

from spotistream.config import Kafka
from spotistream.errors import ServiceUnavailable
from spotistream.layouts import Topic
from spotistream.serving.kafka_client import client_options

BATCH_BYTES = 131_072
LINGER_MS = 50
MAX_IN_MEMORY = 20_000
"""Messages handed over and not yet confirmed; the client itself would buffer without end."""


class BulkPublisher:
    """A context manager; leaving it without an error flushes.

    Messages of one key stay in order. A message is delivered when ``flush`` has returned; ``ServiceUnavailable`` means
    that some since the last flush were not, so the caller sends those again: consumers drop what they have seen by its
    id.
    """

    def __init__(self, kafka: Kafka, *, timeout_s: float = 30.0) -> None:
        self._kafka = kafka
        self._unconfirmed = 0
        self._failed: BaseException | None = None
        timeout_ms = int(timeout_s * 1000)
        try:
            self._producer = KafkaProducer(
                **client_options(kafka),
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

    def send(self, topic: Topic, key: str, value: bytes) -> None:
        """Hand one message over; blocks while too many are unconfirmed.

        Raises ``ServiceUnavailable`` where the broker does not take them, or does not have the topic.
        """
        if self._unconfirmed >= MAX_IN_MEMORY:
            self.flush()
        try:
            self._producer.send(topic.name, key=key.encode(), value=value).add_errback(self._note_failure)
        except KafkaError as exc:
            raise self._unavailable() from exc
        self._unconfirmed += 1

    def flush(self) -> None:
        """Wait until the broker has confirmed every message. Raises ``ServiceUnavailable``."""
        try:
            self._producer.flush()
        except KafkaError as exc:
            raise self._unavailable() from exc
        self._unconfirmed = 0
        if self._failed is not None:
            failure, self._failed = self._failed, None
            raise self._unavailable() from failure

    def close(self, *, timeout_s: float = 5.0) -> None:
        """Let go of the connection; messages that are not confirmed by then are dropped."""
        with suppress(KafkaTimeoutError):
            self._producer.close(timeout=timeout_s)

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

    def _note_failure(self, error: BaseException) -> None:
        self._failed = error

    def _unavailable(self) -> ServiceUnavailable:
        return ServiceUnavailable.kafka(self._kafka.bootstrap_servers)
