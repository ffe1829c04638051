"""Addresses of the pages of tracks, artists and albums: all of the ``raw_*.csv`` files that ``tracks.csv`` lacks.

FMA made ``tracks.csv`` from them, cleaned, and left these columns out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from spotistream.catalogue.fma.cells import Cells, address, count
from spotistream.catalogue.fma.genres import named_columns
from spotistream.catalogue.fma.records import CsvRecords, Rejected
from spotistream.catalogue.fma.source import RAW_ALBUMS, RAW_ARTISTS, RAW_TRACKS, Metadata


@dataclass
class Pages:
    """Addresses by number in FMA: about 20 MB for its 109,727 tracks.

    rejected : records that could not be read
    spoiled : int, cells that could not be read
    """

    tracks: dict[int, str] = field(default_factory=dict)
    artists: dict[int, str] = field(default_factory=dict)
    albums: dict[int, str] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    spoiled: int = 0


PAGE_FILES = ((RAW_TRACKS, "track"), (RAW_ARTISTS, "artist"), (RAW_ALBUMS, "album"))


def read_pages(metadata: Metadata, *, advance: Callable[[int], None] = lambda _: None) -> Pages:
    """The pages, of the files that are there.

    advance : called with the number of bytes that were read

    Raises InputError where a file lacks a column.
    """
    pages = Pages()
    for file, kind in PAGE_FILES:
        if file in metadata:
            _read(metadata, file, kind, pages, advance)
    return pages


def _read(metadata: Metadata, file: str, kind: str, pages: Pages, advance: Callable[[int], None]) -> None:
    found: dict[int, str] = getattr(pages, f"{kind}s")
    number_column, page_column = f"{kind}_id", f"{kind}_url"
    with metadata.open(file) as stream:
        records = CsvRecords(stream, file=metadata.label(file), header_rows=1)
        columns = named_columns(records, number_column, page_column)
        done = 0
        for record in records:
            advance(records.position - done)
            done = records.position
            if isinstance(record, Rejected):
                pages.rejected.append(record)
                continue
            cells = Cells(columns, record.cells)
            number, page = cells.read(number_column, count), cells.read(page_column, address)
            pages.spoiled += cells.spoiled
            if number is None:
                pages.rejected.append(records.rejected(record.line, "id", f"its {number_column} is no whole number"))
            elif page is not None:
                found.setdefault(number, page)
        advance(records.position - done)


def sizes(metadata: Metadata, names: Iterable[str]) -> int:
    """Bytes of those of the files that are there."""
    return sum(metadata.size(name) for name in names if name in metadata)
