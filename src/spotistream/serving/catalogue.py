"""The whole catalogue in the memory of the player, as small as it goes: names, and what belongs to what.

It answers what the store, which reads by ``_id``, cannot: tracks by words of their names, of an artist, of an album.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spotistream.names import genre_id
from spotistream.serving.texts import Texts

TRACK_FIELDS = (
    "title", "artist", "artist_id", "album", "album_id", "genre", "genre_ids", "playable", "play_count", "track_number",
    "added_at",
)  # fmt: skip
"""What is read of a track's document."""
NONE = -1
FAME_ELSEWHERE = 0.4
"""The most that plays where a track comes from count, beside 1 for the most played track here."""
LAST_NUMBER = 10_000
Rows = NDArray[np.int32]
Named = tuple[str, str]
"""An id and a name."""


class TrackRow(NamedTuple):
    """A track as the catalogue is made of it.

    plays : where it comes from; number : on the album; added : seconds since 1970, 0 where it is not known
    """

    track_id: str
    title: str
    artist: Named | None
    album: Named | None
    genres: tuple[Named, ...]
    playable: bool
    plays: int
    number: int
    added: int


@dataclass(frozen=True)
class Groups:
    """Artists, albums or genres, in the order of their ids.

    members : rows of their tracks, those of group i from ``starts[i]`` to ``starts[i + 1]``, best known first
    """

    ids: Texts
    names: Texts
    starts: NDArray[np.int64]
    members: Rows

    def __len__(self) -> int:
        return len(self.ids)

    def tracks_of(self, group: int) -> Rows:
        return self.members[self.starts[group] : self.starts[group + 1]]

    @property
    def sizes(self) -> NDArray[np.int64]:
        return np.diff(self.starts)


@dataclass(frozen=True)
class Catalogue:
    """Element i of each column is about the track of row i; tracks are in the order of their ids.

    artist, album : row in ``artists`` and ``albums``, -1 where there is none
    fame : how much it is played, 0 to 1; plays : how often where it comes from
    added : seconds since 1970, 0 where it is not known; number : on the album
    complete : False while tracks are still being read
    """

    track_ids: Texts
    titles: Texts
    artist: Rows
    album: Rows
    fame: NDArray[np.float32]
    plays: NDArray[np.int64]
    playable: NDArray[np.bool_]
    added: NDArray[np.int64]
    number: NDArray[np.int16]
    artists: Groups
    albums: Groups
    genres: Groups
    complete: bool = True

    def __len__(self) -> int:
        return len(self.track_ids)

    def artist_name(self, track: int) -> str:
        return self.artists.names[int(self.artist[track])] if self.artist[track] != NONE else ""

    def newest(self, count: int) -> list[str]:
        """The playable tracks that came last, the newest first; none where it is not known when they came."""
        known = np.flatnonzero(self.playable & (self.added > 0))
        order = known[np.lexsort((known, -self.added[known]))][:count]
        return [self.track_ids[row] for row in order.tolist()]

    def rows(self) -> Iterator[TrackRow]:
        """The tracks as the catalogue was made of them, to make another one."""
        genres: list[tuple[Named, ...]] = [()] * len(self)
        for group in range(len(self.genres)):
            named = (self.genres.ids[group], self.genres.names[group])
            for track in self.genres.tracks_of(group).tolist():
                genres[track] = (*genres[track], named)
        for track, track_id in enumerate(self.track_ids):
            artist, album = int(self.artist[track]), int(self.album[track])
            yield TrackRow(
                track_id,
                self.titles[track],
                None if artist == NONE else (self.artists.ids[artist], self.artists.names[artist]),
                None if album == NONE else (self.albums.ids[album], self.albums.names[album]),
                genres[track],
                bool(self.playable[track]),
                int(self.plays[track]),
                int(self.number[track]),
                int(self.added[track]),
            )


