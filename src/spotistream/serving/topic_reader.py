"""Reads a topic from given positions to where it ends now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from spotistream.config import Kafka
from spotistream.errors import ServiceUnavailable
from spotistream.layouts import Topic
from spotistream.serving.kafka_client import reading_options

Positions = dict[int, int]
"""Partition of the topic -> the offset after the last message."""
POLL_MS = 500


class TopicReader:
    """Not for two threads at a time. Every call may raise ``ServiceUnavailable``."""

    def __init__(self, kafka: Kafka, topic: Topic) -> None:
        self._kafka, self._topic = kafka, topic
        self._consumer: KafkaConsumer | None = None

    def ends(self) -> Positions:
        """Where the topic ends now."""
        try:
            consumer = self._connected()
            found = consumer.end_offsets(self._partitions(consumer))
        except KafkaError as exc:
            raise self._unavailable() from exc
        return {at.partition: offset for at, offset in found.items()}

    def records(self, since: Mapping[int, int]) -> Iterator[Any]:
        """The messages from these positions to where the topic ends now: ``key``, ``value``, ``partition``, ``offset``.

        A partition that is not named, or ends before the position, is read from its beginning.
        """
        try:
            yield from self._records(since)
        except KafkaError as exc:
            raise self._unavailable() from exc

    def close(self) -> None:
        """Let go of the connection."""
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            consumer.close()

    def _records(self, since: Mapping[int, int]) -> Iterator[Any]:
        consumer = self._connected()
        partitions = self._partitions(consumer)
        first, ends = consumer.beginning_offsets(partitions), consumer.end_offsets(partitions)
        consumer.assign(partitions)
        for at in partitions:
            known = since.get(at.partition, 0)
            consumer.seek(at, max(first[at], known if known <= ends[at] else 0))
        while any(consumer.position(at) < ends[at] for at in partitions):
            for records in consumer.poll(timeout_ms=POLL_MS).values():
                yield from records

    def _connected(self) -> KafkaConsumer:
        if self._consumer is None:
            self._consumer = KafkaConsumer(**reading_options(self._kafka))
        return self._consumer

    def _partitions(self, consumer: KafkaConsumer) -> list[TopicPartition]:
        found = consumer.partitions_for_topic(self._topic.name)
        return [TopicPartition(self._topic.name, number) for number in sorted(found or ())]

    def _unavailable(self) -> ServiceUnavailable:
        self.close()
        return ServiceUnavailable.kafka(self._kafka.bootstrap_servers)
