"""What messages of a listener change in what is remembered of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self

import msgpack

from spotistream.models.listener import ListenerEvent, ListenerState, merged, pack


class Received(NamedTuple):
    """A message of a listener. ``event`` is None for a visit; ``sent_ms`` is when the broker got it, since 1970."""

    kafka_offset: int
    sent_ms: int
    event: ListenerEvent | None


class ChangedListener(NamedTuple):
    """A listener whose remembered events changed in a batch.

    packed : their whole state; version : the offset of their newest message; sent_ms : when the broker got it
    The rest is the newest event that changed something; None when a visit made the listener known.
    """

    user_id: str
    packed: bytes
    version: int
    sent_ms: int
    event_id: str | None
    track_id: str | None
    action: str | None
    time_ms: int | None

    @classmethod
    def of(cls, changed: bytes) -> Self:
        """What ``to_bytes`` made."""
        return cls(*msgpack.unpackb(changed))

    def to_bytes(self) -> bytes:
        """For one column of a frame."""
        return bytes(msgpack.packb(self))

    @property
    def row(self) -> dict[str, Any]:
        """What is needed to make their table; times in UTC."""
        return {
            "user_id": self.user_id, "packed": self.packed, "version": self.version, "sent_at": _utc(self.sent_ms),
            "event_id": self.event_id, "track_id": self.track_id, "action": self.action,
            "event_time": None if self.time_ms is None else _utc(self.time_ms),
        }  # fmt: skip


def changed_by(
    user_id: str, old: ListenerState | None, received: Sequence[Received], *, max_events: int, max_opinions: int
) -> ChangedListener | None:
    """The listener with ``received`` taken in, or ``None`` where nothing changed: repeated events, a known one's visit.

    old : what is remembered; None of a listener nobody knows
    """
    in_order = sorted(received, key=lambda message: message.kafka_offset)
    events = [message.event for message in in_order if message.event is not None]
    before = old or ListenerState()
    new = merged(before, events, max_events=max_events, max_opinions=max_opinions)
    if old is not None and new == old:
        return None
    known = before.event_ids
    fresh = [event for event in events if event.event_id not in known]
    newest = max(fresh, key=lambda e: (e.time_ms, e.event_id), default=None)
    cause = (newest.event_id, newest.track_id, newest.action, newest.time_ms) if newest else (None, None, None, None)
    sent_ms = max(message.sent_ms for message in received)
    return ChangedListener(user_id, pack(new), in_order[-1].kafka_offset, sent_ms, *cause)


def _utc(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
