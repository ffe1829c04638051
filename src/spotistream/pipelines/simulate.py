"""Simulated listeners: their past into Kafka once, and their listening from now on."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from tqdm import tqdm

from spotistream.config import Config, Simulation
from spotistream.errors import InputError, ServiceUnavailable
from spotistream.events import PlayEvent, iso_utc
from spotistream.io.track_documents import read_tracks
from spotistream.serving.bulk import BulkPublisher
from spotistream.simulation.listeners import make_listeners
from spotistream.simulation.live import live_events
from spotistream.simulation.past import past_events
from spotistream.simulation.shelves import SimTrack
from spotistream.tables import PLAYS_TOPIC, Topic

STATE_FILE = "simulation.json"
REMEMBERED_TRACKS = 200
SAME_CATALOGUE_SHARE = 0.5
UNKNOWN_DURATION_S = 180.0
MAX_LATE_S = 30.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
LIVE_TIMEOUT_S = 10.0

log = logging.getLogger(__name__)


class Publisher(Protocol):
    def send(self, topic: Topic, key: str, value: bytes) -> None: ...

    def flush(self) -> None: ...


@dataclass(frozen=True)
class Simulated:
    """What the past was made from; kept in the home, so that a second start makes the same past or none.

    ``tracks`` are at most 200 ids, evenly picked. ``sent`` is true once the broker confirmed everything.
    """

    until: str
    listeners: int
    plays: int
    days: int
    seed: int
    tracks: tuple[str, ...]
    sent: bool


def simulate_past(cfg: Config, *, progress: bool, now: datetime | None = None) -> str:
    """Send the past of all simulated listeners to topic ``plays``; returns one line that says what was done.

    A run that was cut short is repeated with the same ``event_id`` s, so that everything counts once; one that ended
    is not repeated, unless the settings or most of the catalogue are others.
    """
    tracks = playable_tracks(cfg)
    settings = cfg.simulation
    previous = read_state(cfg.home / STATE_FILE)
    state = next_state(previous, settings, tracks, now=now or datetime.now(UTC))
    if state.sent:
        return f"simulation: {settings.plays:,} past plays of {settings.listeners:,} simulated listeners were there"
    write_state(cfg.home / STATE_FILE, state)
    listeners = make_listeners(tracks, count=settings.listeners, seed=settings.seed)
    until = datetime.fromisoformat(state.until)
    events = past_events(listeners, tracks, plays=settings.plays, days=settings.days, until=until, seed=settings.seed)
    sent = 0
    with BulkPublisher(cfg.kafka) as publisher:
        for event in tqdm(events, desc="simulated events", unit="", disable=not progress, mininterval=0.5):
            publisher.send(PLAYS_TOPIC, event.user_id, event.to_json())
            sent += 1
    write_state(cfg.home / STATE_FILE, Simulated(**{**asdict(state), "sent": True}))
    return (
        f"simulation: {sent:,} events sent, {settings.plays:,} past plays of {settings.listeners:,} simulated listeners"
    )


def run_live(cfg: Config, *, stop: threading.Event) -> None:
    """Keep the simulated listeners playing at the configured rate until ``stop`` is set.

    Raises ``ServiceUnavailable`` where the broker is away at the start; later it is tried again with growing pauses,
    and what would have been played meanwhile is not made up for.
    """
    settings = cfg.simulation
    if settings.live_events_per_minute <= 0:
        log.info("simulated listeners do not play live: simulation.live_events_per_minute is 0")
        return
    tracks = playable_tracks(cfg)
    listeners = make_listeners(tracks, count=settings.listeners, seed=settings.seed)
    pause_s, started = FIRST_PAUSE_S, False
    while not stop.is_set():
        try:
            with BulkPublisher(cfg.kafka, timeout_s=LIVE_TIMEOUT_S) as publisher:
                started, pause_s = True, FIRST_PAUSE_S
                rate = settings.live_events_per_minute
                events = live_events(listeners, tracks, per_minute=rate, start=_now(), seed=settings.seed)
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


def next_state(
    previous: Simulated | None, settings: Simulation, tracks: tuple[SimTrack, ...], *, now: datetime
) -> Simulated:
    """The previous past where it is of these settings and, for the most part, these tracks; else one until ``now``."""
    if previous is not None:
        known = {track.track_id for track in tracks}
        same = (previous.listeners, previous.plays, previous.days, previous.seed) == (
            settings.listeners, settings.plays, settings.days, settings.seed,
        )  # fmt: skip
        still_there = sum(track_id in known for track_id in previous.tracks)
        if same and still_there > SAME_CATALOGUE_SHARE * len(previous.tracks):
            return previous
    step = max(1, len(tracks) // REMEMBERED_TRACKS)
    return Simulated(
        until=iso_utc(now),
        listeners=settings.listeners,
        plays=settings.plays,
        days=settings.days,
        seed=settings.seed,
        tracks=tuple(track.track_id for track in tracks[::step][:REMEMBERED_TRACKS]),
        sent=False,
    )


def read_state(path: Path) -> Simulated | None:
    """The state of an earlier run; null where there is none or it cannot be read."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return Simulated(**{**values, "tracks": tuple(values["tracks"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write_state(path: Path, state: Simulated) -> None:
    """Replace the state file at once: a kill leaves the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(asdict(state)), encoding="utf-8")
    partial.replace(path)


def _now() -> datetime:
    return datetime.now(UTC)
