"""What is remembered of one listener: a bounded, mergeable state of events.

Merging is a union: applying the same events in any order, in any split and any number of times gives the same state,
as long as no more than the bounds are in play. That is what makes a redelivered event count once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import msgpack

LISTEN_ACTIONS = frozenset({"play", "complete", "skip"})
OPINION_ACTIONS = frozenset({"like", "unlike", "dislike"})


class ListenerEvent(NamedTuple):
    """One event of a listener. Its first two fields order events: time in ms since 1970 (UTC), then the id."""

    time_ms: int
    event_id: str
    track_id: str
    action: str
    played_ms: int | None = None
    session_id: str | None = None
    target_event_id: str | None = None


@dataclass(frozen=True)
class ListenerState:
    """The newest listens, the newest opinion on each track, and the events taken back; each oldest first."""

    listens: tuple[ListenerEvent, ...] = ()
    opinions: tuple[ListenerEvent, ...] = ()
    forgets: tuple[ListenerEvent, ...] = field(default=())

    @property
    def event_ids(self) -> frozenset[str]:
        return frozenset(event.event_id for group in (self.listens, self.opinions, self.forgets) for event in group)


def merged(
    state: ListenerState, events: Iterable[ListenerEvent], *, max_events: int, max_opinions: int
) -> ListenerState:
    """The state with ``events`` taken in: each once, forgotten ones left out, the newest kept."""
    new = set(events)
    forgets = _newest({*state.forgets, *(e for e in new if e.action == "forget")}, max_events)
    taken_back = {event.target_event_id for event in forgets}
    listens = {*state.listens, *(e for e in new if e.action in LISTEN_ACTIONS)}
    listens = _without_forgotten(listens, taken_back)
    latest: dict[str, ListenerEvent] = {}
    for event in sorted({*state.opinions, *(e for e in new if e.action in OPINION_ACTIONS)}):
        if event.event_id not in taken_back:
            latest[event.track_id] = event
    return ListenerState(_newest(listens, max_events), _newest(set(latest.values()), max_opinions), forgets)


def pack(state: ListenerState) -> bytes:
    """The state as bytes, for the state store."""
    return msgpack.packb([[tuple(e) for e in group] for group in (state.listens, state.opinions, state.forgets)])


def unpack(packed: bytes) -> ListenerState:
    """The state ``pack`` made."""
    return ListenerState(*(tuple(ListenerEvent(*fields) for fields in group) for group in msgpack.unpackb(packed)))


def _newest(events: set[ListenerEvent], most: int) -> tuple[ListenerEvent, ...]:
    return tuple(sorted(events, key=lambda e: (e.time_ms, e.event_id))[-most:])


def _without_forgotten(listens: set[ListenerEvent], taken_back: set[str | None]) -> set[ListenerEvent]:
    """A forgotten event takes the other events of its listen with it: a play and its end are one listen."""
    sessions = {(e.session_id, e.track_id) for e in listens if e.event_id in taken_back and e.session_id}
    return {e for e in listens if e.event_id not in taken_back and (e.session_id, e.track_id) not in sessions}
