"""FMA's metadata -> Delta ``track_metadata``, ``metadata_rejected``; genres, artists, albums -> Kafka topic ``tracks``.

Repeating it changes nothing: rows are merged by their keys, and readers of the topic keep the newest message of a key.
Tracks are sent by ``publish``, which knows their audio.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pyspark.sql import SparkSession

from spotistream.catalogue.fma import source
from spotistream.catalogue.fma.genres import read_genres
from spotistream.catalogue.fma.pages import PAGE_FILES, read_pages, sizes
from spotistream.catalogue.fma.records import CsvRecords, Rejected
from spotistream.catalogue.fma.source import RAW_GENRES, TRACKS, metadata_at
from spotistream.catalogue.fma.tracks import HEADER_ROWS, TrackRecord, Tracks
from spotistream.config import Config
from spotistream.pipelines.imported_rows import MB, Megabytes, RejectLog, chunks, merge_changed
from spotistream.pipelines.progress import Progress
from spotistream.serving.bulk import BulkPublisher
from spotistream.tables import ALBUMS, ARTISTS, GENRES, SCHEMA_VERSION, TRACK_METADATA, TRACKS_TOPIC

CHUNK = 20_000
_KEYS = {"genre": GENRES.keys[0], "artist": ARTISTS.keys[0], "album": ALBUMS.keys[0]}


@dataclass
class Summary:
    """What a run found; prints as one line.

    spoiled : cells that could not be read and are null, or were cut
    """

    tracks: int = 0
    genres: int = 0
    artists: int = 0
    albums: int = 0
    rejected: int = 0
    spoiled: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        parts = [f"{getattr(self, name):,} {name}" for name in ("tracks", "genres", "artists", "albums")]
        parts.append(f"{self.rejected:,} record{'s' * (self.rejected != 1)} rejected")
        if self.spoiled:
            parts.append(f"{self.spoiled:,} cell{'s' * (self.spoiled != 1)} left empty or cut")
        return f"{', '.join(parts)} in {self.seconds:.1f} s; next: spotistream run publish"


def run(spark: SparkSession, cfg: Config) -> Summary:
    """Import all of it. Raises ``InputError`` where there is no readable ``tracks.csv``."""
    begun = time.monotonic()
    metadata = metadata_at(cfg.catalogue.metadata)
    metadata.require(TRACKS)
    paged = [file for file, _ in PAGE_FILES]
    names = [name for name in (TRACKS, source.GENRES, RAW_GENRES, *paged) if name in metadata]
    summary = Summary()
    rejects = RejectLog(spark, cfg, [metadata.label(name) for name in names])
    with BulkPublisher(cfg.kafka) as publisher, Progress("MB", total=sizes(metadata, [TRACKS, *paged]) // MB) as bar:
        done = Megabytes(bar)
        genres = read_genres(metadata)
        summary.genres = _send(publisher, "genre", genres.rows())
        pages = read_pages(metadata, advance=done.advance)
        rejects.add((*genres.rejected, *pages.rejected))
        summary.spoiled = genres.spoiled + pages.spoiled
        with metadata.open(TRACKS) as stream:
            records = CsvRecords(stream, file=metadata.label(TRACKS), header_rows=HEADER_ROWS)
            for chunk in chunks(Tracks(records, genres, pages), CHUNK):
                found = [record for record in chunk if isinstance(record, TrackRecord)]
                rejects.add(record for record in chunk if isinstance(record, Rejected))
                summary.artists += _send(publisher, "artist", (r.artist for r in found if r.artist))
                summary.albums += _send(publisher, "album", (r.album for r in found if r.album))
                merge_changed(spark, cfg, TRACK_METADATA, [record.track for record in found])
                summary.tracks += len(found)
                summary.spoiled += sum(record.spoiled for record in found)
                done.reach(records.position)
    rejects.finish()
    summary.rejected = rejects.count
    summary.seconds = time.monotonic() - begun
    return summary


def catalogue_message(kind: str, row: Mapping[str, Any]) -> tuple[str, bytes]:
    """Key and value of the message about an artist, album or genre; columns without a value are left out."""
    known = {name: _json(value) for name, value in row.items() if value is not None}
    message = {"schema_version": SCHEMA_VERSION, "kind": kind, **known}
    return f"{kind}:{row[_KEYS[kind]]}", json.dumps(message, ensure_ascii=False).encode()


def _json(value: Any) -> Any:
    if isinstance(value, datetime):  # which is a date too
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def _send(publisher: BulkPublisher, kind: str, rows: Iterable[Mapping[str, Any]]) -> int:
    """Send the rows and wait until the broker has them; how many they were."""
    count = 0
    for row in rows:
        publisher.send(TRACKS_TOPIC, *catalogue_message(kind, row))
        count += 1
    publisher.flush()
    return count
