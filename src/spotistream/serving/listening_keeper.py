"""Topic ``plays`` -> collection ``listening``: each listener's history and likes, kept up to date by the player."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from spotistream.events import PlayEvent, event_of_message
from spotistream.serving.library_store import LibraryStore
from spotistream.serving.listening import listening_document, listening_of, with_events
from spotistream.tables import LISTENING


def take_plays(store: LibraryStore, records: Iterable[Any]) -> None:
    """Write what these messages of one partition of topic ``plays`` change.

    What is no event is for others to reject: left out here.
    """
    events: dict[str, list[tuple[int, PlayEvent]]] = defaultdict(list)
    now = datetime.now(UTC)
    for record in records:
        event = event_of_message(record.value, now=now)
        if event is not None:
            events[event.user_id].append((record.offset, event))
    before = store.documents(LISTENING, events)
    after = [
        listening_document(user_id, with_events(listening_of(before.get(user_id)), new))
        for user_id, new in events.items()
    ]
    store.write(LISTENING, after)
