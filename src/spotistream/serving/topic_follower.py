"""Writes what a topic says to the store, while the player runs.

One consumer in a background thread. Where it has read to is in the store beside what it wrote: a store that is new, or
was killed and lost its newest writes, lost that too, and is given them again. Several players disturb nothing: versions
decide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError, UnknownTopicOrPartitionError
from pymongo.errors import PyMongoError

from spotistream.config import Kafka
from spotistream.errors import SpotistreamError
from spotistream.layouts import Topic
from spotistream.serving.consuming import Consuming
from spotistream.serving.kafka_client import reading_options
from spotistream.serving.library_store import LibraryStore
from spotistream.serving.topic_reader import Positions

POLL_MS = 500
AT_ONCE, AT_ONCE_BYTES = 20_000, 8 * 2**20

Take = Callable[[LibraryStore, Sequence[Any]], None]
"""Writes what some messages of one partition (``key``, ``value``, ``offset``) say; again, it changes nothing."""


class TopicFollower:
    """Starts where the store says, else at the beginning of the topic."""

    def __init__(self, kafka: Kafka, store: LibraryStore, topic: Topic, take: Take) -> None:
        self._kafka, self._store, self._topic, self._take = kafka, store, topic, take
        self._consuming = Consuming(
            f"follower of {topic.name}",
            self._follow,
            told=f"what topic {topic.name} says waits",
            outages=(KafkaError, OSError, SpotistreamError, PyMongoError),
        )

    def start(self) -> None:
        self._consuming.start()

    def close(self, timeout_s: float = 2.0) -> None:
        self._consuming.close(timeout_s)

    def _follow(self) -> None:
        consumer = KafkaConsumer(
            **reading_options(self._kafka),
            client_id=f"spotistream-player-{self._topic.name}",
            auto_offset_reset="earliest",
            max_poll_records=AT_ONCE,
            max_partition_fetch_bytes=AT_ONCE_BYTES,
        )
        try:
            partitions = self._partitions(consumer)
            consumer.assign(partitions)
            positions = self._at_the_mark(consumer, partitions)
            self._consuming.connected = True
            while not self._consuming.closing.is_set():
                found = consumer.poll(timeout_ms=POLL_MS)
                if self._store.position(self._topic) != positions:
                    positions = self._at_the_mark(consumer, partitions)
                    continue
                before = dict(positions)
                for at, records in found.items():
                    self._take(self._store, records)
                    positions[at.partition] = records[-1].offset + 1
                if found and not self._store.note_position(self._topic, positions, instead_of=before):
                    positions = self._at_the_mark(consumer, partitions)
        finally:
            consumer.close()

    def _at_the_mark(self, consumer: KafkaConsumer, partitions: list[TopicPartition]) -> Positions:
        """Go to where the store says, and note that; a place the topic does not have is none."""
        first, ends = consumer.beginning_offsets(partitions), consumer.end_offsets(partitions)
        while True:
            known = self._store.position(self._topic)
            positions = {}
            for at in partitions:
                place = known.get(at.partition, 0)
                positions[at.partition] = place if first[at] <= place <= ends[at] else first[at]
                consumer.seek(at, positions[at.partition])
            if self._store.note_position(self._topic, positions, instead_of=known):
                return positions

    def _partitions(self, consumer: KafkaConsumer) -> list[TopicPartition]:
        numbers = sorted(consumer.partitions_for_topic(self._topic.name) or ())
        if not numbers:
            raise UnknownTopicOrPartitionError(f"there is no topic {self._topic.name}")
        return [TopicPartition(self._topic.name, number) for number in numbers]