def catalogue_of(
    tracks: Iterable[TrackRow],
    *,
    popular: Sequence[str] = (),
    genre_titles: Mapping[str, str] | None = None,
    complete: bool = True,
) -> Catalogue:
    """The catalogue of these tracks; of several rows of a track the last one counts.

    popular : ids of the most played tracks, the most played first
    genre_titles : by genre id; a genre without a title here is called as its tracks say
    """
    last = {row.track_id: row for row in tracks}
    rows = [last[track_id] for track_id in sorted(last)]
    ids, plays = [row.track_id for row in rows], np.array([row.plays for row in rows], dtype=np.int64)
    fame = _fame(ids, popular, plays)
    artists, artist = _groups_of_one([row.artist for row in rows], fame)
    albums, album = _groups_of_one([row.album for row in rows], fame)
    genres, _, _ = _groups([row.genres for row in rows], fame, genre_titles or {})
    return Catalogue(
        track_ids=Texts(ids),
        titles=Texts(row.title for row in rows),
        artist=artist,
        album=album,
        fame=fame,
        plays=plays,
        playable=np.array([row.playable for row in rows], dtype=bool),
        added=np.array([row.added for row in rows], dtype=np.int64),
        number=np.array([row.number for row in rows], dtype=np.int16),
        artists=artists,
        albums=albums,
        genres=genres,
        complete=complete,
    )


def track_row(document: Mapping[str, Any]) -> TrackRow:
    """From a document of the store with ``TRACK_FIELDS``."""
    genres = {each: each for each in document.get("genre_ids") or ()}
    if document.get("genre"):
        genres[genre_id(document["genre"])] = document["genre"]
    added = document.get("added_at")
    return TrackRow(
        document["_id"],
        document.get("title") or "Untitled",
        (document["artist_id"], document.get("artist") or "Unknown artist") if document.get("artist_id") else None,
        (document["album_id"], document.get("album") or "Untitled") if document.get("album_id") else None,
        tuple(genres.items()),
        bool(document.get("playable")),
        int(document.get("play_count") or 0),
        min(document.get("track_number") or LAST_NUMBER, LAST_NUMBER),
        int(added.timestamp()) if added is not None else 0,
    )


def _fame(ids: Sequence[str], popular: Sequence[str], plays: NDArray[np.int64]) -> NDArray[np.float32]:
    places = {track_id: place for place, track_id in enumerate(popular)}
    here = np.array([1 - places[each] / (2 * len(places)) if each in places else 0.0 for each in ids])
    most = np.log1p(plays.max(initial=0))
    elsewhere = FAME_ELSEWHERE * np.log1p(plays) / most if most > 0 else np.zeros(len(ids))
    return np.maximum(here, elsewhere).astype(np.float32)


def _groups_of_one(named: Sequence[Named | None], fame: NDArray[np.float32]) -> tuple[Groups, Rows]:
    """Groups of which each track is in one at most, and the row of it for each track."""
    groups, members, owners = _groups([(each,) if each else () for each in named], fame, {})
    row = np.full(len(named), NONE, dtype=np.int32)
    row[members] = owners
    return groups, row


def _groups(
    named: Sequence[Sequence[Named]], fame: NDArray[np.float32], titles: Mapping[str, str]
) -> tuple[Groups, Rows, Rows]:
    """Groups of the ids of each track; and the tracks and the groups of all members, in the order of members."""
    names: dict[str, str] = {}
    for each in named:
        for group, name in each:
            if names.setdefault(group, name) == group:
                names[group] = name  # an id stands in for a name until a track has one
    ids = sorted(names)
    place = {group: row for row, group in enumerate(ids)}
    tracks = np.array([row for row, each in enumerate(named) for _ in each], dtype=np.int32)
    owners = np.array([place[group] for each in named for group, _ in each], dtype=np.int32)
    order = np.lexsort((tracks, -fame[tracks], owners))
    starts = np.zeros(len(ids) + 1, dtype=np.int64)
    np.cumsum(np.bincount(owners, minlength=len(ids)), out=starts[1:])
    shown = Texts(titles.get(group, names[group]) for group in ids)
    return Groups(Texts(ids), shown, starts, tracks[order]), tracks[order], owners[order]
