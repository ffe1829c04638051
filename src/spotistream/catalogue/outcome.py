"""What goes into the analysis of a file and what comes out of it. Needs no audio library, unlike the analysis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from spotistream.layouts import Column
from spotistream.tables import TRACK_FEATURES, TRACK_FILES, TRACKS_REJECTED

_IDENTITY = ("track_id", "path", "content_hash", "size_bytes", "modified_at", "added_at", "gone")
OUTCOME: tuple[Column, ...] = (
    *(column for column in TRACKS_REJECTED.fields if column.name in ("path", "content_hash", "code", "reason")),
    *(column for column in TRACK_FILES.fields if column.name not in _IDENTITY),
    *(column for column in TRACK_FEATURES.fields if column.name not in (*_IDENTITY, *TRACK_FILES.columns)),
)
"""Columns of the row that ``analyse_file`` makes. A track has no ``code``, a rejected file nothing but one; a file
whose bytes are the known ones has neither ``code`` nor ``feature_spec``."""


@dataclass(frozen=True)
class Task:
    """A file to analyse.

    path, folder, cover : as in AudioFile
    known_hash : sha256, hex, of the bytes that need no analysis again; None: any do
    """

    path: str
    folder: str
    cover: str | None
    known_hash: str | None


@dataclass(frozen=True)
class Settings:
    """How files are analysed: the keys of section [audio], and the folders of covers and spectrograms."""

    preset: str
    max_seconds: float
    min_seconds: float
    max_file_mb: float
    covers: str
    pictures: str


def rejected(task: Task, *, code: str, reason: str, content_hash: str | None = None) -> dict[str, Any]:
    """The row of a file that cannot become a track."""
    return outcome(path=task.path, content_hash=content_hash, code=code, reason=reason)


def outcome(**values: Any) -> dict[str, Any]:
    """A row of OUTCOME with these values, the others null."""
    return {column.name: values.get(column.name) for column in OUTCOME}
