"""What a listener heard last and thinks of tracks, for the library page. Pure: documents and events in, documents out.

Merging is a union: an event that comes twice changes nothing, and the newest opinion on a track counts whatever arrives
last. The version of a document is the offset of the newest message in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from spotistream.events import PlayEvent

MAX_HISTORY = 200
MAX_OPINIONS = 1_000
MAX_FORGOTTEN = 200
LIKE, DISLIKE = "like", "dislike"


@dataclass(frozen=True)
class Listen:
    """A track that was started, or heard.

    at : the earliest that is known of it, milliseconds since 1970, UTC
    ended : ``complete`` or ``skip``; None while it is not known
    event_ids : its own: of its begin and of its end
    """

    listen_id: str
    track_id: str
    at: int
    ended: str | None = None
    played_ms: int | None = None
    event_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Opinion:
    """``action`` is like, dislike or unlike, which takes either back; ``at`` in milliseconds since 1970, UTC."""

    track_id: str
    action: str
    at: int
    event_id: str


@dataclass(frozen=True)
class Listening:
    """The newest listens and the newest opinion on each track, each newest first; and which events were forgotten."""

    version: int = -1
    history: tuple[Listen, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    forgotten: tuple[str, ...] = ()

    @property
    def likes(self) -> tuple[Opinion, ...]:
        return tuple(each for each in self.opinions if each.action == LIKE)

    @property
    def dislikes(self) -> tuple[Opinion, ...]:
        return tuple(each for each in self.opinions if each.action == DISLIKE)


def with_events(before: Listening, events: Iterable[tuple[int, PlayEvent]]) -> Listening:
    """With events of the listener, each with the offset of its message; those it has already change nothing."""
    return joined(before, from_events((offset, event) for offset, event in events if offset > before.version))


def from_events(events: Iterable[tuple[int, PlayEvent]]) -> Listening:
    """What events of one listener come to, each with the offset of its message; in any order, and none counts twice."""
    version = -1
    listens: list[Listen] = []
    opinions: list[Opinion] = []
    forgotten: list[str] = []
    for offset, event in events:
        version = max(version, offset)
        if event.action == "forget":
            forgotten.append(event.target_event_id or "")
        elif event.action in ("play", "complete", "skip"):
            listens.append(_listen(event))
        elif event.track_id is not None:
            opinions.append(Opinion(event.track_id, event.action, _ms(event.event_time), event.event_id))
    return joined(Listening(), Listening(version, tuple(listens), tuple(opinions), tuple(forgotten)))


def joined(one: Listening, other: Listening) -> Listening:
    """All that two know of a listener: the newest of it, without what either forgot."""
    forgotten = dict.fromkeys((*one.forgotten, *other.forgotten))
    listens: dict[str, Listen] = {}
    for listen in (*one.history, *other.history):
        known = listens.get(listen.listen_id)
        listens[listen.listen_id] = listen if known is None else _together(known, listen)
    opinions: dict[str, Opinion] = {}
    for opinion in (*one.opinions, *other.opinions):
        if opinion.event_id not in forgotten:
            opinions[opinion.track_id] = max(opinion, opinions.get(opinion.track_id, opinion), key=_order_of_opinion)
    kept = [each for each in listens.values() if forgotten.keys().isdisjoint(each.event_ids)]
    return Listening(
        max(one.version, other.version),
        tuple(sorted(kept, key=lambda each: (-each.at, each.listen_id))[:MAX_HISTORY]),
        tuple(sorted(opinions.values(), key=_order_of_opinion, reverse=True)[:MAX_OPINIONS]),
        tuple(forgotten)[-MAX_FORGOTTEN:],
    )


def listening_document(user_id: str, listening: Listening) -> dict[str, Any]:
    return {
        "_id": user_id,
        "version": listening.version,
        "history": [{**asdict(each), "event_ids": list(each.event_ids)} for each in listening.history],
        "opinions": [asdict(each) for each in listening.opinions],
        "forgotten": list(listening.forgotten),
    }


def listening_of(document: Mapping[str, Any] | None) -> Listening:
    """What a document says; nothing where there is none."""
    if document is None:
        return Listening()
    return Listening(
        document["version"],
        tuple(Listen(**{**each, "event_ids": tuple(each["event_ids"])}) for each in document["history"]),
        tuple(Opinion(**each) for each in document["opinions"]),
        tuple(document["forgotten"]),
    )


def _listen(event: PlayEvent) -> Listen:
    key = f"{event.session_id} {event.track_id}" if event.session_id else event.event_id
    ended = None if event.action == "play" else event.action
    return Listen(key, event.track_id or "", _ms(event.event_time), ended, event.played_ms, (event.event_id,))


def _together(known: Listen, new: Listen) -> Listen:
    """Begin and end of one listen."""
    end = new if new.ended else known
    ids = dict.fromkeys((*known.event_ids, *new.event_ids))
    return replace(known, at=min(known.at, new.at), ended=end.ended, played_ms=end.played_ms, event_ids=tuple(ids))


def _order_of_opinion(opinion: Opinion) -> tuple[int, str]:
    return opinion.at, opinion.event_id


def _ms(moment: datetime) -> int:
    return round(moment.astimezone(UTC).timestamp() * 1000)
