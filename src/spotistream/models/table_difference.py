"""Whether two recommendation tables of a listener are the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from spotistream.models.tables_of_listeners import Recommendation

TOLERANCE = 1e-6
"""Of scores. They are rounded to six decimals, and the last may fall either way: matrices are multiplied in blocks."""
_SPARE = 1e-9


def same_table(
    stored: Sequence[Mapping[str, Any]], table: Sequence[Recommendation], *, tolerance: float = TOLERANCE
) -> bool:
    """Rank, track, reason and score of each row agree; tracks whose scores are that near may stand in either order.

    stored : the rows of a document of the store
    """
    if [row["rank"] for row in stored] != [item.rank for item in table]:
        return False
    by_track = {item.track_id: item for item in table}
    near = tolerance + _SPARE
    for row, here in zip(stored, table, strict=True):
        item = by_track.get(row["track_id"])
        if abs(row["score"] - here.score) > near:
            return False
        if item is None:
            if abs(row["score"] - table[-1].score) > near:
                return False
        elif abs(row["score"] - item.score) > near or dict(row["reason"]) != reason_of(item):
            return False
    return True


def reason_of(item: Recommendation) -> dict[str, Any]:
    """The reason as documents hold it."""
    return {"code": item.reason, "track_id": item.reason_track_id, "music_topic_id": item.reason_topic_id}
