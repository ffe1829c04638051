"""The map of the catalogue as documents: parts of some thousand points, and one document that says which belong
together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

POINTS_A_PART = 5_000
"""A part stays far below the 16 MB of a document."""
CURRENT = "current"
"""``_id`` of the document that names the edition in use, how many parts and points it has. It is written last."""
COLUMNS = ("track_ids", "x", "y", "genres", "playable", "topics")


@dataclass(frozen=True)
class TrackMap:
    """The catalogue on a plane; element i of each column is about one track.

    map_version : coordinates of two versions do not compare; empty before there is a map
    track_ids : in order
    x, y : across and up, -1 to 1
    genres : main genre, for the colour; None where it is not known
    playable : False for tracks without audio
    topics : id of the topic of music, for the colour; None where it is not known, and empty before topics were found
    """

    map_version: str = ""
    track_ids: tuple[str, ...] = ()
    x: tuple[float, ...] = ()
    y: tuple[float, ...] = ()
    genres: tuple[str | None, ...] = ()
    playable: tuple[bool, ...] = ()
    topics: tuple[str | None, ...] = ()

    def __len__(self) -> int:
        return len(self.track_ids)

    @property
    def edition(self) -> str:
        """Names exactly this content: a map that keeps its version as tracks are added has many editions."""
        content = json.dumps([getattr(self, column) for column in COLUMNS]).encode()
        return f"{self.map_version}-{hashlib.sha256(content).hexdigest()[:12]}"


def part_documents(track_map: TrackMap) -> Iterator[dict[str, Any]]:
    """The points, a part of them in each document."""
    edition, parts = track_map.edition, _parts(track_map)
    for number in range(parts):
        points = slice(number * POINTS_A_PART, (number + 1) * POINTS_A_PART)
        columns: dict[str, Sequence[Any]] = {column: list(getattr(track_map, column)[points]) for column in COLUMNS}
        facts = {"edition": edition, "map_version": track_map.map_version, "parts": parts}
        yield {"_id": part_id(edition, number), **facts, **columns}


def current_document(track_map: TrackMap) -> dict[str, Any]:
    """What names the edition to readers."""
    return {
        "_id": CURRENT,
        "edition": track_map.edition,
        "map_version": track_map.map_version,
        "parts": _parts(track_map),
        "points": len(track_map),
    }


def part_ids(current: Mapping[str, Any]) -> list[str]:
    """Where the parts are that the document ``current`` stands for."""
    return [part_id(current["edition"], number) for number in range(current["parts"])]


def part_id(edition: str, number: int) -> str:
    return f"{edition}/{number}"


def track_map_of(current: Mapping[str, Any], parts: Iterable[Mapping[str, Any]]) -> TrackMap | None:
    """The map, whatever order its parts come in; None where one is missing: they have been replaced meanwhile."""
    by_id = {part["_id"]: part for part in parts}
    wanted = part_ids(current)
    if not by_id.keys() >= set(wanted):
        return None
    columns = {column: tuple(chain.from_iterable(by_id[each].get(column, ()) for each in wanted)) for column in COLUMNS}
    return TrackMap(map_version=current["map_version"], **columns)


def _parts(track_map: TrackMap) -> int:
    return -(-len(track_map) // POINTS_A_PART)
