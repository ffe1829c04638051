"""The map of the catalogue as one binary answer for the browser, and the copy of it that the player keeps."""

from __future__ import annotations

import gzip
import json
import struct
import threading
from collections import Counter
from dataclasses import dataclass

import numpy as np

from spotistream.serving.store import DocumentStore
from spotistream.serving.track_map import TrackMap

OTHER = 255
"""Number of the genre of tracks whose genre is not known, or is none of the frequent ones."""
MOST_GENRES = 15
STEPS = 32_767
"""A coordinate from -1 to 1 becomes a whole number from -STEPS to STEPS."""


@dataclass(frozen=True)
class MapPoints:
    """edition : names exactly this content; packed : as ``packed_points`` makes it, compressed by gzip"""

    edition: str
    packed: bytes


def packed_points(track_map: TrackMap) -> bytes:
    """The playable tracks of a map: little-endian, one part after another.

    length of the head       uint32
    head                     JSON: map_version, points, genres as a list of title and tracks, the most frequent first
    x, then y                int16 each, ``STEPS`` for 1
    genre                    uint8 each: its place in the list, or ``OTHER``
    ids                      in the same order, separated by line feeds
    """
    rows = [row for row, playable in enumerate(track_map.playable) if playable]
    counted = Counter(genre for row in rows if (genre := track_map.genres[row]))
    genres = sorted(counted.items(), key=lambda each: (-each[1], each[0]))[:MOST_GENRES]
    place = {genre: number for number, (genre, _) in enumerate(genres)}
    listed = [{"title": genre, "tracks": tracks} for genre, tracks in genres]
    facts = {"map_version": track_map.map_version, "points": len(rows), "genres": listed}
    head = json.dumps(facts).encode()
    head += b" " * (-len(head) % 4)
    whole = np.rint(np.array([track_map.x, track_map.y], dtype=np.float64)[:, rows] * STEPS).astype("<i2")
    numbers = np.array([place.get(track_map.genres[row] or "", OTHER) for row in rows], dtype=np.uint8)
    ids = "\n".join(track_map.track_ids[row] for row in rows).encode()
    return struct.pack("<I", len(head)) + head + whole.tobytes() + numbers.tobytes() + ids


class MapKeeper:
    """Packs the map when it is first asked for, and again when the store has another edition."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._points: MapPoints | None = None

    def points(self) -> MapPoints | None:
        """None before there is a map. Raises ``ServiceUnavailable`` where the store does not answer."""
        with self._lock:
            edition = self._store.map_edition()
            if edition is None:
                return None
            if self._points is None or self._points.edition != edition:
                packed = packed_points(self._store.track_map())
                self._points = MapPoints(edition, gzip.compress(packed, compresslevel=6, mtime=0))
            return self._points
