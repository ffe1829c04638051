"""From a listener's remembered events to weights on tracks.

========================  ======  =============================================================================
what happened             weight  note
========================  ======  =============================================================================
play, complete            1.0     one listen, whether it still plays or has ended
skip that still counts    0.5     half the track or four minutes were heard (the rule of ListenBrainz)
earlier skip              -0.5
like                      +2.0    on top of the listens
dislike                   -1.0    and the track is left out from then on
========================  ======  =============================================================================

A listen's weight is halved every ``half_life_days`` and multiplied by ``recency`` for each newer listen. Both run from
the listener's newest event, not from the clock, so the same events give the same weights whenever they are computed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from spotistream.models.listener import ListenerEvent, ListenerState

LISTEN, SHORTENED, SKIPPED, LIKED, DISLIKED = 1.0, 0.5, -0.5, 2.0, -1.0
MS_PER_DAY = 86_400_000
FOUR_MINUTES_MS = 240_000
LEAST_RECENCY = 0.1
"""What is left at least of an old listen after newer ones: yesterday's taste fades, it does not vanish."""


@dataclass(frozen=True)
class Taste:
    """``weights``: track_id -> weight, negative for what was turned down. ``heard``: newest listen first."""

    weights: dict[str, float]
    liked: frozenset[str]
    disliked: frozenset[str]
    heard: tuple[str, ...]


def taste(
    state: ListenerState, *, duration_ms: Callable[[str], float | None], half_life_days: float, recency: float
) -> Taste:
    """What the events say. ``duration_ms`` gives a track's length in milliseconds, ``None`` where it is unknown."""
    listens = _one_event_a_listen(state.active_listens)
    opinions = state.active_opinions
    newest = max((e.time_ms for e in (*state.active_listens, *opinions)), default=0)
    weights: dict[str, float] = {}
    for age, event in enumerate(reversed(listens)):
        decay = 0.5 ** ((newest - event.time_ms) / MS_PER_DAY / half_life_days) * max(recency**age, LEAST_RECENCY)
        weight = listen_weight(event, duration_ms=duration_ms)
        weights[event.track_id] = weights.get(event.track_id, 0.0) + weight * decay
    liked = frozenset(e.track_id for e in opinions if e.action == "like")
    disliked = frozenset(e.track_id for e in opinions if e.action == "dislike")
    for track_id in sorted(liked):
        weights[track_id] = weights.get(track_id, 0.0) + LIKED
    for track_id in sorted(disliked):
        weights[track_id] = DISLIKED
    heard = tuple(dict.fromkeys(e.track_id for e in reversed(listens)))
    return Taste(weights, liked, disliked, heard)


def listen_weight(event: ListenerEvent, *, duration_ms: Callable[[str], float | None]) -> float:
    """The weight of one listen before decay."""
    if event.action != "skip":
        return LISTEN
    duration = duration_ms(event.track_id)
    enough = FOUR_MINUTES_MS if duration is None else min(duration / 2, FOUR_MINUTES_MS)
    return SHORTENED if (event.played_ms or 0) >= enough else SKIPPED


def _one_event_a_listen(events: tuple[ListenerEvent, ...]) -> list[ListenerEvent]:
    """The last event of each listen, oldest listen first; without a session each event is its own listen."""
    last: dict[tuple[str, str], ListenerEvent] = {}
    for event in events:
        key = (event.session_id or event.event_id, event.track_id)
        started = last.get(key)
        if started is None or started.action == "play":
            last[key] = event
    return sorted(last.values(), key=lambda e: (e.time_ms, e.event_id))
