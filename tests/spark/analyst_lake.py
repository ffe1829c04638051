"""A small lake for the queries of docs/tables.md: a few literal rows of each table they read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from plugins.literal_rows import literal_rows
from pyspark.sql import SparkSession

from spotistream.config import Config
from spotistream.io import delta
from spotistream.tables import (
    GENRES,
    PLAYS,
    RECOMMENDATIONS,
    TRACK_FEATURES,
    TRACK_SOUNDS,
    TRACKS,
    TRACKS_REJECTED,
)

MONDAY = datetime(2026, 5, 4, 20, 0, tzinfo=UTC)
"""The newest event."""

Rows = list[dict[str, Any]]


def write_lake(spark: SparkSession, cfg: Config) -> None:
    """Write the tables through the functions the jobs use."""
    for table, rows in (
        (TRACKS, tracks()), (GENRES, genres()), (TRACK_FEATURES, features()), (TRACK_SOUNDS, sounds()),
        (TRACKS_REJECTED, rejects()),
    ):  # fmt: skip
        delta.merge(spark, cfg, table, literal_rows(spark, table, rows))
    for table, rows in ((PLAYS, plays()), (RECOMMENDATIONS, recommendations())):
        delta.create_table(spark, cfg, table)
        delta.append(literal_rows(spark, table, rows), cfg, table)


def tracks() -> Rows:
    """Two albums of two tracks, a single, and a track without audio."""

    def track(number: int, title: str, album: str, genre: str, *genre_ids: str) -> dict[str, Any]:
        return {
            "track_id": f"fma:{number}", "title": title, "artist_id": album, "artist": f"The {album}s",
            "album_id": album, "album": album, "genre": genre, "genre_ids": list(genre_ids),
            "path": f"/music/{number}.mp3", "playable": True,
        }  # fmt: skip

    return [
        track(1, "Anthem", "Stone", "Rock", "rock"),
        track(2, "Banger", "Stone", "Rock", "rock", "punk"),
        track(3, "Carol", "Barn", "Folk", "folk"),
        track(4, "Dirge", "Barn", "Folk", "folk"),
        track(5, "Etude", "Solo", "Folk", "folk", "hardcore"),
        {"track_id": "lastfm:6", "title": "Far away", "playable": False},
    ]


def genres() -> Rows:
    return [
        {"genre_id": "rock", "title": "Rock", "top_id": "rock"},
        {"genre_id": "punk", "title": "Punk", "parent_id": "rock", "top_id": "rock"},
        {"genre_id": "hardcore", "title": "Hardcore", "parent_id": "punk", "top_id": "rock"},
        {"genre_id": "folk", "title": "Folk", "top_id": "folk"},
        {"genre_id": "polka", "title": "Polka", "parent_id": "folk", "top_id": "folk"},
    ]


def features() -> Rows:
    measured = {1: (100.0, 2000.0, -8.0), 2: (140.0, 3000.0, -6.0), 3: (80.0, 1000.0, -20.0),
                4: (90.0, 1100.0, -22.0), 5: (240.0, 1500.0, None)}  # fmt: skip
    return [
        {
            "track_id": f"fma:{number}", "feature_spec": "fast-2", "vector": [1.0],
            "tempo": tempo, "brightness": brightness, "loudness_lufs": loudness,
        }
        for number, (tempo, brightness, loudness) in measured.items()
    ]  # fmt: skip


def sounds() -> Rows:
    """The sound of fma:5 is of an older version and compares with none."""
    vectors = {1: [0.6, 0.8], 2: [1.0, 0.0], 3: [0.0, 1.0], 4: [0.8, -0.6]}
    rows = [{"track_id": f"fma:{number}", "sounds_version": "new", "sound": v} for number, v in vectors.items()]
    return [{**row, "missing": 0} for row in [*rows, {**rows[1], "track_id": "fma:5", "sounds_version": "old"}]]


def plays() -> Rows:
    """Ann and bob listen, sim-1 is simulated; what was heard eight days ago is not of this week."""

    def event(age: timedelta, user: str, action: str, track: int, played_s: int | None, **more: str) -> dict[str, Any]:
        return {
            "schema_version": 1, "user_id": user, "track_id": f"fma:{track}", "action": action,
            "played_ms": None if played_s is None else played_s * 1000, "event_time": MONDAY - age,
            "source": "simulation" if user.startswith("sim-") else "player", "kafka_partition": 0, **more,
        }  # fmt: skip

    hour, day = timedelta(hours=1), timedelta(days=1)
    for_you, popular = {"shelf": "for_you", "model_version": "m2"}, {"shelf": "popular", "model_version": "m2"}
    rows = [
        event(8 * day, "ann", "complete", 3, 3600, shelf="for_you", model_version="m1"),
        event(2 * day, "ann", "play", 2, None, **for_you),
        event(2 * day, "ann", "complete", 2, 1800, **for_you),
        event(day, "bob", "complete", 2, 1800, **popular),
        event(day + hour, "bob", "complete", 1, 900, **for_you),
        event(hour, "bob", "play", 3, None),
        event(hour, "bob", "skip", 3, 900, **for_you),
        event(hour, "sim-1", "complete", 4, 1800, **popular),
        event(0 * hour, "cat", "like", 1, None),
    ]
    return [{**row, "event_id": f"e{number}", "kafka_offset": number} for number, row in enumerate(rows)]


def rejects() -> Rows:
    found = (("a.mp3", "undecodable", "no frame was found", 1), ("b.mp3", "undecodable", "it is empty", 2),
             ("c.wav", "too_short", "it lasts 0.1 s", 0.5))  # fmt: skip
    return [
        {"path": f"/music/{name}", "code": code, "reason": reason, "size_bytes": int(megabytes * 1e6)}
        for name, code, reason, megabytes in found
    ]


def recommendations() -> Rows:
    def refresh(
        user: str, version: int, *offered: int, cause: int | None = None, because: str = "popular"
    ) -> dict[str, Any]:
        reason = {"code": because, "track_id": None if cause is None else f"fma:{cause}"}
        return {
            "user_id": user, "version": version, "model_version": "m2",
            "updated_at": MONDAY + timedelta(minutes=version),
            "caused_by_event_id": "e", "caused_by_track_id": None if cause is None else f"fma:{cause}",
            "caused_by_action": "visit" if cause is None else "complete",
            "recommendations": [
                {"rank": rank, "track_id": f"fma:{track}", "score": 1.0 / rank, "reason": reason}
                for rank, track in enumerate(offered, 1)
            ],
        }  # fmt: skip

    return [
        refresh("ann", 1, 1, 2, 3, 4),
        refresh("ann", 2, 4, 5, cause=3, because="sounds_like"),
        refresh("bob", 7, 4, 1),
    ]
