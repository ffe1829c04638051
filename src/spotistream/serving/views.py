"""What the player reads, as frozen values, and how they are made from documents of the store and of Kafka."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class TrackView:
    """A track as the player shows it.

    duration_s : of the whole file, seconds
    tempo, brightness, energy : beats per minute; Hz; 0 to 1
    loudness_lufs : integrated loudness, LUFS
    waveform : the peak of each equal part of the stretch from waveform_start_s to waveform_end_s, a byte each: 255 is
        full scale
    path, cover_path, spectrogram_path : where a file is: absolute path or URI
    predicted_genre : what it sounds like, of a track without a genre
    source_url, play_count : its page, and how often it was played, where it comes from
    """

    track_id: str
    playable: bool
    title: str | None = None
    artist_id: str | None = None
    artist: str | None = None
    album_id: str | None = None
    album: str | None = None
    genre: str | None = None
    predicted_genre: str | None = None
    track_number: int | None = None
    year: int | None = None
    licence: str | None = None
    source_url: str | None = None
    play_count: int | None = None
    duration_s: float | None = None
    format: str | None = None
    path: str | None = None
    cover_path: str | None = None
    spectrogram_path: str | None = None
    tempo: float | None = None
    brightness: float | None = None
    energy: float | None = None
    loudness_lufs: float | None = None
    waveform: bytes | None = None
    waveform_start_s: float | None = None
    waveform_end_s: float | None = None

    @property
    def name(self) -> str:
        """The title, or something to call an untitled track by."""
        return self.title or "Untitled"

    @property
    def by(self) -> str:
        return self.artist or "Unknown artist"

    @property
    def genre_label(self) -> str | None:
        """The genre; one that was predicted says so."""
        return self.genre or (f"{self.predicted_genre} (predicted)" if self.predicted_genre else None)


@dataclass(frozen=True)
class Scored:
    track_id: str
    score: float


@dataclass(frozen=True)
class SimilarTracks:
    """Nearest tracks of one track, best first."""

    by_sound: tuple[Scored, ...] = ()
    by_listeners: tuple[Scored, ...] = ()
    model_version: str | None = None


@dataclass(frozen=True)
class PopularTracks:
    """Tracks for everybody, best first. Without a model they are tracks in title order: ``model_version`` is None."""

    tracks: tuple[Scored, ...] = ()
    model_version: str | None = None


@dataclass(frozen=True)
class TrendingTracks:
    """Tracks that more listeners hear than before, the steepest first, in the window that ends at ``window_end``.

    Without a window there were no plays to compare: ``window_end`` is None.
    """

    tracks: tuple[Scored, ...] = ()
    window_end: datetime | None = None


@dataclass(frozen=True)
class Reason:
    """Why a track is offered: ``because_played``, ``because_liked``, ``sounds_like`` a track, ``popular``, or
    ``popular_in_topic``, which names the topic."""

    code: str
    track_id: str | None = None
    music_topic_id: str | None = None


@dataclass(frozen=True)
class Cause:
    """The event that made a table change. ``track_id`` is None after a visit."""

    event_id: str | None
    track_id: str | None
    action: str | None
    event_time: datetime | None


@dataclass(frozen=True)
class Recommended:
    rank: int
    track_id: str
    score: float
    reason: Reason


@dataclass(frozen=True)
class Recommendations:
    """The recommendation table of one listener. ``version`` grows with each refresh."""

    user_id: str
    version: int
    model_version: str | None
    updated_at: datetime | None
    cause: Cause | None
    table: tuple[Recommended, ...]


_TRACK_FIELDS = tuple(field.name for field in fields(TrackView) if field.name != "track_id")


def track_view(document: Mapping[str, Any]) -> TrackView:
    values = {name: document.get(name) for name in _TRACK_FIELDS}
    return TrackView(**{**values, "track_id": document["_id"], "playable": bool(document.get("playable"))})


def scored(entries: Any) -> tuple[Scored, ...]:
    return tuple(Scored(entry["track_id"], float(entry.get("score") or 0.0)) for entry in entries or ())


def similar_tracks(document: Mapping[str, Any]) -> SimilarTracks:
    by_sound, by_listeners = (scored(document.get(name)) for name in ("by_sound", "by_listeners"))
    return SimilarTracks(by_sound, by_listeners, document.get("model_version"))


def recommendations_view(user_id: str, document: Mapping[str, Any]) -> Recommendations:
    """From a document of the collection or from the JSON of the topic: times may be ISO text.

    Raises ``KeyError``, ``TypeError`` or ``ValueError`` for a document of another layout.
    """
    cause = document.get("caused_by")
    return Recommendations(
        user_id=user_id,
        version=int(document["version"]),
        model_version=document.get("model_version"),
        updated_at=_moment(document.get("updated_at")),
        cause=Cause(cause.get("event_id"), cause.get("track_id"), cause.get("action"), _moment(cause.get("event_time")))
        if cause
        else None,
        table=tuple(_recommended(entry) for entry in document["recommendations"]),
    )


def _recommended(entry: Mapping[str, Any]) -> Recommended:
    reason = entry.get("reason") or {}
    return Recommended(
        rank=int(entry["rank"]),
        track_id=entry["track_id"],
        score=float(entry.get("score") or 0.0),
        reason=Reason(reason.get("code") or "popular", reason.get("track_id"), reason.get("music_topic_id")),
    )


def _moment(value: Any) -> datetime | None:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if value is None or value.tzinfo is not None:
        return value
    return value.replace(tzinfo=UTC)
