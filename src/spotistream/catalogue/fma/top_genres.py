"""The top genre of each track, for whoever needs nothing else of ``tracks.csv``."""

from __future__ import annotations

from pathlib import Path

from spotistream.catalogue.fma.records import CsvRecords, Rejected
from spotistream.catalogue.fma.source import TRACKS, metadata_at
from spotistream.catalogue.fma.tracks import HEADER_ROWS, track_columns
from spotistream.errors import InputError


def top_genres(path: Path) -> dict[int, str]:
    """Top genre by number of the track, for the tracks that have one; damaged records are left out.

    path : as for ``metadata_at``

    Raises InputError where there is no ``tracks.csv`` with that column.
    """
    metadata = metadata_at(path)
    with metadata.open(TRACKS) as stream:
        records = CsvRecords(stream, file=metadata.label(TRACKS), header_rows=HEADER_ROWS)
        place = track_columns(records).get(("track", "genre_top"))
        if place is None:
            raise InputError(str(path), "its tracks.csv lacks the column track genre_top", remedy="download it again")
        found: dict[int, str] = {}
        for record in records:
            if not isinstance(record, Rejected) and record.cells[0].isdecimal() and record.cells[place]:
                found.setdefault(int(record.cells[0]), record.cells[place])
        return found
