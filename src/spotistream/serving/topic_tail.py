"""Hears what is sent to a Kafka topic from now on, in a thread, through every absence of the broker."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from spotistream.config import Kafka
from spotistream.layouts import Topic
from spotistream.serving.kafka_client import client_options

log = logging.getLogger(__name__)
POLL_MS = 500
METADATA_MAX_AGE_MS = 5_000
FIRST_BACKOFF_S, MAX_BACKOFF_S = 0.5, 15.0

Heard = Callable[[bytes | None, bytes | None, float], None]
"""Called with key, value and the broker's time of a message, seconds since 1970."""


class TopicTail:
    """Nothing is kept: what was sent while there was no connection is not heard.

    back_s : how far back in time it begins, seconds; only at the first connection
    """

    def __init__(self, kafka: Kafka, topic: Topic, heard: Heard, *, back_s: float = 0.0) -> None:
        self._kafka, self._topic, self._heard = kafka, topic, heard
        self._back_s = back_s
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"tail-{topic.name}", daemon=True)
        self.connected = False

    def start(self) -> None:
        self._thread.start()

    def close(self, timeout_s: float = 2.0) -> None:
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        backoff_s = FIRST_BACKOFF_S
        while not self._closing.is_set():
            try:
                self._consume()
            except (KafkaError, OSError) as exc:
                backoff_s = FIRST_BACKOFF_S if self.connected else min(backoff_s * 2, MAX_BACKOFF_S)
                self.connected = False
                log.warning("topic %s is not heard (%s); again in %.1f s", self._topic.name, exc, backoff_s)
                self._closing.wait(backoff_s)

    def _begin(self, consumer: KafkaConsumer) -> None:
        partitions = [
            TopicPartition(self._topic.name, each) for each in consumer.partitions_for_topic(self._topic.name) or ()
        ]
        back_s, self._back_s = self._back_s, 0.0
        if not partitions or not back_s:
            consumer.subscribe([self._topic.name])
            return
        consumer.assign(partitions)
        since = int((time.time() - back_s) * 1000)
        found = consumer.offsets_for_times(dict.fromkeys(partitions, since))
        for partition in partitions:
            if found.get(partition) is not None:
                consumer.seek(partition, found[partition].offset)
            else:
                consumer.seek_to_end(partition)

    def _consume(self) -> None:
        consumer = KafkaConsumer(
            **client_options(self._kafka),
            client_id="spotistream-player",
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="latest",
            allow_auto_create_topics=False,
            metadata_max_age_ms=METADATA_MAX_AGE_MS,
        )
        try:
            self._begin(consumer)
            self.connected = True
            while not self._closing.is_set():
                for records in consumer.poll(timeout_ms=POLL_MS).values():
                    for record in records:
                        self._heard(record.key, record.value, record.timestamp / 1000)
        finally:
            consumer.close()
