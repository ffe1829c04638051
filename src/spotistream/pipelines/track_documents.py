"""Rows of the catalogue as documents of the store."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from pyspark.sql import Row

from spotistream.tables import TRACKS

DESCRIBED = (
    "tempo", "brightness", "energy", "loudness_lufs", "waveform", "waveform_start_s", "waveform_end_s",
)  # fmt: skip
"""What the player shows of a track's features."""


def track_document(row: Row) -> dict[str, Any]:
    """What the player shows of a track."""
    values = row.asDict(recursive=True)
    return {"_id": values["track_id"], **_shown({n: values[n] for n in (*TRACKS.columns, *DESCRIBED)}, key="track_id")}


def feature_document(row: Row) -> dict[str, Any]:
    """The vector of a track."""
    return {"_id": row["track_id"], "feature_spec": row["feature_spec"], "vector": list(row["vector"])}


def record_document(row: Row, key: str) -> dict[str, Any]:
    """A row of table artists, albums or genres."""
    return {"_id": row[key], **_shown(row.asDict(recursive=True), key=key)}


def _shown(values: dict[str, Any], *, key: str) -> dict[str, Any]:
    return {name: _stored(value) for name, value in values.items() if name != key}


def _stored(value: Any) -> Any:
    """As the store keeps it: it knows no days without a time, and times of its own are in UTC."""
    if isinstance(value, bytearray):
        return bytes(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time(), UTC)
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.astimezone(UTC)
    return value
