"""Hears what is sent to a Kafka topic from now on, in a thread, through every absence of the broker."""

from __future__ import annotations

import time
from collections.abc import Callable

from kafka import KafkaConsumer, TopicPartition

from spotistream.config import Kafka
from spotistream.layouts import Topic
from spotistream.serving.consuming import Consuming
from spotistream.serving.kafka_client import reading_options

POLL_MS = 500
METADATA_MAX_AGE_MS = 5_000

Heard = Callable[[bytes | None, bytes | None, float], None]
"""Called with key, value and the broker's time of a message, seconds since 1970."""


class TopicTail:
    """Nothing is kept: what was sent while there was no connection is not heard.

    back_s : how far back in time it begins, seconds; only at the first connection
    on_connection : called at each connection, before anything is heard through it
    told : what the log says of an outage, before its error
    """

    def __init__(
        self,
        kafka: Kafka,
        topic: Topic,
        heard: Heard,
        *,
        back_s: float = 0.0,
        on_connection: Callable[[], None] = lambda: None,
        told: str | None = None,
    ) -> None:
        self._kafka, self._topic, self._heard = kafka, topic, heard
        self._back_s, self._on_connection = back_s, on_connection
        told = told or f"topic {topic.name} is not heard"
        self._consuming = Consuming(f"tail-{topic.name}", self._consume, told=told)

    @property
    def connected(self) -> bool:
        """What is sent now is heard."""
        return self._consuming.connected

    def start(self) -> None:
        self._consuming.start()

    def close(self, timeout_s: float = 2.0) -> None:
        self._consuming.close(timeout_s)

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
            **reading_options(self._kafka),
            client_id="spotistream-player",
            auto_offset_reset="latest",
            metadata_max_age_ms=METADATA_MAX_AGE_MS,
        )
        try:
            self._begin(consumer)
            self._consuming.connected = True
            self._on_connection()
            while not self._consuming.closing.is_set():
                for records in consumer.poll(timeout_ms=POLL_MS).values():
                    for record in records:
                        self._heard(record.key, record.value, record.timestamp / 1000)
        finally:
            consumer.close()
