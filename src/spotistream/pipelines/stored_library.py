"""Topic ``library`` -> the store: every playlist and listener as it was last, and what was deleted stays so."""

from __future__ import annotations

import logging
from typing import Any

from pymongo.database import Database

from spotistream.config import Config
from spotistream.io import documents
from spotistream.serving import library_store
from spotistream.serving.library_keeper import NewestRecords
from spotistream.serving.topic_reader import TopicReader
from spotistream.tables import LIBRARY_TOPIC

log = logging.getLogger(__name__)
AT_ONCE = 500


def replay_library(cfg: Config) -> NewestRecords:
    """Write what the topic holds, nothing over a newer document; how much that was.

    It may run beside the player. Raises ``ServiceUnavailable`` where the broker or the store does not answer.
    """
    found = NewestRecords()
    topic = TopicReader(cfg.kafka, LIBRARY_TOPIC)
    try:
        with documents.database(cfg.mongo) as db:
            library_store.prepare(db)
            for record in topic.records({}):
                found.take(record)
                if len(found) == AT_ONCE:
                    _write(db, found)
            _write(db, found)
    finally:
        topic.close()
    if found.left_out:
        log.warning("%d messages of topic %s that are no records were left out", found.left_out, LIBRARY_TOPIC.name)
    return found


def in_words(found: NewestRecords) -> str:
    words = f"{found.messages:,} messages with playlists and listeners"
    return words + (f", {found.left_out:,} that are none left out" if found.left_out else "")


def _write(db: Database[dict[str, Any]], found: NewestRecords) -> None:
    for collection, newest in found.handed_over():
        documents.upsert_newer(db, collection, newest)
