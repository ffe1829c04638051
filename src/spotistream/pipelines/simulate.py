"""The simulated listeners play on, live, into Kafka."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Protocol

from spotistream.config import Config
from spotistream.errors import InputError, ServiceUnavailable
from spotistream.events import PlayEvent
from spotistream.io.track_documents import read_tracks
from spotistream.layouts import Topic
from spotistream.serving.bulk import BulkPublisher
from spotistream.simulation.listeners import make_listeners
from spotistream.simulation.live import live_events
from spotistream.simulation.shelves import SimTrack
from spotistream.tables import PLAYS_TOPIC

UNKNOWN_DURATION_S = 180.0
MAX_LATE_S = 30.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
LIVE_TIMEOUT_S = 10.0

log = logging.getLogger(__name__)


class Publisher(Protocol):
    def send(self, topic: Topic, key: str, value: bytes) -> None: ...

    def flush(self) -> None: ...


def run_live(cfg: Config, *, stop: threading.Event) -> None:
    """Keep the simulated listeners playing at ``simulation.live_events_per_minute`` until ``stop`` is set; never at 0.

    Raises ``ServiceUnavailable`` where the broker is away at the start; later it is tried again with growing pauses,
    and what would have been played meanwhile is not made up for.
    """
    rate = cfg.simulation.live_events_per_minute
    if rate <= 0:
        log.info("simulated listeners do not play live: their rate is 0")
        return
    _play_until(stop, cfg, playable_tracks(cfg), rate=rate)


def _play_until(stop: threading.Event, cfg: Config, tracks: tuple[SimTrack, ...], *, rate: float) -> None:
    seed = cfg.simulation.seed
    listeners = make_listeners(tracks, count=cfg.simulation.listeners, seed=seed)
    pause_s, started = FIRST_PAUSE_S, False
    while not stop.is_set():
        try:
            with BulkPublisher(cfg.kafka, timeout_s=LIVE_TIMEOUT_S) as publisher:
                started, pause_s = True, FIRST_PAUSE_S
                events = live_events(listeners, tracks, per_minute=rate, start=_now(), seed=seed)
                play_when_due(events, publisher, stop=stop, clock=_now)
        except ServiceUnavailable as exc:
            if not started:
                raise
            log.warning("simulated listeners pause for %.0f s: %s", pause_s, exc)
            stop.wait(pause_s)
            pause_s = min(LONGEST_PAUSE_S, 2 * pause_s)


def play_when_due(
    events: Iterable[PlayEvent], publisher: Publisher, *, stop: threading.Event, clock: Callable[[], datetime]
) -> None:
    """Send each event at its time, until ``stop`` is set or one is more than 30 s late (the machine slept)."""
    for event in events:
        wait_s = (event.event_time - clock()).total_seconds()
        if wait_s > 0:
            publisher.flush()
            wait_s = (event.event_time - clock()).total_seconds()
            if stop.wait(max(0.0, wait_s)):
                return
        elif wait_s < -MAX_LATE_S or stop.is_set():
            return
        publisher.send(PLAYS_TOPIC, event.user_id, event.to_json())


def playable_tracks(cfg: Config) -> tuple[SimTrack, ...]:
    """The tracks of the store that have audio. Raises ``InputError`` where there are none."""
    documents = read_tracks(cfg.mongo, fields=("artist_id", "genre", "duration_s", "playable"))
    tracks = tuple(
        SimTrack(
            track_id=document["_id"],
            artist_id=document.get("artist_id") or document["_id"],
            genre=document.get("genre"),
            duration_s=document.get("duration_s") or UNKNOWN_DURATION_S,
        )
        for document in documents
        if document.get("playable")
    )
    if not tracks:
        raise InputError("simulation", "the catalogue has no track to play", remedy="add audio first")
    return tracks


def _now() -> datetime:
    return datetime.now(UTC)
