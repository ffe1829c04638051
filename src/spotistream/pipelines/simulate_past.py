"""The past of the simulated listeners into Kafka, once."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from tqdm import tqdm

from spotistream.config import Config, Simulation
from spotistream.events import iso_utc
from spotistream.files import replace_text
from spotistream.pipelines.simulate import playable_tracks
from spotistream.serving.bulk import BulkPublisher
from spotistream.simulation.listeners import make_listeners
from spotistream.simulation.past import past_events
from spotistream.simulation.shelves import SimTrack
from spotistream.tables import PLAYS_TOPIC

STATE_FILE = "simulation.json"
REMEMBERED_TRACKS = 200
SAME_CATALOGUE_SHARE = 0.5


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


def simulate_past(cfg: Config, *, progress: bool | None = None, now: datetime | None = None) -> str:
    """Send the past of all simulated listeners to topic ``plays``; returns one line that says what was done.

    ``progress`` : whether to show a bar; null for where stderr is a terminal

    A run that was cut short is repeated with the same ``event_id`` s, so that everything counts once; one that ended
    is not repeated, unless the settings or most of the catalogue are others.
    """
    tracks = playable_tracks(cfg)
    settings = cfg.simulation
    previous = read_state(cfg.home / STATE_FILE)
    state = next_state(previous, settings, tracks, now=now or datetime.now(UTC))
    if state.sent:
        return f"{settings.plays:,} past plays of {settings.listeners:,} simulated listeners were there"
    write_state(cfg.home / STATE_FILE, state)
    listeners = make_listeners(tracks, count=settings.listeners, seed=settings.seed)
    until = datetime.fromisoformat(state.until)
    events = past_events(listeners, tracks, plays=settings.plays, days=settings.days, until=until, seed=settings.seed)
    sent = 0
    with BulkPublisher(cfg.kafka) as publisher:
        for event in tqdm(
            events,
            desc="simulated events",
            unit="",
            disable=None if progress is None else not progress,
            mininterval=0.5,
        ):
            publisher.send(PLAYS_TOPIC, event.user_id, event.to_json())
            sent += 1
    write_state(cfg.home / STATE_FILE, replace(state, sent=True))
    return f"{sent:,} events sent, {settings.plays:,} past plays of {settings.listeners:,} simulated listeners"


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
    replace_text(path, json.dumps(asdict(state)))
