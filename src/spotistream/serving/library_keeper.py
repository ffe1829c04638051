"""Topic ``library`` -> collections ``playlists`` and ``users``: what a store that was killed or lost does not have."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from spotistream.errors import InputError
from spotistream.layouts import Collection
from spotistream.serving.library_messages import Document, Key, document_from
from spotistream.serving.library_store import LibraryStore
from spotistream.tables import LIBRARY_TOPIC, PLAYLISTS_COLLECTION, USERS_COLLECTION

log = logging.getLogger(__name__)
SHOWN = 5
"""Messages that are none, each with a line of its own; the others are counted."""


class NewestRecords:
    """The documents of some messages, the newest of each record, and how many messages were read.

    messages : of records and of deletions, older ones of the same record among them
    left_out : messages that are neither
    """

    def __init__(self) -> None:
        self.messages = 0
        self.left_out = 0
        self._newest: dict[Key, Document] = {}

    def __len__(self) -> int:
        return len(self._newest)

    def take(self, record: Any) -> None:
        """A message of the topic. One that is none is left out, with a line in the log."""
        try:
            key, document = document_from(record.key, record.value, record.offset)
        except InputError as exc:
            self.left_out += 1
            if self.left_out <= SHOWN:
                at = f"partition {record.partition}, offset {record.offset}"
                log.warning("topic %s, %s: left out: %s", LIBRARY_TOPIC.name, at, exc)
            return
        self.messages += 1
        self._newest[key] = document

    def handed_over(self) -> list[tuple[Collection, list[Document]]]:
        """The documents of each collection; from then on it has none of them."""
        newest, self._newest = self._newest, {}
        return [
            (collection, [each for key, each in newest.items() if key.collection is collection])
            for collection in (PLAYLISTS_COLLECTION, USERS_COLLECTION)
        ]


def take_library(store: LibraryStore, records: Iterable[Any]) -> None:
    """Write what these messages of one partition of topic ``library`` say, nothing over a newer document."""
    newest = NewestRecords()
    for record in records:
        newest.take(record)
    for collection, documents in newest.handed_over():
        store.write(collection, documents)
