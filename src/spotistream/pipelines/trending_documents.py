"""Documents of the store about what is trending."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any

from spotistream.tables import TRENDING_SHELF


def trending_documents(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A document for each shelf, best first, from the rows of table ``trending_tracks`` of one window."""
    shelves: dict[str, list[tuple[int, Mapping[str, Any]]]] = defaultdict(list)
    for row in rows:
        for shelf, place in row["places"].items():
            shelves[shelf].append((place, row))
    return [
        {
            "_id": f"{TRENDING_SHELF}{shelf}",
            "window_start": shelves[shelf][0][1]["window_start"].astimezone(UTC),
            "window_end": shelves[shelf][0][1]["window_end"].astimezone(UTC),
            "tracks": [_entry(row) for _, row in sorted(shelves[shelf], key=lambda each: each[0])],
        }
        for shelf in sorted(shelves)
    ]


def _entry(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "track_id": row["track_id"],
        "score": round(row["score"], 6),
        "listens": row["listens"],
        "listeners": row["listeners"],
    }
