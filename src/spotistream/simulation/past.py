"""What the simulated listeners played so far: a history of a chosen size, in time order."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from spotistream.events import PlayEvent
from spotistream.simulation.listeners import Listener
from spotistream.simulation.listening import EPOCH, Listen, Listening, events_of
from spotistream.simulation.shelves import Shelves, SimTrack

MIN_LISTENS = 5
PAUSE_MS = 4_000
BETWEEN_SESSIONS_MS = 20 * 60_000
HOUR_MS = 3_600_000


@dataclass(frozen=True)
class _Started:
    """A listen of a listener (by number) and when it started, milliseconds since 1970 UTC."""

    start_ms: int
    listener: int
    listen: Listen


def past_events(
    listeners: Sequence[Listener],
    tracks: Sequence[SimTrack],
    *,
    plays: int,
    days: int,
    until: datetime,
    seed: int,
) -> Iterator[PlayEvent]:
    """``plays`` listens with all their events, spread over the ``days`` before ``until``, in time order.

    Nothing lies after ``until``. A listener with more to play than fits into ``days`` began earlier.
    """
    shelves = Shelves(tracks, seed=seed)
    until_ms = (until - EPOCH) // timedelta(milliseconds=1)
    counts = listens_by_listener(listeners, plays=plays, seed=seed)
    started = [
        row
        for number, (listener, count) in enumerate(zip(listeners, counts, strict=True))
        for row in _history(number, listener, int(count), shelves, days=days, until_ms=until_ms, seed=seed)
    ]
    started.sort(key=lambda row: (row.start_ms, row.listener))
    return _in_time_order(started, listeners, shelves)


def listens_by_listener(listeners: Sequence[Listener], *, plays: int, seed: int) -> NDArray[np.int64]:
    """How many of ``plays`` each listener has: by activity, at least ``MIN_LISTENS`` where there are enough."""
    floor = min(MIN_LISTENS, plays // max(1, len(listeners)))
    activity = np.array([listener.activity for listener in listeners])
    rng = np.random.default_rng([seed, 3])
    return floor + rng.multinomial(plays - floor * len(listeners), activity / activity.sum())


def _history(
    number: int, listener: Listener, count: int, shelves: Shelves, *, days: int, until_ms: int, seed: int
) -> list[_Started]:
    """All listens of one listener: sessions at their hours, none before the last has ended, none after ``until_ms``."""
    rng = np.random.default_rng([seed, 4, number])
    listening = Listening(listener, shelves, rng)
    sizes: list[int] = []
    while sum(sizes) < count:
        sizes.append(min(listening.session_size(), count - sum(sizes)))
    history: list[_Started] = []
    at_ms = 0
    for size, start_ms in zip(sizes, _session_starts(listener, len(sizes), days, until_ms, rng), strict=True):
        at_ms = max(at_ms, start_ms)
        for _ in range(size):
            listen = listening.next_listen()
            history.append(_Started(at_ms, number, listen))
            at_ms += listen.played_ms + round(rng.exponential(PAUSE_MS)) + 100
        at_ms += BETWEEN_SESSIONS_MS
    late_ms = max(0, at_ms - until_ms)
    return [_Started(row.start_ms - late_ms, row.listener, row.listen) for row in history]


def _session_starts(listener: Listener, sessions: int, days: int, until_ms: int, rng: np.random.Generator) -> list[int]:
    """Starts in milliseconds since 1970 UTC, ascending: days by the listener's week, hours by their day."""
    dates = until_ms // (24 * HOUR_MS) - np.arange(days)
    weekdays = (dates + 3) % 7  # 1970-01-01 was a Thursday; Monday is 0
    weights = np.where(weekdays >= 5, listener.weekend, 1.0)
    day = rng.choice(dates, size=sessions, p=weights / weights.sum())
    hour = rng.choice(24, size=sessions, p=listener.hours)
    starts = (day * 24 + hour) * HOUR_MS + rng.integers(0, HOUR_MS, size=sessions)
    earlier = (7 if days >= 7 else 1) * 24 * HOUR_MS
    return sorted(int(start) - (earlier if start >= until_ms else 0) for start in starts)


def _in_time_order(started: Sequence[_Started], listeners: Sequence[Listener], shelves: Shelves) -> Iterator[PlayEvent]:
    """The events of listens that are sorted by their start, those of overlapping listens merged."""
    waiting: list[tuple[datetime, int, PlayEvent]] = []
    number = 0
    for row in started:
        user_id = listeners[row.listener].user_id
        for event in events_of(row.listen, user_id=user_id, shelves=shelves, start_ms=row.start_ms):
            heapq.heappush(waiting, (event.event_time, number, event))
            number += 1
        start = EPOCH + timedelta(milliseconds=row.start_ms)
        while waiting[0][0] < start:
            yield heapq.heappop(waiting)[2]
    while waiting:
        yield heapq.heappop(waiting)[2]
