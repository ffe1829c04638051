"""A listening history into Kafka, oldest first: unknown tracks to topic ``tracks``, then each listen to ``plays``."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tqdm import tqdm

from spotistream.config import Config
from spotistream.errors import InputError
from spotistream.events import (
    EARLIEST,
    MAX_CLOCK_AHEAD,
    MAX_PLAYED_MS,
    USER_ID_PATTERN,
    PlayEvent,
    import_event_id,
)
from spotistream.histories.formats import history_files
from spotistream.histories.listens import Listen, Rejected, track_id, valid_user_id
from spotistream.io.track_documents import read_tracks
from spotistream.names import album_id, artist_id, fold_name
from spotistream.serving.bulk import BulkPublisher
from spotistream.tables import PLAYS_TOPIC, SCHEMA_VERSION, TRACKS_TOPIC

REJECTED_FOLDER = "imports"


@dataclass(frozen=True)
class Known:
    """The tracks the service has: all ids, and the playable ones by folded artist and title."""

    track_ids: frozenset[str]
    playable: Mapping[tuple[str, str], str]


def run(
    cfg: Config,
    path: Path,
    *,
    user_id: str | None = None,
    rate: float | None = None,
    progress: bool | None = None,
    now: datetime | None = None,
) -> str:
    """Import a file, or all histories of a folder; returns one line that says what was done.

    ``user_id`` : whose listens they are, where the file does not say or says another name
    ``rate`` : listens a second; null for as fast as the broker takes them
    ``progress`` : whether to show a bar; null for where stderr is a terminal

    Doing it again sends the same ``event_id`` s, which count once. Raises ``InputError`` and ``ServiceUnavailable``.
    """
    return send(cfg, *read_histories(path, user_id=user_id, now=now), rate=rate, progress=progress)


def send(
    cfg: Config,
    listens: list[Listen],
    rejected: Mapping[str, list[Rejected]],
    *,
    rate: float | None = None,
    progress: bool | None = None,
) -> str:
    """Import what ``read_histories`` found. Raises ``ServiceUnavailable``."""
    rejects = sum(map(len, rejected.values()))
    for name, entries in rejected.items():
        write_rejected(cfg.home / REJECTED_FOLDER / f"{name}.rejected", entries)
    known = known_tracks(read_tracks(cfg.mongo, fields=("artist", "title", "playable")))
    with BulkPublisher(cfg.kafka) as publisher:
        new = new_tracks(listens, known)
        for listen in new.values():
            message = track_message(listen)
            publisher.send(TRACKS_TOPIC, message["track_id"], json.dumps(message, ensure_ascii=False).encode())
        publisher.flush()
        for listen in _paced(
            tqdm(listens, desc="listens", unit="", disable=None if progress is None else not progress), rate=rate
        ):
            event = listen_event(listen, known)
            publisher.send(PLAYS_TOPIC, event.user_id, event.to_json())
    tracks = {listened_track(listen, known) for listen in listens}
    in_catalogue = len(tracks & set(known.playable.values()))
    line = (
        f"{len(listens):,} listens of {len({one.user for one in listens}):,} listeners imported: {len(tracks):,} "
        f"tracks, {in_catalogue:,} in the catalogue, {len(new):,} new; {rejects:,} entries rejected"
    )
    return f"{line}, see {cfg.home / REJECTED_FOLDER}" if rejects else line


def read_histories(
    path: Path, *, user_id: str | None, now: datetime | None = None
) -> tuple[list[Listen], dict[str, list[Rejected]]]:
    """All listens, oldest first and each once, with valid user ids; and the rejected entries of each file.

    Raises ``InputError`` for an unknown format, a ``user_id`` that is none, or one for the plays of several listeners.
    """
    now = now or datetime.now(UTC)
    listens: list[Listen] = []
    rejected: dict[str, list[Rejected]] = {}
    for file, reader in history_files(path):
        rejected[file.name] = []
        for entry in reader.read(file):
            checked = checked_entry(entry, now=now)
            if isinstance(checked, Rejected):
                rejected[file.name].append(checked)
            else:
                listens.append(checked)
    names = {listen.user for listen in listens}
    user_ids = {name: _user_id(name, user_id, path=path, listeners=len(names)) for name in names}
    owned = (replace(listen, user=user_ids[listen.user]) for listen in listens)
    once = {(listen.user, track_id(listen), listen.played_at): listen for listen in owned}
    return sorted(once.values(), key=lambda one: (one.played_at, one.user, one.number)), rejected


def checked_entry(entry: Listen | Rejected, *, now: datetime) -> Listen | Rejected:
    """The entry, or its rejection where the service would not take it as an event."""
    if isinstance(entry, Rejected):
        return entry
    text = f"{entry.played_at.isoformat()} {entry.artist} - {entry.title}"
    if entry.played_at < EARLIEST:
        return Rejected(entry.number, "was played before 1970", text)
    if entry.played_at > now + MAX_CLOCK_AHEAD:
        return Rejected(entry.number, "is played in the future", text)
    if entry.played_ms is not None and not 0 <= entry.played_ms <= MAX_PLAYED_MS:
        return Rejected(entry.number, f"was played for {entry.played_ms} ms", text)
    return entry


def known_tracks(documents: Iterable[Mapping[str, Any]]) -> Known:
    """From the documents of collection ``tracks``. Of two playable tracks of one name the first id is taken."""
    ids: set[str] = set()
    playable: dict[tuple[str, str], str] = {}
    for document in documents:
        ids.add(document["_id"])
        if document.get("playable") and document.get("artist") and document.get("title"):
            playable.setdefault((fold_name(document["artist"]), fold_name(document["title"])), document["_id"])
    return Known(frozenset(ids), playable)


def listened_track(listen: Listen, known: Known) -> str:
    """The track of the catalogue by that artist and title, else the id the history gives it."""
    return known.playable.get((fold_name(listen.artist), fold_name(listen.title))) or track_id(listen)


def new_tracks(listens: Iterable[Listen], known: Known) -> dict[str, Listen]:
    """The first listen of each track that the service does not have, by track id."""
    new: dict[str, Listen] = {}
    for listen in listens:
        track = listened_track(listen, known)
        if track not in known.track_ids:
            new.setdefault(track, listen)
    return new


def track_message(listen: Listen) -> dict[str, Any]:
    """The message that makes a track known that cannot be played here."""
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": "track",
        "track_id": track_id(listen),
        "title": listen.title,
        "artist_id": artist_id(listen.artist),
        "artist": listen.artist,
        "album_id": None if listen.album is None else album_id(listen.artist, listen.album),
        "album": listen.album,
        "playable": False,
        "feature_spec": None,
        "vector": None,
    }


def listen_event(listen: Listen, known: Known) -> PlayEvent:
    """The listen as a ``complete``. Its id does not depend on the catalogue, so a later import repeats it too."""
    assert listen.user is not None  # noqa: S101 - read_histories gave it one
    return PlayEvent(
        event_id=import_event_id(listen.user, track_id(listen), listen.played_at),
        user_id=listen.user,
        action="complete",
        event_time=listen.played_at,
        source="import",
        track_id=listened_track(listen, known),
        played_ms=listen.played_ms,
    )


def write_rejected(path: Path, entries: list[Rejected]) -> None:
    """One line for each entry: number, reason, text, by tabs; no file where there is none."""
    if not entries:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", errors="backslashreplace") as file:
        file.writelines(f"{one.number}\t{one.reason}\t{one.text}\n" for one in entries)


def _user_id(name: str | None, chosen: str | None, *, path: Path, listeners: int) -> str:
    if chosen is None:
        if name is None:
            raise InputError(str(path), "does not say whose plays these are", remedy="name the listener by --user")
        return valid_user_id(name)
    if valid_user_id(chosen) != chosen:
        raise InputError(f"listener {chosen!r}", f"does not match {USER_ID_PATTERN}", remedy="choose another id")
    if listeners > 1:
        raise InputError(str(path), f"holds the plays of {listeners:,} listeners", remedy="leave --user out")
    return chosen


def _paced(listens: Iterable[Listen], *, rate: float | None) -> Iterator[Listen]:
    started = time.monotonic()
    for number, listen in enumerate(listens):
        if rate:
            time.sleep(max(0.0, started + number / rate - time.monotonic()))
        yield listen
