"""From the bytes of topic ``tracks`` to rows of ``tracks``, ``track_features``, ``artists``, ``albums`` and ``genres``.

A message is JSON with ``schema_version`` (this one where it is missing), ``kind`` (track) and the columns of the table
of that kind; a track's message has those of its features too. Every message keeps its bytes and its position until all
checks have spoken, because ``from_json`` turns what it cannot read into nulls.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from spotistream.layouts import Table
from spotistream.tables import (
    ALBUMS,
    ARTISTS,
    GENRES,
    SCHEMA_VERSION,
    TRACK_FEATURES,
    TRACK_MESSAGES_REJECTED,
    TRACKS,
)
from spotistream.transforms.contracts import broken_constraint
from spotistream.transforms.track_messages import FEATURE_COLUMNS

KINDS: Mapping[str, Table] = {"track": TRACKS, "artist": ARTISTS, "album": ALBUMS, "genre": GENRES}
MAX_MESSAGE_BYTES = 1_000_000
_CORRUPT = "_corrupt"
_MESSAGE = tuple(name for name in TRACK_MESSAGES_REJECTED.columns if name != "reason")
_OPTIONS = {"mode": "PERMISSIVE", "columnNameOfCorruptRecord": _CORRUPT}


def decoded_messages(messages: DataFrame) -> DataFrame:
    """Each message with its ``kind`` and ``reason``: null where it is JSON of a known kind.

    ``messages`` has ``key, value, topic, kafka_partition, kafka_offset, kafka_time``; one row comes out for each.
    """
    envelope = F.from_json(_text(), f"schema_version INT, kind STRING, {_CORRUPT} STRING", _OPTIONS)
    kind = F.coalesce(F.col("_envelope.kind"), F.lit("track"))
    decoded = messages.withColumn("_envelope", envelope).withColumn("kind", kind)
    return decoded.withColumn("reason", envelope_problem()).select(*TRACK_MESSAGES_REJECTED.columns, "kind")


def records(decoded: DataFrame, kind: str) -> DataFrame:
    """The messages of a kind with the columns of its table, and ``reason``: null where the record is accepted."""
    table = KINDS[kind]
    of_kind = decoded.where(F.col("reason").isNull() & (F.col("kind") == kind))
    parsed = F.from_json(_text(), f"{_schema(kind, table)}, {_CORRUPT} STRING", _OPTIONS)
    flat = of_kind.withColumn("_record", parsed).select(*_MESSAGE, "_record.*")
    if kind == "track":  # one that does not say whether it can be played cannot
        flat = flat.withColumn("playable", F.coalesce("playable", F.lit(False)))
    return flat.withColumn("reason", record_problem(kind, table)).drop(_CORRUPT)


def rejected_messages(decoded: DataFrame, *of_kinds: DataFrame) -> DataFrame:
    """What was not accepted of the messages and of the records of each kind, as ``track_messages_rejected``."""
    frames = [frame.select(*TRACK_MESSAGES_REJECTED.columns) for frame in (decoded, *of_kinds)]
    return reduce(DataFrame.unionByName, frames).where(F.col("reason").isNotNull())


def newest_rows(found: DataFrame, kind: str) -> DataFrame:
    """The newest accepted record of each thing of a kind, with the columns of its table; a track's with its features.

    Messages of one key are in one partition, where the offset is their order.
    """
    table = KINDS[kind]
    newest = Window.partitionBy(*table.keys).orderBy(F.desc("kafka_partition"), F.desc("kafka_offset"))
    return (
        found.where(F.col("reason").isNull())
        .withColumn("_newest", F.row_number().over(newest))
        .where(F.col("_newest") == 1)
        .select(*_columns(kind, table))
    )


def features_of(tracks: DataFrame) -> DataFrame:
    """Rows of ``track_features`` of the tracks that have a vector."""
    return tracks.where(F.col("vector").isNotNull()).select(*TRACK_FEATURES.columns)


def new_features(features: DataFrame, known: DataFrame) -> DataFrame:
    """The rows that ``track_features`` does not have with the same spec, of the same bytes."""
    same = [F.col(f"new.{name}").eqNullSafe(F.col(f"old.{name}")) for name in ("feature_spec", "content_hash")]
    condition = (F.col("new.track_id") == F.col("old.track_id")) & same[0] & same[1]
    return features.alias("new").join(known.alias("old"), on=condition, how="left_anti").select(*TRACK_FEATURES.columns)


def artists_of(tracks: DataFrame) -> DataFrame:
    """A row of ``artists`` for each artist the tracks name, with nothing but the name."""
    named = tracks.where(F.col("artist_id").isNotNull() & F.col("artist").isNotNull())
    return _filled(named.groupBy("artist_id").agg(F.min("artist").alias("name")), ARTISTS)


def albums_of(tracks: DataFrame) -> DataFrame:
    """A row of ``albums`` for each album the tracks name."""
    named = tracks.where(F.col("album_id").isNotNull() & F.col("album").isNotNull())
    first = F.min(F.struct(F.col("album").alias("title"), "artist_id", "artist"))
    return _filled(named.groupBy("album_id").agg(first.alias("_album")).select("album_id", "_album.*"), ALBUMS)


def genres_of(tracks: DataFrame) -> DataFrame:
    """A row of ``genres``, a top genre, for each main genre whose id is among the track's genres."""
    tagged = tracks.where(F.col("genre").isNotNull() & (F.size("genre_ids") == 1))
    found = tagged.groupBy(F.col("genre_ids")[0].alias("genre_id")).agg(F.min("genre").alias("title"))
    return _filled(found.withColumn("top_id", F.col("genre_id")), GENRES)


