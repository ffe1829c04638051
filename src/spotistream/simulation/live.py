"""What the simulated listeners play from now on: an endless schedule at a chosen rate."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from spotistream.events import PlayEvent
from spotistream.simulation.listeners import Listener
from spotistream.simulation.listening import EPOCH, Listening, events_of
from spotistream.simulation.shelves import Shelves, SimTrack

EVENTS_PER_LISTEN = 2.05
"""A play and its end, and the likes: what turns a rate of events into one of listens."""
LIVE_LISTEN_MS = 25_000
"""No live listen lasts longer: a longer track is heard faster, and its end reports the time of the whole track."""
HOUR_MS = 3_600_000


@dataclass
class _Session:
    """A listener at it: how many listens are left, and when the one in progress is over."""

    number: int
    listens_left: int
    free_at_ms: float


def live_events(
    listeners: Sequence[Listener], tracks: Sequence[SimTrack], *, per_minute: float, start: datetime, seed: int
) -> Iterator[PlayEvent]:
    """Endless events in the order they fall due, ``event_time`` being when; about ``per_minute`` of all actions.

    Who begins a session is drawn by activity and by the hour. A listener has one listen at a time, so few listeners
    cannot be driven faster than they listen. The same arguments give the same events.
    """
    if per_minute <= 0:
        raise ValueError("per_minute must be above 0")
    schedule = _Schedule(listeners, Shelves(tracks, seed=seed), np.random.default_rng([seed, 5]), seed=seed)
    gap_ms = 60_000.0 * EVENTS_PER_LISTEN / per_minute
    at_ms = (start - EPOCH) / timedelta(milliseconds=1)
    waiting: list[tuple[datetime, int, PlayEvent]] = []
    number = 0
    while True:
        at_ms, events = schedule.listen(at_ms)
        for event in events:
            heapq.heappush(waiting, (event.event_time, number, event))
            number += 1
        at_ms += gap_ms * schedule.jitter()
        horizon = EPOCH + timedelta(milliseconds=at_ms)
        while waiting and waiting[0][0] < horizon:
            yield heapq.heappop(waiting)[2]


class _Schedule:
    """Who listens next. Sessions that are open go on, the longest waiting first; else somebody begins one."""

    def __init__(self, listeners: Sequence[Listener], shelves: Shelves, rng: np.random.Generator, *, seed: int) -> None:
        self._listeners, self._shelves, self._rng, self._seed = listeners, shelves, rng, seed
        self._open: dict[int, _Session] = {}
        self._listening: dict[int, Listening] = {}
        self._activity = np.array([listener.activity for listener in listeners])
        self._hours = np.array([listener.hours for listener in listeners])

    def jitter(self) -> float:
        """Share of the mean gap until the next listen: 0.5 to 1.5, so that the rate stays bounded."""
        return float(self._rng.uniform(0.5, 1.5))

    def listen(self, at_ms: float) -> tuple[float, list[PlayEvent]]:
        """The events of a listen that starts at ``at_ms``, or as soon after as somebody is free, and that start."""
        session = self._session_at(at_ms)
        at_ms = max(at_ms, session.free_at_ms)
        listening = self._listening[session.number]
        listen = listening.next_listen()
        lasts_ms = max(1_000, min(listen.played_ms, LIVE_LISTEN_MS))
        session.free_at_ms = at_ms + lasts_ms + 200
        session.listens_left -= 1
        user_id = self._listeners[session.number].user_id
        events = events_of(listen, user_id=user_id, shelves=self._shelves, start_ms=round(at_ms), lasts_ms=lasts_ms)
        return at_ms, list(events)

    def _session_at(self, at_ms: float) -> _Session:
        """A session whose listener is free; where everybody is listening, the first that will be."""
        self._open = {n: one for n, one in self._open.items() if one.listens_left > 0 or one.free_at_ms > at_ms}
        free = [one for one in self._open.values() if one.listens_left > 0 and one.free_at_ms <= at_ms]
        if free:
            return min(free, key=lambda one: (one.free_at_ms, one.number))
        if len(self._open) < len(self._listeners):
            return self._begin(at_ms)
        first = min(self._open.values(), key=lambda one: (one.free_at_ms, one.number))
        if first.listens_left <= 0:
            first.listens_left = self._listening[first.number].session_size()
        return first

    def _begin(self, at_ms: float) -> _Session:
        weights = self._activity * self._hours[:, int(at_ms // HOUR_MS) % 24]
        weights[list(self._open)] = 0.0
        number = int(self._rng.choice(len(weights), p=weights / weights.sum()))
        if number not in self._listening:
            rng = np.random.default_rng([self._seed, 6, number])
            self._listening[number] = Listening(self._listeners[number], self._shelves, rng)
        session = _Session(number, self._listening[number].session_size(), at_ms)
        self._open[number] = session
        return session
