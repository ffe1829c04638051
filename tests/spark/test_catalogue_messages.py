"""Messages of topic ``tracks``, as they are sent and as they are read, on literal rows."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from spotistream.io.kafka import MESSAGE_SCHEMA
from spotistream.layouts import Table
from spotistream.tables import (
    ALBUMS,
    ARTISTS,
    GENRES,
    SCHEMA_VERSION,
    TRACK_FEATURES,
    TRACK_FILES,
    TRACK_MESSAGES_REJECTED,
    TRACK_METADATA,
    TRACKS,
    TRACKS_PUBLISHED,
)
from spotistream.transforms.catalogue_messages import (
    albums_of,
    artists_of,
    decoded_messages,
    features_of,
    genres_of,
    new_features,
    newest_rows,
    records,
    rejected_messages,
)
from spotistream.transforms.track_messages import FEATURE_COLUMNS, track_messages, unpublished, with_digest

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
FILE = {
    "track_id": "file:1", "title": "As tagged", "artist": "A", "artist_id": "a1", "duration_s": 30.0, "genre": "Rock",
    "path": "/music/1.mp3", "format": "mp3", "content_hash": "h1", "gone": False,
}  # fmt: skip
FEATURES = {
    "track_id": "file:1", "feature_spec": "fast-1", "content_hash": "h1", "vector": [0.5, -1.0], "tempo": 120.0,
    "energy": 0.5, "waveform": b"\x00\xff",
}  # fmt: skip


def rows_of(spark: SparkSession, table: Table, *rows: dict[str, Any]) -> DataFrame:
    """Rows of a table; a column that is not given is null."""
    schema = ", ".join(f"`{column.name}` {column.type}" for column in table.fields)
    return spark.createDataFrame([tuple(row.get(name) for name in table.columns) for row in rows], schema)


def messages(spark: SparkSession, *values: dict[str, Any] | bytes | None) -> DataFrame:
    encoded = [json.dumps(value).encode() if isinstance(value, dict) else value for value in values]
    return spark.createDataFrame([(b"k", v, "tracks", 0, i, NOW) for i, v in enumerate(encoded)], MESSAGE_SCHEMA)


def rows(frame: DataFrame) -> list[dict[str, Any]]:
    return [row.asDict(recursive=True) for row in frame.collect()]


def sent(
    spark: SparkSession, *, files: list[dict[str, Any]], metadata: list[dict[str, Any]], features: list[dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """What ``publish`` would send, by key."""
    found = track_messages(
        rows_of(spark, TRACK_FILES, *files),
        rows_of(spark, TRACK_METADATA, *metadata),
        rows_of(spark, TRACK_FEATURES, *features),
    )
    return {row["key"]: json.loads(row["value"]) for row in found.collect()}


def test_a_published_track_is_read_back_as_it_was(spark: SparkSession) -> None:
    published = track_messages(
        rows_of(spark, TRACK_FILES, {**FILE, "title": "Ünïcode", "genre_ids": ["rock"], "added_at": NOW}),
        rows_of(spark, TRACK_METADATA),
        rows_of(spark, TRACK_FEATURES, FEATURES),
    )
    (value,) = [bytes(row["value"], "utf-8") for row in published.collect()]
    (track,) = newest_rows(records(decoded_messages(messages(spark, value)), "track"), "track").collect()
    assert tuple(track.asDict()) == (*TRACKS.columns, *FEATURE_COLUMNS)
    assert (track["title"], track["duration_s"], track["playable"]) == ("Ünïcode", 30.0, True)
    assert (track["genre_ids"], track["added_at"].astimezone(UTC)) == (["rock"], NOW)
    assert (track["vector"], track["tempo"], bytes(track["waveform"])) == ([0.5, -1.0], 120.0, b"\x00\xff")


def test_metadata_comes_before_tags_and_the_file_knows_its_length(spark: SparkSession) -> None:
    described = {"track_id": "file:1", "title": "As described", "duration_s": 168.0, "play_count": 1293}
    message = sent(spark, files=[FILE], metadata=[described], features=[FEATURES])["file:1"]
    assert (message["title"], message["artist"], message["play_count"]) == ("As described", "A", 1293)
    assert (message["duration_s"], message["path"], message["playable"]) == (30.0, "/music/1.mp3", True)


def test_a_track_without_audio_or_whose_file_is_gone_cannot_be_played(spark: SparkSession) -> None:
    described = {"track_id": "fma:2", "title": "Food", "duration_s": 168.0}
    found = sent(spark, files=[{**FILE, "gone": True}], metadata=[described], features=[FEATURES])
    assert [(key, m["playable"], m.get("path")) for key, m in sorted(found.items())] == [
        ("file:1", False, None), ("fma:2", False, None),
    ]  # fmt: skip
    assert found["fma:2"]["duration_s"] == 168.0


def test_only_what_is_new_for_this_cluster_is_sent_again(spark: SparkSession) -> None:
    files = rows_of(spark, TRACK_FILES, FILE, {**FILE, "track_id": "file:2"})
    found = track_messages(files, rows_of(spark, TRACK_METADATA), rows_of(spark, TRACK_FEATURES, FEATURES))
    here = with_digest(found, cluster="one")
    known = rows_of(spark, TRACKS_PUBLISHED, *rows(here.where("track_id = 'file:1'").select("track_id", "digest")))
    assert [row["track_id"] for row in unpublished(here, known).collect()] == ["file:2"]
    assert unpublished(with_digest(found, cluster="two"), known).count() == 2


def test_of_several_messages_of_a_track_the_newest_counts(spark: SparkSession) -> None:
    old, new = {"track_id": "x:1", "title": "old"}, {"track_id": "x:1", "title": "new"}
    found = rows(newest_rows(records(decoded_messages(messages(spark, old, new)), "track"), "track"))
    assert [(row["title"], row["playable"]) for row in found] == [("new", False)]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "the message is empty"),
        (b"{", "not a JSON object with a kind"),
        (b"[1]", "not a JSON object with a kind"),
        (b"\xff\xfe", "not UTF-8 text"),
        (b" " * 1_000_001, "longer than 1,000,000 bytes"),
        ({"schema_version": SCHEMA_VERSION + 1, "track_id": "x:1"}, "unknown schema_version"),
        ({"kind": "playlist", "track_id": "x:1"}, "unknown kind"),
        ({"title": "no id"}, "it breaks the rule track_id_is_given of table tracks"),
        ({"track_id": "x:1", "duration_s": -1.0}, "it breaks the rule duration_is_positive of table tracks"),
        ({"track_id": "x:1", "playable": True}, "it breaks the rule playable_has_audio of table tracks"),
        ({"track_id": "x:1", "duration_s": "long"}, "its columns are not of the types of table tracks"),
        ({"track_id": "x:1", "vector": [1.0]}, "it breaks the rule feature_spec_is_given of table track_features"),
        ({"kind": "artist", "artist_id": "a"}, "it breaks the rule name_is_given of table artists"),
        ({"kind": "genre", "genre_id": "g", "title": "G", "parent_id": "g"},
         "it breaks the rule genre_is_not_its_parent of table genres"),
    ],
)  # fmt: skip
def test_what_is_no_message_is_rejected_with_its_reason(spark: SparkSession, value: Any, reason: str) -> None:
    decoded = decoded_messages(messages(spark, value, {"track_id": "x:2"}))
    found = {kind: records(decoded, kind) for kind in ("track", "artist", "album", "genre")}
    (rejected,) = rejected_messages(decoded, *found.values()).collect()
    assert tuple(rejected.asDict()) == TRACK_MESSAGES_REJECTED.columns
    assert (rejected["reason"], rejected["kafka_offset"], rejected["topic"]) == (reason, 0, "tracks")
    raw = json.dumps(value).encode() if isinstance(value, dict) else value
    assert (bytes(rejected["value"]) if rejected["value"] is not None else None) == raw
    assert [row["track_id"] for row in newest_rows(found["track"], "track").collect()] == ["x:2"]


def test_artists_albums_and_genres_have_messages_of_their_own(spark: SparkSession) -> None:
    decoded = decoded_messages(messages(
        spark,
        {"kind": "artist", "artist_id": "a1", "name": "AWOL", "latitude": 40.05},
        {"kind": "album", "album_id": "b1", "title": "A Way Of Life", "released_on": "2009-01-05"},
        {"kind": "genre", "genre_id": "trip-hop", "title": "Trip-Hop", "parent_id": "electronic"},
    ))  # fmt: skip
    artist, album, genre = (rows(newest_rows(records(decoded, kind), kind))[0] for kind in ("artist", "album", "genre"))
    assert (tuple(artist), artist["name"], artist["latitude"]) == (ARTISTS.columns, "AWOL", 40.05)
    assert (tuple(album), album["released_on"]) == (ALBUMS.columns, date(2009, 1, 5))
    assert (tuple(genre), genre["parent_id"]) == (GENRES.columns, "electronic")


def test_tracks_name_their_artist_album_and_genre(spark: SparkSession) -> None:
    tracks = rows_of(
        spark, TRACKS,
        {"track_id": "1", "artist_id": "a1", "artist": "A", "album_id": "b1", "album": "B", "genre": "Rock",
         "genre_ids": ["rock"]},
        {"track_id": "2", "artist_id": "a1", "artist": "A", "genre": "Rock", "genre_ids": ["rock"]},
        {"track_id": "3", "genre": "Hip-Hop", "genre_ids": ["trip-hop", "hip-hop"]},
    )  # fmt: skip
    assert [(r["artist_id"], r["name"]) for r in rows(artists_of(tracks))] == [("a1", "A")]
    assert [(r["album_id"], r["title"], r["artist"]) for r in rows(albums_of(tracks))] == [("b1", "B", "A")]
    assert [(r["genre_id"], r["title"], r["top_id"]) for r in rows(genres_of(tracks))] == [("rock", "Rock", "rock")]


def test_features_that_are_there_already_are_not_written_again(spark: SparkSession) -> None:
    known = rows_of(spark, TRACK_FEATURES, FEATURES)
    other_spec, other_bytes = {**FEATURES, "feature_spec": "full-1"}, {**FEATURES, "content_hash": "h2"}
    imported = {**FEATURES, "track_id": "fma:2", "content_hash": None}
    batch = rows_of(spark, TRACK_FEATURES, FEATURES, other_spec, other_bytes, imported)
    found = rows(new_features(batch, known.union(rows_of(spark, TRACK_FEATURES, imported))))
    assert sorted((r["feature_spec"], r["content_hash"]) for r in found) == [("fast-1", "h2"), ("full-1", "h1")]
    assert features_of(rows_of(spark, TRACK_FEATURES, {**FEATURES, "vector": None})).count() == 0
