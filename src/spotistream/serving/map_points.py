"""The map of the catalogue as one binary answer for the browser, and the copy of it that the player keeps."""

from __future__ import annotations

import gzip
import json
import struct
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from spotistream.serving.store import DocumentStore
from spotistream.serving.track_map import TrackMap

OTHER = 255
"""Number of the genre of tracks whose genre is not known, or is none of the frequent ones; of the topic likewise."""
MOST_NAMED = 15
"""Genres, and topics, that have a colour of their own."""
STEPS = 32_767
"""A coordinate from -1 to 1 becomes a whole number from -STEPS to STEPS."""


@dataclass(frozen=True)
class MapPoints:
    """edition : names exactly this content; packed : as ``packed_points`` makes it, compressed by gzip"""

    edition: str
    packed: bytes


def packed_points(track_map: TrackMap, topics: Mapping[str, str]) -> bytes:
    """The playable tracks of a map: little-endian, one part after another.

    topics : names of the topics of music, by id

    length of the head       uint32
    head                     JSON: map_version, points; genres and topics, each a list of title and tracks, the most
                             frequent first, without topics before they were found
    x, then y                int16 each, ``STEPS`` for 1
    genre, then topic        uint8 each: its place in the list, or ``OTHER``
    ids                      in the same order, separated by line feeds
    """
    rows = [row for row, playable in enumerate(track_map.playable) if playable]
    named = [topics.get(each or "") for each in track_map.topics] or [None] * len(track_map)
    genres, genre_numbers = _numbered([track_map.genres[row] for row in rows])
    kinds, topic_numbers = _numbered([named[row] for row in rows])
    facts = {"map_version": track_map.map_version, "points": len(rows), "genres": genres, "topics": kinds}
    head = json.dumps(facts).encode()
    head += b" " * (-len(head) % 4)
    whole = np.rint(np.array([track_map.x, track_map.y], dtype=np.float64)[:, rows] * STEPS).astype("<i2")
    ids = "\n".join(track_map.track_ids[row] for row in rows).encode()
    return struct.pack("<I", len(head)) + head + whole.tobytes() + genre_numbers + topic_numbers + ids


def _numbered(titles: Sequence[str | None]) -> tuple[list[dict[str, Any]], bytes]:
    """The most frequent titles with how often they come, and the place in that list of each, or ``OTHER``."""
    counted = Counter(title for title in titles if title)
    listed = sorted(counted.items(), key=lambda each: (-each[1], each[0]))[:MOST_NAMED]
    place = {title: number for number, (title, _) in enumerate(listed)}
    return [{"title": title, "tracks": tracks} for title, tracks in listed], bytes(
        place.get(title or "", OTHER) for title in titles
    )


class MapKeeper:
    """Packs the map when it is first asked for, and again when the store has another edition."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._points: MapPoints | None = None

    def points(self) -> MapPoints | None:
        """None before there is a map. Raises ``ServiceUnavailable`` where the store does not answer."""
        with self._lock:
            drawn = self._store.map_edition()
            if drawn is None:
                return None
            edition = f"{drawn}-{self._store.topics_edition() or 'none'}"
            if self._points is None or self._points.edition != edition:
                names = {topic.music_topic_id: topic.name for topic in self._store.topics()}
                packed = packed_points(self._store.track_map(), names)
                self._points = MapPoints(edition, gzip.compress(packed, compresslevel=6, mtime=0))
            return self._points
