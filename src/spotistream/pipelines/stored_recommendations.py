"""Topic ``recommendations`` -> the store: what the store lost, or never had, comes again from the topic."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError
from pymongo.database import Database

from spotistream.config import Kafka
from spotistream.errors import ServiceUnavailable
from spotistream.io import documents
from spotistream.serving.kafka_client import client_options
from spotistream.tables import RECOMMENDATIONS_COLLECTION, RECOMMENDATIONS_TOPIC

log = logging.getLogger(__name__)

Positions = dict[int, int]
"""Partition of topic ``recommendations`` -> the offset after the last message."""
POLL_MS = 500
AT_ONCE = 500


class SnapshotTopic:
    """A reader of the topic; not for two threads at a time. Every call may raise ``ServiceUnavailable``."""

    def __init__(self, kafka: Kafka) -> None:
        self._kafka = kafka
        self._consumer: KafkaConsumer | None = None

    def ends(self) -> Positions:
        """Where the topic ends now."""
        try:
            consumer = self._connected()
            found = consumer.end_offsets(self._partitions(consumer))
        except KafkaError as exc:
            raise self._unavailable() from exc
        return {at.partition: offset for at, offset in found.items()}

    def messages(self, since: Mapping[int, int]) -> Iterator[bytes]:
        """The values of the messages from these positions to where the topic ends now.

        A partition that is not named, or ends before the position, is read from its beginning.
        """
        try:
            yield from self._messages(since)
        except KafkaError as exc:
            raise self._unavailable() from exc

    def close(self) -> None:
        """Let go of the connection."""
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            consumer.close()

    def _messages(self, since: Mapping[int, int]) -> Iterator[bytes]:
        consumer = self._connected()
        partitions = self._partitions(consumer)
        first, ends = consumer.beginning_offsets(partitions), consumer.end_offsets(partitions)
        consumer.assign(partitions)
        for at in partitions:
            known = since.get(at.partition, 0)
            consumer.seek(at, max(first[at], known if known <= ends[at] else 0))
        while any(consumer.position(at) < ends[at] for at in partitions):
            for records in consumer.poll(timeout_ms=POLL_MS).values():
                yield from (record.value for record in records if record.value is not None)

    def _connected(self) -> KafkaConsumer:
        if self._consumer is None:
            self._consumer = KafkaConsumer(
                **client_options(self._kafka), group_id=None, enable_auto_commit=False, allow_auto_create_topics=False
            )
        return self._consumer

    def _partitions(self, consumer: KafkaConsumer) -> list[TopicPartition]:
        found = consumer.partitions_for_topic(RECOMMENDATIONS_TOPIC.name)
        return [TopicPartition(RECOMMENDATIONS_TOPIC.name, number) for number in sorted(found or ())]

    def _unavailable(self) -> ServiceUnavailable:
        self.close()
        return ServiceUnavailable.kafka(self._kafka.bootstrap_servers)


def replay(topic: SnapshotTopic, db: Database[dict[str, Any]], since: Mapping[int, int]) -> int:
    """Write the tables sent since these positions, none over a newer one; returns how many messages that were."""
    read = 0
    newest: dict[str, dict[str, Any]] = {}
    for value in topic.messages(since):
        read += 1
        try:
            document = document_of(value)
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            log.warning("a message of topic %s that is no table is left out: %r", RECOMMENDATIONS_TOPIC.name, exc)
            continue
        newest[document["_id"]] = document
        if len(newest) == AT_ONCE:
            documents.upsert_newer(db, RECOMMENDATIONS_COLLECTION, newest.values())
            newest = {}
    documents.upsert_newer(db, RECOMMENDATIONS_COLLECTION, newest.values())
    return read


def document_of(value: bytes) -> dict[str, Any]:
    """The document a message of the topic is of: times as times again."""
    document: dict[str, Any] = json.loads(value)
    for name in ("updated_at", "sent_at"):
        document[name] = datetime.fromisoformat(document[name])
    if document["caused_by"] is not None:
        document["caused_by"]["event_time"] = datetime.fromisoformat(document["caused_by"]["event_time"])
    return document
