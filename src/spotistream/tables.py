"""Every Delta table, Kafka topic and Mongo collection: its name, columns, keys and the one job that writes it.

Nothing else in the project spells a table, topic, collection or column list out. No Spark here: the player and the
event publisher import this module too.
"""

from __future__ import annotations

from dataclasses import dataclass

SCHEMA_VERSION = 1
"""Version of all layouts below; kept in the home, compared at every start."""


@dataclass(frozen=True)
class Column:
    """One column: its Spark SQL type and what it means, units included."""

    name: str
    type: str
    comment: str
    nullable: bool = True

    @property
    def ddl(self) -> str:
        comment = self.comment.replace("'", "\\'")
        return f"`{self.name}` {self.type}{'' if self.nullable else ' NOT NULL'} COMMENT '{comment}'"


@dataclass(frozen=True)
class Table:
    """A Delta table."""

    name: str
    comment: str
    writer: str
    keys: tuple[str, ...]
    fields: tuple[Column, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.fields)

    @property
    def ddl(self) -> str:
        return ", ".join(column.ddl for column in self.fields)


@dataclass(frozen=True)
class Topic:
    """A Kafka topic. ``key`` says what the message key is; the value is JSON in UTF-8."""

    name: str
    key: str
    comment: str
    compacted: bool = False


@dataclass(frozen=True)
class Collection:
    """A Mongo collection. ``key`` says what ``_id`` is; everything is read by it."""

    name: str
    key: str
    writer: str
    comment: str


REASON_TYPE = "STRUCT<code: STRING, track_id: STRING>"
RECOMMENDED_TYPE = f"ARRAY<STRUCT<rank: INT, track_id: STRING, score: DOUBLE, reason: {REASON_TYPE}>>"

_TRACK_METADATA = (
    Column("title", "STRING", "Title, from the tags, else the file name"),
    Column("artist_id", "STRING", "Artist: hash of the folded name"),
    Column("artist", "STRING", "Name of the artist as tagged"),
    Column("album_id", "STRING", "Album: hash of the folded artist and album names"),
    Column("album", "STRING", "Name of the album as tagged"),
    Column("genre", "STRING", "First genre as tagged"),
    Column("track_number", "INT", "Number on the album, from 1"),
    Column("year", "INT", "Year of release"),
    Column("licence", "STRING", "Licence or copyright as tagged"),
    Column("duration_s", "DOUBLE", "Length of the whole file, seconds"),
    Column("format", "STRING", "Container of the file: mp3, ogg, flac, m4a, ..."),
    Column("path", "STRING", "Where the audio is: absolute path or URI; null where there is none"),
    Column("cover_path", "STRING", "Where the cover picture is: absolute path or URI"),
)

TRACK_FILES = Table(
    "track_files",
    "One row for each audio file that was read: its tags and what it was recognised by",
    writer="extract_features",
    keys=("track_id",),
    fields=(
        Column("track_id", "STRING", "file: and the first 16 hex digits of the sha256 when first seen", nullable=False),
        *_TRACK_METADATA,
        Column("content_hash", "STRING", "sha256 of the bytes, hex", nullable=False),
        Column("size_bytes", "BIGINT", "Size of the file, bytes", nullable=False),
        Column("modified_at", "TIMESTAMP", "Modification time of the file", nullable=False),
        Column("gone", "BOOLEAN", "True once the file is no longer in its folder", nullable=False),
    ),
)

TRACK_FEATURES = Table(
    "track_features",
    "One feature vector for each track that has audio",
    writer="extract_features",
    keys=("track_id",),
    fields=(
        Column("track_id", "STRING", "The track", nullable=False),
        Column("feature_spec", "STRING", "Name and version of the FeatureSpec the vector follows", nullable=False),
        Column("content_hash", "STRING", "sha256 of the bytes the vector was computed from, hex", nullable=False),
        Column("vector", "ARRAY<FLOAT>", "Raw features in the order of the spec", nullable=False),
        Column("tempo", "DOUBLE", "Estimated tempo, beats per minute"),
        Column("brightness", "DOUBLE", "Mean spectral centroid, Hz"),
        Column("energy", "DOUBLE", "Mean root mean square of the samples, 0 to 1"),
    ),
)

TRACKS_REJECTED = Table(
    "tracks_rejected",
    "Files that could not become tracks, and why",
    writer="extract_features",
    keys=("path",),
    fields=(
        Column("path", "STRING", "The file", nullable=False),
        Column("code", "STRING", "Kind of failure, for counting", nullable=False),
        Column("reason", "STRING", "What was wrong, in words", nullable=False),
        Column("content_hash", "STRING", "sha256 of the bytes, hex; null where they could not be read"),
        Column("size_bytes", "BIGINT", "Size of the file, bytes"),
        Column("modified_at", "TIMESTAMP", "Modification time of the file"),
    ),
)

