"""The tree of genres, from ``genres.csv``, or ``raw_genres.csv`` where that is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from spotistream.catalogue.fma.cells import Cells, count, one_line, ordinal, whole
from spotistream.catalogue.fma.records import CsvRecords, Rejected
from spotistream.catalogue.fma.source import GENRES, RAW_GENRES, Metadata
from spotistream.errors import InputError
from spotistream.names import genre_id


@dataclass(frozen=True)
class Genre:
    """A genre by its number in FMA, with the number of the one it belongs to."""

    number: int
    title: str
    parent: int | None
    colour: str | None
    track_count: int | None


@dataclass(frozen=True)
class Genres:
    """All genres by number, each with a parent that exists; of two titles that are one id the first stands for both.

    rejected : records of the files that are no genres
    spoiled : int, cells that could not be read
    """

    by_number: Mapping[int, Genre]
    rejected: tuple[Rejected, ...] = ()
    spoiled: int = 0

    def ids(self, numbers: Iterable[int]) -> list[str]:
        """Ids of the genres and of all above them, each once: first those named, then their parents."""
        named = [number for number in numbers if number in self.by_number]
        above = (number for start in named for number in self._path(start)[1:])
        return list(dict.fromkeys(genre_id(self.by_number[number].title) for number in (*named, *above)))

    def top_title(self, number: int) -> str | None:
        """Title of the top genre above a genre, or of itself."""
        return self.by_number[self._path(number)[-1]].title if number in self.by_number else None

    def rows(self) -> Iterator[dict[str, Any]]:
        """Rows of table ``genres``."""
        seen = set()
        for genre in self.by_number.values():
            own = genre_id(genre.title)
            if own in seen:
                continue
            seen.add(own)
            parent = self.by_number.get(genre.parent) if genre.parent is not None else None
            parent_id = genre_id(parent.title) if parent else None
            yield {
                "genre_id": own,
                "title": genre.title,
                "source_id": f"fma:{genre.number}",
                "parent_id": parent_id if parent_id != own else None,
                "top_id": genre_id(self.top_title(genre.number) or genre.title),
                "colour": genre.colour,
                "track_count": genre.track_count,
            }

    def _path(self, number: int) -> list[int]:
        """The genre and those above it, the top one last."""
        path = [number]
        while (parent := self.by_number[path[-1]].parent) is not None:
            path.append(parent)
        return path


@dataclass(frozen=True)
class _Layout:
    file: str
    title: str
    parent: str
    track_count: str | None
    colour: str | None


_LAYOUTS = (
    _Layout(GENRES, title="title", parent="parent", track_count="#tracks", colour=None),
    _Layout(RAW_GENRES, title="genre_title", parent="genre_parent_id", track_count=None, colour="genre_color"),
)


def read_genres(metadata: Metadata) -> Genres:
    """The genres of ``genres.csv``, with the colours of ``raw_genres.csv``; no genres where neither is there.

    Raises InputError where a file lacks a column.
    """
    read = [_read(metadata, layout) for layout in _LAYOUTS if layout.file in metadata]
    if not read:
        return Genres({})
    first, *others = read
    genres = _rooted(first.by_number)
    lost = sum(genre.parent is not None and genres[number].parent is None for number, genre in first.by_number.items())
    for number, raw in ((number, raw) for other in others for number, raw in other.by_number.items()):
        if number in genres:
            genres[number] = replace(genres[number], colour=genres[number].colour or raw.colour)
    rejected = tuple(row for part in read for row in part.rejected)
    return Genres(genres, rejected, lost + sum(part.spoiled for part in read))


def named_columns(records: CsvRecords, *needed: str) -> dict[str, int]:
    """Place of each column by its name, of a file with one header row. Raises InputError where one is missing."""
    columns = {name: place for place, name in reversed(list(enumerate(records.header[0])))}
    if missing := [name for name in needed if name not in columns]:
        problem = f"lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}"
        raise InputError(records.file, problem, remedy="use the file as FMA publishes it")
    return columns


def _read(metadata: Metadata, layout: _Layout) -> Genres:
    found: dict[int, Genre] = {}
    rejected: list[Rejected] = []
    spoiled = 0
    with metadata.open(layout.file) as stream:
        records = CsvRecords(stream, file=metadata.label(layout.file), header_rows=1)
        columns = named_columns(records, "genre_id", layout.title, layout.parent)
        for record in records:
            if isinstance(record, Rejected):
                rejected.append(record)
                continue
            cells = Cells(columns, record.cells)
            genre = _genre(cells, layout)
            spoiled += cells.spoiled + (not record.intact)
            if isinstance(genre, str):
                rejected.append(records.rejected(record.line, "id", genre))
            elif genre.number in found:
                rejected.append(records.rejected(record.line, "duplicate", f"genre {genre.number} was there before"))
            else:
                found[genre.number] = genre
    return Genres(found, tuple(rejected), spoiled)


def _genre(cells: Cells[str], layout: _Layout) -> Genre | str:
    """The genre of a record, or what keeps it from being one."""
    number = cells.read("genre_id", ordinal)
    title = cells.text(layout.title, one_line)
    if number is None or title is None:
        return "its genre_id is no whole number from 1" if number is None else "it has no title"
    return Genre(
        number=number,
        title=title,
        parent=cells.read(layout.parent, whole) or None,
        colour=cells.read(layout.colour, _colour) if layout.colour else None,
        track_count=cells.read(layout.track_count, count) if layout.track_count else None,
    )


def _rooted(genres: Mapping[int, Genre]) -> dict[int, Genre]:
    """The genres without parents that do not exist, or that lead back to the genre."""
    tree: dict[int, Genre] = {}
    for number, genre in genres.items():
        parent, seen = genre.parent, {number}
        above = parent
        while above is not None and above in genres and above not in seen:
            seen.add(above)
            above = tree[above].parent if above in tree else genres[above].parent
        leads_back = above is not None and above == number
        tree[number] = replace(genre, parent=None if leads_back or parent not in genres else parent)
    return tree


def _colour(text: str) -> str:
    if len(text) != 7 or not text.startswith("#") or not set(text[1:].lower()) <= set("0123456789abcdef"):
        raise ValueError(text)
    return text.lower()
