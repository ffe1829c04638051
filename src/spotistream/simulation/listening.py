"""How one simulated listener goes from track to track."""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from spotistream.events import PlayEvent
from spotistream.simulation.listeners import Listener
from spotistream.simulation.shelves import Shelves

MOOD_SHARE = 0.6
REMEMBERED = 500
NOT_AGAIN_WITHIN = 8
ATTEMPTS = 4
NAMESPACE = uuid.UUID("9b1d7c0e-6d3f-5b7a-8f0e-4f2d9a1c7e55")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Listen:
    """One listen of one track; times are milliseconds, ``liked_ms`` after the start, null where it is not liked."""

    position: int
    skipped: bool
    played_ms: int
    liked_ms: int | None


class Listening:
    """A listener with what they have heard so far. ``session_size`` and ``next_listen`` draw from ``rng``."""

    def __init__(self, listener: Listener, shelves: Shelves, rng: np.random.Generator) -> None:
        self._listener, self._shelves, self._rng = listener, shelves, rng
        self._styles = [style for style, _ in listener.taste]
        self._cumulated_taste = np.cumsum([weight for _, weight in listener.taste])
        self._fit = {style: weight / listener.taste[0][1] for style, weight in listener.taste}
        self._heard: deque[int] = deque(maxlen=REMEMBERED)
        self._recent: deque[int] = deque(maxlen=min(NOT_AGAIN_WITHIN, len(shelves.tracks) // 2))
        self._liked: set[int] = set()
        self._mood = self._style(rng.random())

    def session_size(self) -> int:
        """Begin a session in a new mood; how many listens it will have, at least 1."""
        self._mood = self._style(self._rng.random())
        return int(self._rng.geometric(1.0 / self._listener.session_length))

    def next_listen(self) -> Listen:
        """Choose a track, hear it or skip it, perhaps like it."""
        position = self._choose()
        track, fit = self._shelves.tracks[position], self._fit_of(position)
        u_skip, u_heard, u_like, u_when = self._rng.random(4)
        skipped = bool(u_skip < min(0.95, self._listener.skip * (0.35 + 1.65 * (1.0 - fit))))
        full_ms = max(1000, round(track.duration_s * 1000))
        played_ms = max(1000, round(full_ms * (0.02 + 0.48 * u_heard**2))) if skipped else full_ms
        liked_ms = None
        if not skipped:
            if position not in self._liked and u_like < self._listener.like * fit:
                self._liked.add(position)
                liked_ms = round(played_ms * (0.1 + 0.8 * u_when))
            self._heard.append(position)
        self._recent.append(position)
        return Listen(position, skipped, played_ms, liked_ms)

    def _choose(self) -> int:
        position = self._draw()
        for _ in range(ATTEMPTS):
            if position not in self._recent:
                break
            position = self._draw()
        return position

    def _draw(self) -> int:
        who = self._listener
        u_kind, u_which, u_track, u_style = self._rng.random(4)
        if u_kind < who.exploration:
            return self._shelves.any_track(u_track)
        if u_kind < who.exploration + who.loyalty:
            artist = who.favourite_artists[int(u_which * len(who.favourite_artists))]
            return self._shelves.track_of_artist(artist, who.scene, u_track)
        if u_kind < who.exploration + who.loyalty + who.repetition and self._heard:
            return self._heard[int(u_track * len(self._heard))]
        style = self._mood if u_which < MOOD_SHARE else self._style(u_style)
        return self._shelves.track_of_style(style, who.scene, u_track)

    def _style(self, u: float) -> str:
        at = int(np.searchsorted(self._cumulated_taste, u, side="right"))
        return self._styles[min(at, len(self._styles) - 1)]

    def _fit_of(self, position: int) -> float:
        if self._shelves.tracks[position].artist_id in self._listener.favourite_artists:
            return 1.0
        return self._fit[self._shelves.styles[position]]


def events_of(
    listen: Listen, *, user_id: str, shelves: Shelves, start_ms: int, lasts_ms: int | None = None
) -> Iterator[PlayEvent]:
    """The ``play``, perhaps a ``like``, and the ``complete`` or ``skip`` of one listen, in time order.

    ``start_ms`` counts from 1970 UTC. ``lasts_ms`` is when the listen ends; null for as long as it was heard.
    """
    track_id = shelves.tracks[listen.position].track_id
    lasts_ms = listen.played_ms if lasts_ms is None else lasts_ms
    play_id = _event_id(user_id, track_id, "play", start_ms)

    def event(action: str, at_ms: int, played_ms: int | None) -> PlayEvent:
        return PlayEvent(
            event_id=play_id if action == "play" else _event_id(user_id, track_id, action, at_ms),
            user_id=user_id,
            action=action,
            event_time=EPOCH + timedelta(milliseconds=at_ms),
            source="simulation",
            track_id=track_id,
            played_ms=played_ms,
            session_id=play_id,
        )

    yield event("play", start_ms, None)
    if listen.liked_ms is not None:
        yield event("like", start_ms + listen.liked_ms * lasts_ms // listen.played_ms, None)
    yield event("skip" if listen.skipped else "complete", start_ms + lasts_ms, listen.played_ms)


def _event_id(user_id: str, track_id: str, action: str, at_ms: int) -> str:
    return str(uuid.uuid5(NAMESPACE, f"{user_id}\n{track_id}\n{action}\n{at_ms}"))