TRACKS = Table(
    "tracks",
    "One row for each track the service knows, with audio or without",
    writer="ingest_tracks",
    keys=("track_id",),
    fields=(
        Column("track_id", "STRING", "The track, prefixed by its source: file:, fma:, lastfm:", nullable=False),
        *_TRACK_METADATA,
        Column("playable", "BOOLEAN", "False without audio: counts for taste, never recommended", nullable=False),
    ),
)

PLAYS = Table(
    "plays",
    "Every accepted event, once; append-only",
    writer="ingest_plays",
    keys=("event_id",),
    fields=(
        Column("schema_version", "INT", "Version of the event's layout", nullable=False),
        Column("event_id", "STRING", "UUID of the event", nullable=False),
        Column("user_id", "STRING", "The listener", nullable=False),
        Column("track_id", "STRING", "The track; null for a visit"),
        Column("action", "STRING", "play, complete, skip, like, unlike, dislike, forget or visit", nullable=False),
        Column("played_ms", "BIGINT", "How long the track was heard, milliseconds; with complete and skip"),
        Column("event_time", "TIMESTAMP", "When it happened, UTC", nullable=False),
        Column("session_id", "STRING", "Ties the play of a listen to its complete or skip"),
        Column("source", "STRING", "player, import, api or simulation", nullable=False),
        Column("shelf", "STRING", "The shelf the track was offered on"),
        Column("model_version", "STRING", "The model behind that offer"),
        Column("target_event_id", "STRING", "The event a forget takes back"),
        Column("kafka_partition", "INT", "Partition of topic plays it came from", nullable=False),
        Column("kafka_offset", "BIGINT", "Offset in that partition", nullable=False),
    ),
)

PLAYS_REJECTED = Table(
    "plays_rejected",
    "Every message of topic plays that is not an event, byte for byte, and why",
    writer="ingest_plays",
    keys=("topic", "kafka_partition", "kafka_offset"),
    fields=(
        Column("topic", "STRING", "Topic the message came from", nullable=False),
        Column("kafka_partition", "INT", "Partition of that topic", nullable=False),
        Column("kafka_offset", "BIGINT", "Offset in that partition", nullable=False),
        Column("kafka_time", "TIMESTAMP", "When the broker was given it", nullable=False),
        Column("reason", "STRING", "What was wrong, in words", nullable=False),
        Column("key", "BINARY", "The message key as received"),
        Column("value", "BINARY", "The message as received"),
    ),
)

SIMILAR_FIELDS = ("by_sound", "by_listeners")
"""The two lists in a document of ``similar_tracks``."""

RECOMMENDATIONS = Table(
    "recommendations",
    "History of the recommendation tables: one row for each refresh of a listener",
    writer="archive_recommendations",
    keys=("user_id", "version"),
    fields=(
        Column("user_id", "STRING", "The listener", nullable=False),
        Column("version", "BIGINT", "Grows with each refresh of the listener", nullable=False),
        Column("model_version", "STRING", "The model that ranked", nullable=False),
        Column("updated_at", "TIMESTAMP", "When the refresh was computed, UTC", nullable=False),
        Column("caused_by_event_id", "STRING", "The event that caused the refresh"),
        Column("caused_by_track_id", "STRING", "The track of that event"),
        Column("caused_by_action", "STRING", "The action of that event"),
        Column("recommendations", RECOMMENDED_TYPE, "The table, best first"),
    ),
)

DELTA_TABLES = (TRACK_FILES, TRACK_FEATURES, TRACKS_REJECTED, TRACKS, PLAYS, PLAYS_REJECTED, RECOMMENDATIONS)

PLAYS_TOPIC = Topic("plays", "user_id", "Play events as the player, imports and the simulation send them")
TRACKS_TOPIC = Topic("tracks", "track_id", "New and changed tracks: metadata merged with features")
RECOMMENDATIONS_TOPIC = Topic(
    "recommendations", "user_id", "A snapshot of each refreshed recommendation table", compacted=True
)
TOPICS = (PLAYS_TOPIC, TRACKS_TOPIC, RECOMMENDATIONS_TOPIC)

TRACKS_COLLECTION = Collection(
    "tracks", "track_id", "ingest_tracks", "Metadata and described features of a track: all the player shows"
)
TRACK_FEATURES_COLLECTION = Collection(
    "track_features", "track_id", "ingest_tracks", "Feature vector of a track and the spec it follows"
)
SIMILAR_TRACKS = Collection(
    "similar_tracks", "track_id", "train_model", "Nearest tracks by sound and by listeners, best first"
)
POPULAR_TRACKS = Collection("popular_tracks", "shelf: overall", "train_model", "Most played tracks, best first")
RECOMMENDATIONS_COLLECTION = Collection(
    "recommendations", "user_id", "refresh_recommendations", "The recommendation table of a listener"
)
COLLECTIONS = (
    TRACKS_COLLECTION, TRACK_FEATURES_COLLECTION, SIMILAR_TRACKS, POPULAR_TRACKS, RECOMMENDATIONS_COLLECTION,
)  # fmt: skip

POPULAR_OVERALL = "overall"
"""``_id`` of the document in ``popular_tracks`` that counts all listeners."""