def envelope_problem() -> Column:
    """What keeps a message from being read at all, in words; null where nothing does."""
    return F.coalesce(
        F.when(F.col("value").isNull(), F.lit("the message is empty")),
        F.when(F.length("value") > MAX_MESSAGE_BYTES, F.lit(f"longer than {MAX_MESSAGE_BYTES:,} bytes")),
        F.when(~is_readable(), F.lit("not UTF-8 text")),
        F.when(F.col(f"_envelope.{_CORRUPT}").isNotNull(), F.lit("not a JSON object with a kind")),
        F.when(F.col("_envelope.schema_version") != SCHEMA_VERSION, F.lit("unknown schema_version")),
        F.when(~F.col("kind").isin(*KINDS), F.lit("unknown kind")),
    )


def record_problem(kind: str, table: Table) -> Column:
    """What keeps a record out of its table, in words; null where nothing does."""
    checks = [
        F.when(F.col(_CORRUPT).isNotNull(), F.lit(f"its columns are not of the types of table {table.name}")),
        _breaks(table),
    ]
    if kind == "track":
        checks.append(F.when(F.col("vector").isNotNull(), _breaks(TRACK_FEATURES)))
    return F.coalesce(*checks)


def is_readable() -> Column:
    """The bytes of the message are UTF-8 without NUL, and not too many."""
    text = F.col("value").cast("string")
    return F.is_valid_utf8(text) & (F.instr(text, "\u0000") == 0) & (F.length("value") <= MAX_MESSAGE_BYTES)


def _breaks(table: Table) -> Column:
    return F.concat(F.lit("it breaks the rule "), broken_constraint(table), F.lit(f" of table {table.name}"))


def _text() -> Column:
    return F.when(is_readable(), F.col("value").cast("string"))


def _columns(kind: str, table: Table) -> tuple[str, ...]:
    return (*table.columns, *(FEATURE_COLUMNS if kind == "track" else ()))


def _schema(kind: str, table: Table) -> str:
    types = {column.name: column.type for column in (*TRACK_FEATURES.fields, *table.fields)}
    return ", ".join(f"`{name}` {types[name]}" for name in _columns(kind, table))


def _filled(rows: DataFrame, table: Table) -> DataFrame:
    """The rows with all columns of the table, null where they have none."""
    missing = {c.name: F.lit(None).cast(c.type) for c in table.fields if c.name not in rows.columns}
    return rows.withColumns(missing).select(*table.columns)
