"""Topic ``plays`` -> collection ``listening``: each listener's history and likes, while the player runs.

One consumer in a background thread. Where it has read to is in the store beside what it wrote, so a store that lost
both gets both again from the topic. Several players disturb nothing: versions decide.
"""

from __future__ import annotations

import json
import logging
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError, UnknownTopicOrPartitionError

from spotistream.config import Kafka
from spotistream.errors import InputError, ServiceUnavailable
from spotistream.events import MAX_EVENT_BYTES, PlayEvent, parse_event
from spotistream.serving.kafka_client import client_options
from spotistream.serving.library_store import LibraryStore
from spotistream.serving.listening import listening_document, listening_of, with_events
from spotistream.serving.topic_reader import Positions
from spotistream.tables import LISTENING, PLAYS_TOPIC

log = logging.getLogger(__name__)

POLL_MS = 500
AT_ONCE, AT_ONCE_BYTES = 20_000, 8 * 2**20
FIRST_BACKOFF_S, MAX_BACKOFF_S = 0.5, 15.0


class ListeningKeeper:
    """Starts where the store says, else at the beginning of the topic."""

    def __init__(self, kafka: Kafka, store: LibraryStore) -> None:
        self._kafka, self._store = kafka, store
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listening-keeper", daemon=True)

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
                self._follow()
                backoff_s = FIRST_BACKOFF_S
            except (KafkaError, OSError, ServiceUnavailable) as exc:
                log.warning("history and likes wait: %s; again in %.1f s", exc, backoff_s)
                self._closing.wait(backoff_s)
                backoff_s = min(backoff_s * 2, MAX_BACKOFF_S)

    def _follow(self) -> None:
        consumer = KafkaConsumer(
            **client_options(self._kafka),
            client_id="spotistream-player-listening",
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            allow_auto_create_topics=False,
            max_poll_records=AT_ONCE,
            max_partition_fetch_bytes=AT_ONCE_BYTES,
        )
        try:
            partitions = _partitions(consumer)
            consumer.assign(partitions)
            positions = self._at_the_mark(consumer, partitions)
            while not self._closing.is_set():
                found = consumer.poll(timeout_ms=POLL_MS)
                if found and self._store.position(PLAYS_TOPIC) != positions:
                    positions = self._at_the_mark(consumer, partitions)  # the store is another, or lost its newest
                    continue
                for at, records in found.items():
                    take(self._store, records)
                    positions[at.partition] = records[-1].offset + 1
                if found:
                    self._store.note_position(PLAYS_TOPIC, positions)
        finally:
            consumer.close()

    def _at_the_mark(self, consumer: KafkaConsumer, partitions: list[TopicPartition]) -> Positions:
        """Go to where the store says, and note that; a place the topic does not have is none."""
        known = self._store.position(PLAYS_TOPIC)
        first, ends = consumer.beginning_offsets(partitions), consumer.end_offsets(partitions)
        positions = {}
        for at in partitions:
            place = known.get(at.partition, 0)
            positions[at.partition] = place if first[at] <= place <= ends[at] else first[at]
            consumer.seek(at, positions[at.partition])
        self._store.note_position(PLAYS_TOPIC, positions)
        return positions


def _partitions(consumer: KafkaConsumer) -> list[TopicPartition]:
    numbers = sorted(consumer.partitions_for_topic(PLAYS_TOPIC.name) or ())
    if not numbers:
        raise UnknownTopicOrPartitionError(f"there is no topic {PLAYS_TOPIC.name}")
    return [TopicPartition(PLAYS_TOPIC.name, number) for number in numbers]


def take(store: LibraryStore, records: Iterable[Any]) -> None:
    """Write what these messages of one partition change. What is no event is for others to reject: left out here."""
    events: dict[str, list[tuple[int, PlayEvent]]] = defaultdict(list)
    now = datetime.now(UTC)
    for record in records:
        event = _event(record.value, now)
        if event is not None:
            events[event.user_id].append((record.offset, event))
    before = store.documents(LISTENING, events)
    after = [
        listening_document(user_id, with_events(listening_of(before.get(user_id)), new))
        for user_id, new in events.items()
    ]
    store.write(LISTENING, after)


def _event(value: bytes | None, now: datetime) -> PlayEvent | None:
    if value is None or len(value) > MAX_EVENT_BYTES:
        return None
    try:
        fields = json.loads(value)
        return parse_event(fields, now=now) if isinstance(fields, Mapping) else None
    except (ValueError, RecursionError, InputError):
        return None
