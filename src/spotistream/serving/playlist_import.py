"""Which tracks of the catalogue the entries of a playlist file are. All but ``found_in`` is pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spotistream.names import artist_id, fold_name
from spotistream.serving.library_store import LibraryStore
from spotistream.serving.playlist_files import Entry, file_name

_DASH = re.compile(r"\s+[-\u2013\u2014]\s+")
_NUMBER = re.compile(r"^\d{1,3}[\s._-]+")
MAX_SPLITS = 4


@dataclass(frozen=True)
class Found:
    """tracks : of the entries that are in the catalogue, in the order of the file, each once
    missing : the entries that are not
    repeated : how many entries were of a track that an earlier one was of
    """

    tracks: tuple[str, ...]
    missing: tuple[Entry, ...]
    repeated: int


def found_in(store: LibraryStore, entries: Sequence[Entry]) -> Found:
    """By id where the file has it, else by artist and title, written in any case and with or without accents."""
    known = frozenset(store.tracks([entry.track_id for entry in entries if entry.track_id is not None]))
    unknown = [entry for entry in entries if entry.track_id not in known]
    artists = {artist_id(artist) for entry in unknown for artist, _ in names_of(entry)}
    return resolved(entries, known, titles_by_name(store.titles_of_artists(artists)))


def resolved(
    entries: Iterable[Entry], known: frozenset[str], by_name: Mapping[tuple[str, str], Sequence[Mapping[str, Any]]]
) -> Found:
    """known : ids of the catalogue; by_name : its tracks by artist id and folded title"""
    tracks: dict[str, None] = {}
    missing: list[Entry] = []
    repeated = 0
    for entry in entries:
        track_id = entry.track_id if entry.track_id in known else _by_name(entry, by_name)
        if track_id is None:
            missing.append(entry)
            continue
        repeated += track_id in tracks
        tracks[track_id] = None
    return Found(tuple(tracks), tuple(missing), repeated)


def titles_by_name(tracks: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], list[Mapping[str, Any]]]:
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for track in tracks:
        found.setdefault((track["artist_id"], fold_name(track.get("title") or "")), []).append(track)
    return found


def names_of(entry: Entry) -> Iterator[tuple[str, str]]:
    """What may be artist and title of an entry, the likeliest first."""
    if entry.artist and entry.title:
        yield entry.artist, entry.title
    if entry.artist and entry.display:
        yield entry.artist, entry.display
    for text in (entry.display, _NUMBER.sub("", file_name(entry.location))):
        yield from _split(text)


def _split(text: str) -> Iterator[tuple[str, str]]:
    """``A - B - C`` is B - C by A, or C by A - B."""
    for dash in list(_DASH.finditer(text))[:MAX_SPLITS]:
        yield text[: dash.start()], text[dash.end() :]


def _by_name(entry: Entry, by_name: Mapping[tuple[str, str], Sequence[Mapping[str, Any]]]) -> str | None:
    album = fold_name(entry.album)
    for artist, title in names_of(entry):
        candidates = by_name.get((artist_id(artist), fold_name(title)), ())
        same_album = [each for each in candidates if album and fold_name(each.get("album") or "") == album]
        for each in (*same_album, *candidates):
            return str(each["_id"])
    return None
