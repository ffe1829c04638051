"""What happens on the service now, counted from topic ``plays`` in bounded memory, for whoever runs it."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from spotistream.events import event_of_message

MINUTES = 60
ACTIVE_S = 300.0
"""A listener is active for so long after an event of theirs."""
RECENT_MINUTES = 5
"""Rates are means over the last so many minutes."""
MOST_LISTENERS, TRACKS_A_MINUTE, MOST_DELAYS = 20_000, 500, 500
SLOWEST_S = 600.0
RECOMMENDED_SHELVES = ("for-you", "just-played", "radio")
"""Shelves that are ranked for the listener; all others show everybody the same."""
COUNTED = ("play", "complete", "skip", "like", "dislike")
IMPORTED = "import"


@dataclass(frozen=True)
class Fare:
    """How plays from some shelves ended.

    skipped : share of those that ended, 0 to 1; None where none did; share : of all plays
    """

    plays: int
    share: float
    skipped: float | None


@dataclass(frozen=True)
class ActivityView:
    """The last hour.

    listeners : active now; simulated : of them
    per_minute : of each action, mean of the last minutes
    minutes : of each action its counts in each minute, the last is the current one
    recommended, other : how tracks ranked for the listener fare, and all others
    rising : tracks played more in the last half of the hour than in the first, with both counts, the steepest first
    delay_p50_s, delay_p95_s : from an event to its recommendations on the screen
    delays : how many were measured
    """

    listeners: int
    simulated: int
    per_minute: Mapping[str, float]
    minutes: Mapping[str, tuple[int, ...]]
    recommended: Fare
    other: Fare
    rising: tuple[tuple[str, int, int], ...]
    delay_p50_s: float | None
    delay_p95_s: float | None
    delays: int


class Activity:
    """Counts of the last hour. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: OrderedDict[int, Counter[tuple[str, bool]]] = OrderedDict()
        self._tracks: OrderedDict[int, Counter[str]] = OrderedDict()
        self._listeners: OrderedDict[str, float] = OrderedDict()
        self._delays: deque[float] = deque(maxlen=MOST_DELAYS)

    def hear(self, _key: bytes | None, value: bytes | None, at: float) -> None:
        """A message of topic ``plays``; what is no event, or of another time, is left out.

        at : when the broker had it, seconds since 1970
        """
        event = event_of_message(value, now=datetime.fromtimestamp(at, UTC))
        if event is None or event.source == IMPORTED:
            return
        minute = int(at // 60)
        with self._lock:
            self._listeners[event.user_id] = max(at, self._listeners.get(event.user_id, 0.0))
            self._listeners.move_to_end(event.user_id)
            if len(self._listeners) > MOST_LISTENERS:
                self._listeners.popitem(last=False)
            if event.action in COUNTED:
                recommended = event.shelf in RECOMMENDED_SHELVES
                self._counts.setdefault(minute, Counter())[event.action, recommended] += 1
            if event.action == "play" and event.track_id is not None:
                tracks = self._tracks.setdefault(minute, Counter())
                if event.track_id in tracks or len(tracks) < TRACKS_A_MINUTE:
                    tracks[event.track_id] += 1
            for kept in (self._counts, self._tracks):
                while len(kept) > MINUTES + 1:
                    del kept[min(kept)]

    def shown(self, delay_s: float) -> None:
        """A browser showed new recommendations so long after the event that caused them."""
        if 0 <= delay_s <= SLOWEST_S:
            with self._lock:
                self._delays.append(delay_s)

    def view(self, *, now: float) -> ActivityView:
        this = int(now // 60)
        span = range(this - MINUTES + 1, this + 1)
        with self._lock:
            counts = [Counter(self._counts.get(minute, ())) for minute in span]
            tracks = [Counter(self._tracks.get(minute, ())) for minute in span]
            active = [user for user, at in self._listeners.items() if now - at <= ACTIVE_S]
            delays = sorted(self._delays)
        minutes = {action: tuple(each[action, True] + each[action, False] for each in counts) for action in COUNTED}
        recent = {action: sum(values[-RECENT_MINUTES:]) / RECENT_MINUTES for action, values in minutes.items()}
        total = sum(counts, Counter())
        plays = total["play", True] + total["play", False]
        return ActivityView(
            listeners=len(active),
            simulated=sum(user.startswith("sim-") for user in active),
            per_minute=recent,
            minutes=minutes,
            recommended=_fare(total, plays, recommended=True),
            other=_fare(total, plays, recommended=False),
            rising=_rising(tracks),
            delay_p50_s=_quantile(delays, 0.5),
            delay_p95_s=_quantile(delays, 0.95),
            delays=len(delays),
        )


def _fare(total: Mapping[tuple[str, bool], int], plays: int, *, recommended: bool) -> Fare:
    own = total["play", recommended]
    skips = total["skip", recommended]
    ended = skips + total["complete", recommended]
    return Fare(own, own / plays if plays else 0.0, skips / ended if ended else None)


def _rising(tracks: Iterable[Counter[str]]) -> tuple[tuple[str, int, int], ...]:
    """Track, plays in the first half, plays in the second; those that rise, most plays more first."""
    halves = list(tracks)
    middle = len(halves) // 2
    before, after = (sum(half, Counter()) for half in (halves[:middle], halves[middle:]))
    found = [(track, before[track], count) for track, count in after.items() if count > before[track]]
    return tuple(sorted(found, key=lambda each: (each[1] - each[2], each[0])))


def _quantile(values: list[float], share: float) -> float | None:
    return values[min(int(share * len(values)), len(values) - 1)] if values else None
