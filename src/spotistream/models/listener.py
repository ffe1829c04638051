"""What is remembered of one listener: a bounded, mergeable state of events.

Merging is a union: applying the same events in any order, in any split and any number of times gives the same state,
as long as no more than the bounds are in play. That is what makes a redelivered event count once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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
    """The newest listens, the newest opinion on each track, and the events taken back; each oldest first.

    What was taken back stays among them, so that it is known as such when it is delivered again; ``active_listens``
    and ``active_opinions`` leave it out.
    """

    listens: tuple[ListenerEvent, ...] = ()
    opinions: tuple[ListenerEvent, ...] = ()
    forgets: tuple[ListenerEvent, ...] = ()

    @property
    def event_ids(self) -> frozenset[str]:
        return frozenset(event.event_id for group in (self.listens, self.opinions, self.forgets) for event in group)

    @property
    def active_listens(self) -> tuple[ListenerEvent, ...]:
        """The listens that count. A forgotten event takes the others of its listen with it: play and end are one."""
        gone = {event.target_event_id for event in self.forgets}
        sessions = {(e.session_id, e.track_id) for e in self.listens if e.event_id in gone and e.session_id}
        return tuple(e for e in self.listens if e.event_id not in gone and (e.session_id, e.track_id) not in sessions)

    @property
    def active_opinions(self) -> tuple[ListenerEvent, ...]:
        """The opinions that count."""
        gone = {event.target_event_id for event in self.forgets}
        return tuple(e for e in self.opinions if e.event_id not in gone)


def merged(
    state: ListenerState, events: Iterable[ListenerEvent], *, max_events: int, max_opinions: int
) -> ListenerState:
    """The state with ``events`` taken in, in order of arrival: of one id the first counts; the newest are kept."""
    seen = state.event_ids
    first: dict[str, ListenerEvent] = {}
    for event in events:
        if event.event_id not in seen:
            first.setdefault(event.event_id, event)
    new = first.values()
    listens = {*state.listens, *(e for e in new if e.action in LISTEN_ACTIONS)}
    opinions = {*state.opinions, *(e for e in new if e.action in OPINION_ACTIONS)}
    forgets = {*state.forgets, *(e for e in new if e.action == "forget")}
    newest_by_track = {event.track_id: event for event in _in_order(opinions)}
    return ListenerState(
        _in_order(listens)[-max_events:],
        _in_order(newest_by_track.values())[-max_opinions:],
        _in_order(forgets)[-max_events:],
    )


def pack(state: ListenerState) -> bytes:
    """The state as bytes, for the state store."""
    return msgpack.packb([[tuple(e) for e in group] for group in (state.listens, state.opinions, state.forgets)])


def unpack(packed: bytes) -> ListenerState:
    """The state ``pack`` made."""
    return ListenerState(*(tuple(ListenerEvent(*fields) for fields in group) for group in msgpack.unpackb(packed)))


def _in_order(events: Iterable[ListenerEvent]) -> tuple[ListenerEvent, ...]:
    return tuple(sorted(events, key=lambda e: (e.time_ms, e.event_id)))
