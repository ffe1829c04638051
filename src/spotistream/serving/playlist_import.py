"""Which tracks of the catalogue the entries of a playlist file are. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spotistream.names import artist_id, fold_name
from spotistream.serving.catalogue import NONE, Catalogue
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


@dataclass(frozen=True)
class Candidate:
    """A track of the catalogue that may be meant."""

    track_id: str
    album: str = ""


Candidates = Mapping[tuple[str, str], Sequence[Candidate]]
"""By artist id and folded title."""


def found_in(catalogue: Catalogue, entries: Sequence[Entry]) -> Found:
    """By id where the file has it, else by artist and title, written in any case and with or without accents."""
    named = {entry.track_id for entry in entries if entry.track_id is not None}
    known = frozenset(each for each in named if catalogue.track_ids.place_of(each) is not None)
    unknown = [entry for entry in entries if entry.track_id not in known]
    artists = {artist_id(artist) for entry in unknown for artist, _ in names_of(entry)}
    return resolved(entries, known, candidates_of(catalogue, artists))


def candidates_of(catalogue: Catalogue, artist_ids: Iterable[str]) -> Candidates:
    """The tracks of these artists, the best known first."""
    found: dict[tuple[str, str], list[Candidate]] = {}
    for wanted in artist_ids:
        artist = catalogue.artists.ids.place_of(wanted)
        for row in () if artist is None else catalogue.artists.tracks_of(artist).tolist():
            album = int(catalogue.album[row])
            name = catalogue.albums.names[album] if album != NONE else ""
            key = wanted, fold_name(catalogue.titles[row])
            found.setdefault(key, []).append(Candidate(catalogue.track_ids[row], name))
    return found


def resolved(entries: Iterable[Entry], known: frozenset[str], by_name: Candidates) -> Found:
    """known : ids of the catalogue"""
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


def _by_name(entry: Entry, by_name: Candidates) -> str | None:
    album = fold_name(entry.album)
    for artist, title in names_of(entry):
        candidates = by_name.get((artist_id(artist), fold_name(title)), ())
        same_album = [each for each in candidates if album and fold_name(each.album) == album]
        for each in (*same_album, *candidates):
            return each.track_id
    return None
