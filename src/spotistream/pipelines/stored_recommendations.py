"""Topic ``recommendations`` -> the store: what the store lost, or never had, comes again from the topic."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from pymongo.database import Database

from spotistream.config import Kafka
from spotistream.io import documents
from spotistream.serving.topic_reader import TopicReader
from spotistream.tables import RECOMMENDATIONS_COLLECTION, RECOMMENDATIONS_TOPIC

log = logging.getLogger(__name__)

AT_ONCE = 500


class SnapshotTopic(TopicReader):
    """Reads topic ``recommendations``."""

    def __init__(self, kafka: Kafka) -> None:
        super().__init__(kafka, RECOMMENDATIONS_TOPIC)

    def messages(self, since: Mapping[int, int]) -> Iterator[bytes]:
        """The values of the messages from these positions to where the topic ends now; see ``records``."""
        yield from (record.value for record in self.records(since) if record.value is not None)


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
