"""One listen of a history, whatever service it comes from, and the protocol its readers follow."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from spotistream.names import name_hash

MAX_USER_ID = 64
_NOT_IN_USER_ID = re.compile(r"[^\w.-]", re.ASCII)
_MBID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Listen:
    """``number`` is the line or record in its file, from 1; ``played_at`` is UTC, the start where that is known.

    ``user`` is null where the format does not name the listener; mbids are of MusicBrainz, null where not known.
    """

    number: int
    user: str | None
    played_at: datetime
    artist: str
    title: str
    album: str | None = None
    artist_mbid: str | None = None
    track_mbid: str | None = None
    played_ms: int | None = None


@dataclass(frozen=True)
class Rejected:
    """An entry that is no listen, and why."""

    number: int
    reason: str
    text: str


class HistoryReader(Protocol):
    """One format. ``read`` yields one item for each entry, in the order of the file."""

    name: str

    def recognises(self, path: Path, head: bytes) -> bool:
        """Whether a file that starts with these bytes is of this format."""

    def read(self, path: Path) -> Iterator[Listen | Rejected]:
        """The entries of the file. Raises ``OSError`` where it cannot be read."""


def mbid(text: str | None) -> str | None:
    """A MusicBrainz id in lower case; null where the text is none."""
    folded = (text or "").strip().lower()
    return folded if _MBID.fullmatch(folded) else None


def track_id(listen: Listen) -> str:
    """``lastfm:`` and the mbid of the track, else the hash of the folded names of artist and title."""
    return f"lastfm:{listen.track_mbid or name_hash(listen.artist, listen.title)}"


def valid_user_id(name: str) -> str:
    """The name as a ``user_id``; a name that has to be changed is told from others by a hash.

    >>> valid_user_id("user_000001")
    'user_000001'
    >>> valid_user_id("Ann Smith")
    'Ann_Smith-716955'
    """
    if name and len(name) <= MAX_USER_ID and not _NOT_IN_USER_ID.search(name):
        return name
    suffix = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{_NOT_IN_USER_ID.sub('_', name)[: MAX_USER_ID - 7]}-{suffix}"
