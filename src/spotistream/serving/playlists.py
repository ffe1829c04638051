"""A playlist, and what a listener can do with one. Pure: each change gives a new playlist or refuses.

A track is on a playlist once. What comes from outside (ids, names, how many) is checked here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from spotistream.errors import InputError
from spotistream.events import TRACK_ID_PATTERN, USER_ID_PATTERN, UUID_PATTERN

MAX_TRACKS = 5_000
MAX_PLAYLISTS = 500
"""Of one listener."""
MAX_NAME = 100
JOINERS = "\u200c\u200d"


@dataclass(frozen=True)
class Playlist:
    """tracks : ids, in the order they are played
    created_at, updated_at : milliseconds since 1970, UTC
    """

    playlist_id: str
    user_id: str
    name: str
    tracks: tuple[str, ...]
    created_at: int
    updated_at: int


def new_playlist(playlist_id: str, user_id: str, name: str, tracks: Iterable[str], *, now: int) -> Playlist:
    """Raises ``InputError`` where an id, the name or the number of tracks is not possible."""
    checked_id("playlist_id", playlist_id, UUID_PATTERN)
    checked_id("user_id", user_id, USER_ID_PATTERN)
    return Playlist(playlist_id, user_id, checked_name(name), _checked_tracks(tracks), now, now)


def renamed(playlist: Playlist, name: str, *, now: int) -> Playlist:
    return replace(playlist, name=checked_name(name), updated_at=now)


def with_tracks(playlist: Playlist, tracks: Iterable[str], *, at: int | None = None, now: int) -> Playlist:
    """With these tracks at a place, from 0, else at the end. Those it has already stay where they are."""
    new = [each for each in _checked_tracks(tracks) if each not in set(playlist.tracks)]
    place = len(playlist.tracks) if at is None else min(_checked_place(at), len(playlist.tracks))
    together = (*playlist.tracks[:place], *new, *playlist.tracks[place:])
    return replace(playlist, tracks=_checked_tracks(together), updated_at=now)


def without_track(playlist: Playlist, track_id: str, *, now: int) -> Playlist:
    """Without the track; the same where it is not on it: a change that is sent twice does no harm."""
    return replace(playlist, tracks=tuple(each for each in playlist.tracks if each != track_id), updated_at=now)


def with_track_moved(playlist: Playlist, track_id: str, to: int, *, now: int) -> Playlist:
    """With the track at a place, from 0. Raises ``InputError`` where it is not on the playlist."""
    if track_id not in playlist.tracks:
        raise InputError("playlist", "does not hold this track any more", remedy="read the playlist again")
    rest = [each for each in playlist.tracks if each != track_id]
    rest.insert(_checked_place(to), track_id)
    return replace(playlist, tracks=tuple(rest), updated_at=now)


def checked_name(name: object) -> str:
    """A name without control characters and needless space, of 1 to 100 characters."""
    if not isinstance(name, str):
        raise InputError("name", "is not text", remedy="give it a name")
    found = " ".join("".join(" " if _is_unseen(sign) else sign for sign in name[: MAX_NAME * 10]).split())
    if not 1 <= len(found) <= MAX_NAME:
        raise InputError("name", f"has {len(found)} characters", remedy=f"use 1 to {MAX_NAME}")
    return found


def checked_id(field: str, value: object, pattern: str) -> str:
    """The id; raises ``InputError`` where it is none."""
    if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
        raise InputError(field, f"does not match {pattern}", remedy="send it again with it corrected")
    return value


def _is_unseen(sign: str) -> bool:
    """A control character or a mark of direction; not the joiners, which some scripts and emoji need."""
    return unicodedata.category(sign)[0] == "C" and sign not in JOINERS


def _checked_tracks(tracks: Iterable[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(checked_id("track_id", each, TRACK_ID_PATTERN) for each in tracks))
    if len(found) > MAX_TRACKS:
        raise InputError("playlist", f"would have {len(found)} tracks", remedy=f"keep to {MAX_TRACKS:,}")
    return found


def _checked_place(place: object) -> int:
    if type(place) is not int or place < 0:
        raise InputError("place", "is not a whole number from 0", remedy="count from the first track, which is 0")
    return place
