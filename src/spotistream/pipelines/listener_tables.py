"""The tables of listeners, written by two queries: by one at once, and by one that knows for certain.

``refresh_at_once`` ranks by what is at hand of a listener, in memory or in the store. ``refresh_recommendations`` has
what is remembered in Spark's state, a few seconds later, and finds the table right, which costs nothing, or writes it
anew. What is remembered is a union of events, so both come to the same where both have seen the same messages.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pymongo.database import Database

from spotistream.config import Config
from spotistream.io import documents
from spotistream.models.listener import merged, pack, unpack
from spotistream.models.listener_changes import ChangedListener, Received, changed_by
from spotistream.models.listeners_at_hand import AtHand, ListenersAtHand
from spotistream.models.served import ServedModel
from spotistream.monitoring.notes import NOTES
from spotistream.pipelines.current_model import CurrentModel
from spotistream.pipelines.recommendation_documents import (
    Listener,
    as_message,
    ranked_tables,
    recommendation_document,
)
from spotistream.pipelines.store_guard import StoreGuard
from spotistream.serving.bulk import BulkPublisher
from spotistream.tables import LISTENER_STATES, RECOMMENDATIONS_COLLECTION, RECOMMENDATIONS_TOPIC

AT_A_TIME = 64
"""Listeners who are settled in one go: while they are, others wait."""
LET_OTHERS_S = 0.001
NOTHING = AtHand(-1, b"")
"""Of a listener nobody knows yet."""


class ListenerTables:
    """Of one application. Its queries take turns: a table is never followed by an older one, in store and topic."""

    def __init__(
        self,
        cfg: Config,
        model: CurrentModel,
        db: Database[dict[str, Any]],
        publisher: BulkPublisher,
        guard: StoreGuard,
    ) -> None:
        self._cfg, self._model, self._db, self._publisher, self._guard = cfg, model, db, publisher, guard
        self._bounds = {"max_events": cfg.recommend.max_events, "max_opinions": cfg.recommend.max_opinions}
        self._hand = ListenersAtHand(cfg.recommend.listeners_at_hand)
        self._turn = threading.Lock()

    def refresh_at_once(self, name: str, received: Mapping[str, Sequence[Received]]) -> None:
        """Tables of the listeners with these messages, where what is remembered of them is at hand and not newer.

        name : of the query, for its figures
        """
        with self._turn:
            known = self._known(list(received))
            changed = [
                one for user_id, found in known.items() if (one := self._changed(user_id, found, received[user_id]))
            ]
            self._write(name, changed)

    def settle(self, name: str, changed: Sequence[ChangedListener]) -> None:
        """Make sure of the tables of ``changed``, whose state is what Spark remembers, and keep that at hand."""
        for start in range(0, len(changed), AT_A_TIME):
            some = changed[start : start + AT_A_TIME]
            with self._turn:
                self._write(name, [one for each in some if (one := self._unsettled(each)) is not None])
            time.sleep(LET_OTHERS_S)
        documents.upsert_newer(
            self._db,
            LISTENER_STATES,
            ({"_id": one.user_id, "version": one.version, "packed": one.packed} for one in changed),
        )

    def _write(self, name: str, changed: Sequence[ChangedListener]) -> None:
        with self._guard.unbroken():
            refresh([one.row for one in changed], self._model.get(), self._cfg, self._db, self._publisher, name=name)
        for one in changed:
            self._hand.put(one.user_id, one.version, one.packed)

    def _changed(self, user_id: str, known: AtHand, received: Sequence[Received]) -> ChangedListener | None:
        if max(message.kafka_offset for message in received) <= known.version:
            return None
        old = unpack(known.packed) if known.packed else None
        return changed_by(user_id, old, received, **self._bounds)

    def _unsettled(self, found: ChangedListener) -> ChangedListener | None:
        """What their table is to be made of; None where the one that was made at once holds all of it."""
        known = self._hand.get(found.user_id)
        if known is None or known.version < found.version:
            return found
        if known.version == found.version:
            return None if known.packed == found.packed else found
        # They went on since. What was at hand may lack what only Spark remembers.
        both = _union(found, known, **self._bounds)
        return None if both == known.packed else found._replace(version=known.version, packed=both)

    def _known(self, user_ids: Sequence[str]) -> dict[str, AtHand]:
        """What is remembered of listeners, from memory or the store; empty of those of whom there is nothing.

        Left out are those whose table is newer than what the store remembers of them, or is all the store has: what is
        missing comes with ``settle``.
        """
        known = {user_id: found for user_id in user_ids if (found := self._hand.get(user_id)) is not None}
        chosen = {"_id": {"$in": [user_id for user_id in user_ids if user_id not in known]}}
        if not chosen["_id"]["$in"]:
            return known
        states = {each["_id"]: each for each in self._db[LISTENER_STATES.name].find(chosen)}
        tables = self._db[RECOMMENDATIONS_COLLECTION.name].find(chosen, {"version": 1})
        made = {each["_id"]: int(each["version"]) for each in tables}
        for user_id in chosen["_id"]["$in"]:
            state = states.get(user_id)
            if state is None and user_id not in made:
                known[user_id] = NOTHING
            elif state is not None and state["version"] >= made.get(user_id, NOTHING.version):
                known[user_id] = AtHand(state["version"], bytes(state["packed"]))
        return known


def _union(found: ChangedListener, known: AtHand, *, max_events: int, max_opinions: int) -> bytes:
    events = [event for group in vars(unpack(known.packed)).values() for event in group]
    return pack(merged(unpack(found.packed), events, max_events=max_events, max_opinions=max_opinions))


def refresh(
    rows: Sequence[Listener],
    model: ServedModel,
    cfg: Config,
    db: Database[dict[str, Any]],
    publisher: BulkPublisher,
    *,
    name: str,
) -> None:
    """Rank for the listeners of ``rows`` and write their tables: first the store, then the topic the player hears."""
    if not rows:
        return
    tables = ranked_tables(rows, model, cfg)
    now = datetime.now(UTC)
    found = [
        recommendation_document(row, table, model_version=model.version, updated_at=now)
        for row, table in zip(rows, tables, strict=True)
    ]
    documents.upsert_newer(db, RECOMMENDATIONS_COLLECTION, found)
    readable_at = datetime.now(UTC)
    NOTES.readable(name, [(readable_at - document["sent_at"]).total_seconds() for document in found])
    for document in found:
        publisher.send(RECOMMENDATIONS_TOPIC, document["_id"], as_message(document))
    publisher.flush()
