"""Topic ``library`` -> the store: every playlist and listener as it was last, and what was deleted stays so."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any

from pymongo.database import Database

from spotistream.config import Config
from spotistream.errors import InputError
from spotistream.io import documents
from spotistream.serving import library_store
from spotistream.serving.library_messages import Document, Key, deletion, document_of, parse_key, parse_value
from spotistream.serving.topic_reader import TopicReader
from spotistream.tables import LIBRARY_TOPIC, PLAYLISTS_COLLECTION, USERS_COLLECTION

log = logging.getLogger(__name__)
AT_ONCE = 500
SHOWN = 5
"""Messages that are none, each with a line of its own; the others are counted."""


@dataclass
class Replayed:
    """What was read.

    messages : of records and of deletions, older ones of the same record among them
    left_out : messages that are neither
    """

    messages: int = 0
    left_out: int = 0
    newest: dict[Key, Document] = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        words = f"{self.messages:,} messages with playlists and listeners"
        return words + (f", {self.left_out:,} that are none left out" if self.left_out else "")


def replay_library(cfg: Config) -> Replayed:
    """Write what the topic holds, nothing over a newer document.

    It may run beside the player. Raises ``ServiceUnavailable`` where the broker or the store does not answer.
    """
    found = Replayed()
    topic = TopicReader(cfg.kafka, LIBRARY_TOPIC)
    try:
        with documents.database(cfg.mongo) as db:
            library_store.prepare(db)
            for record in topic.records({}):
                _take(found, record)
                if len(found.newest) == AT_ONCE:
                    _write(db, found)
            _write(db, found)
    finally:
        topic.close()
    if found.left_out:
        log.warning("%d messages of topic %s that are no records were left out", found.left_out, LIBRARY_TOPIC.name)
    return found


def _take(found: Replayed, record: Any) -> None:
    try:
        key = parse_key(record.key)
        version = record.offset
        value = record.value
        document = deletion(key, version) if value is None else document_of(parse_value(key, value), version)
    except InputError as exc:
        found.left_out += 1
        if found.left_out <= SHOWN:
            at = f"partition {record.partition}, offset {record.offset}"
            log.warning("topic %s, %s: left out: %s", LIBRARY_TOPIC.name, at, exc)
        return
    found.messages += 1
    found.newest[key] = document


def _write(db: Database[dict[str, Any]], found: Replayed) -> None:
    for collection in (PLAYLISTS_COLLECTION, USERS_COLLECTION):
        documents.upsert_newer(
            db, collection, [each for key, each in found.newest.items() if key.collection is collection]
        )
    found.newest.clear()
