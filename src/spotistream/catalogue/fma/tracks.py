"""``tracks.csv``: a row of ``track_metadata`` for each record, and what it says of a new artist or album.

The columns are found by the names in the first two of three header rows, such as ``track`` and ``genre_top``. Each
record repeats all of its artist and album: that is read once, from the first record of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from spotistream.catalogue.fma.cells import (
    LONGEST_TEXT,
    MAX_INT,
    Cells,
    address,
    at_least,
    count,
    degrees,
    described,
    language,
    lines,
    moment,
    numbers,
    one_line,
    one_of,
    ordinal,
    seconds,
    words,
    year,
)
from spotistream.catalogue.fma.genres import Genres
from spotistream.catalogue.fma.pages import Pages
from spotistream.catalogue.fma.records import CsvRecords, Record, Rejected
from spotistream.errors import InputError
from spotistream.names import album_id, artist_id, genre_id

HEADER_ROWS = 3
INDEX = ("track_id", "")
NEEDED = (("track", "title"), ("artist", "name"), ("album", "title"))
LARGEST_NUMBER = 10**12

Columns = Mapping[tuple[str, str], int]
Row = dict[str, Any]

_split = one_of("training", "validation", "test")
_subset = one_of("small", "medium", "large", "full")
_track_count = at_least(0, most=MAX_INT)
_bit_rate = ordinal


@dataclass(frozen=True)
class TrackRecord:
    """What a record says.

    number : of the track in FMA
    track : a row of ``track_metadata``
    artist, album : rows of ``artists`` and ``albums``; None where there is none, or it came before
    spoiled : cells that could not be read and are null, or were cut
    """

    number: int
    track: Row
    artist: Row | None
    album: Row | None
    spoiled: int


def track_columns(records: CsvRecords) -> Columns:
    """Place of each column by group and name. Raises InputError where the header is another or lacks a column."""
    groups, names, index = records.header
    if index[0] != INDEX[0] or len(names) != len(groups):
        problem = "is not FMA's tracks.csv: the third of its header rows does not begin with track_id"
        raise InputError(records.file, problem, remedy="name that file, its folder or its ZIP with --metadata")
    pairs = list(zip(groups, names, strict=True))
    columns = {pair: place for place, pair in reversed(list(enumerate(pairs)))} | {INDEX: 0}
    if missing := [" ".join(pair) for pair in NEEDED if pair not in columns]:
        problem = f"lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}"
        raise InputError(records.file, problem, remedy="use the file as FMA publishes it")
    return columns


@dataclass
class Tracks:
    """Reads all records of ``tracks.csv``. Each track number counts once: the first record of it.

    genres : for the ids and the top genre of each track
    pages : addresses that ``tracks.csv`` lacks
    """

    records: CsvRecords
    genres: Genres
    pages: Pages
    _columns: Columns = field(init=False)
    _seen: set[int | str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self._columns = track_columns(self.records)

    def __iter__(self) -> Iterator[TrackRecord | Rejected]:
        for record in self.records:
            yield record if isinstance(record, Rejected) else self._read(record)

    def _read(self, record: Record) -> TrackRecord | Rejected:
        cells = Cells(self._columns, record.cells)
        number = cells.read(INDEX, at_least(0, most=LARGEST_NUMBER))
        if number is None:
            return self.records.rejected(record.line, "id", f"its track_id {record.cells[0][:40]!r} is no whole number")
        if number in self._seen:
            return self.records.rejected(record.line, "duplicate", f"track {number} was there before")
        self._seen.add(number)
        released = cells.read(("album", "date_released"), moment)
        track = self._track(cells, number, released)
        artist = self._artist(cells, track) if self._is_new(track["artist_id"]) else None
        album = self._album(cells, track, released) if self._is_new(track["album_id"]) else None
        return TrackRecord(number, track, artist, album, cells.spoiled + (not record.intact))

    def _is_new(self, id_: str | None) -> bool:
        """Whether an artist or album is met for the first time; the ids of both are hashes that do not meet."""
        if id_ is None or id_ in self._seen:
            return False
        self._seen.add(id_)
        return True

    def _track(self, cells: Cells[tuple[str, str]], number: int, released: datetime | None) -> Row:
        artist, album = (cells.text(column, one_line) for column in (("artist", "name"), ("album", "title")))
        named = cells.read(("track", "genres"), numbers) or ()
        genres = self.genres.ids((*named, *(cells.read(("track", "genres_all"), numbers) or ())))
        top = cells.text(("track", "genre_top"), one_line)
        if top is None and named:
            top = self.genres.top_title(named[0])
        if top is not None and genre_id(top) not in genres:
            genres = [*genres, genre_id(top)]
        return {
            "track_id": f"fma:{number}",
            "title": cells.text(("track", "title"), one_line),
            "artist_id": artist_id(artist) if artist else None,
            "artist": artist,
            "album_id": album_id(artist, album) if artist and album else None,
            "album": album,
            "genre": top,
            "genre_ids": genres or None,
            "tags": cells.read(("track", "tags"), words),
            "track_number": cells.read(("track", "number"), ordinal),
            "year": released.year if released else cells.read(("track", "date_recorded"), year),
            "added_at": cells.read(("track", "date_created"), moment),
            "duration_s": cells.read(("track", "duration"), seconds),
            "bit_rate": cells.read(("track", "bit_rate"), _bit_rate),
            "language": cells.read(("track", "language_code"), language),
            "composer": cells.text(("track", "composer"), one_line),
            "licence": cells.text(("track", "license"), one_line),
            "source_url": self.pages.tracks.get(number),
            "play_count": cells.read(("track", "listens"), count),
            "favourite_count": cells.read(("track", "favorites"), count),
            "split": cells.read(("set", "split"), _split),
            "subset": cells.read(("set", "subset"), _subset),
        }

    def _artist(self, cells: Cells[tuple[str, str]], track: Row) -> Row:
        number = cells.read(("artist", "id"), count)
        return {
            "artist_id": track["artist_id"],
            "name": track["artist"],
            "source_id": None if number is None else f"fma:{number}",
            "location": cells.text(("artist", "location"), one_line),
            "latitude": cells.read(("artist", "latitude"), degrees(90)),
            "longitude": cells.read(("artist", "longitude"), degrees(180)),
            "active_from": cells.read(("artist", "active_year_begin"), year),
            "active_to": cells.read(("artist", "active_year_end"), year),
            "members": cells.text(("artist", "members"), lines, longest=LONGEST_TEXT),
            "labels": cells.text(("artist", "associated_labels"), lines, longest=LONGEST_TEXT),
            "biography": cells.text(("artist", "bio"), described, longest=LONGEST_TEXT),
            "tags": cells.read(("artist", "tags"), words),
            "website": cells.read(("artist", "website"), address),
            "source_url": None if number is None else self.pages.artists.get(number),
            "favourite_count": cells.read(("artist", "favorites"), count),
            "added_at": cells.read(("artist", "date_created"), moment),
        }

    def _album(self, cells: Cells[tuple[str, str]], track: Row, released: datetime | None) -> Row:
        number = cells.read(("album", "id"), count)
        return {
            "album_id": track["album_id"],
            "title": track["album"],
            "artist_id": track["artist_id"],
            "artist": track["artist"],
            "source_id": None if number is None else f"fma:{number}",
            "type": cells.text(("album", "type"), one_line),
            "released_on": released.date() if released else None,
            "track_count": cells.read(("album", "tracks"), _track_count),
            "producer": cells.text(("album", "producer"), one_line),
            "engineer": cells.text(("album", "engineer"), one_line),
            "information": cells.text(("album", "information"), described, longest=LONGEST_TEXT),
            "tags": cells.read(("album", "tags"), words),
            "source_url": None if number is None else self.pages.albums.get(number),
            "play_count": cells.read(("album", "listens"), count),
            "favourite_count": cells.read(("album", "favorites"), count),
            "added_at": cells.read(("album", "date_created"), moment),
        }
