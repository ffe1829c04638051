"""Messages of topic ``tracks`` as ``publish`` sends them: metadata merged with what the file says and its features."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from spotistream.tables import SCHEMA_VERSION, TRACK_FEATURES, TRACK_METADATA, TRACKS

DESCRIPTION = tuple(name for name in TRACK_METADATA.columns if name != "track_id")
MEASURED = ("duration_s",)
"""Of the description, what a file knows better than its metadata: of a clip the length of the clip."""
AUDIO = tuple(name for name in TRACKS.columns if name not in (*TRACK_METADATA.columns, "playable"))
FEATURE_COLUMNS = tuple(name for name in TRACK_FEATURES.columns if name not in TRACKS.columns)


def track_messages(files: DataFrame, metadata: DataFrame, features: DataFrame) -> DataFrame:
    """``track_id, key, value`` for each track that has a file or metadata.

    files, metadata, features : rows of ``track_files``, ``track_metadata`` and ``track_features``

    Metadata comes before tags. A track without a file, or whose file is gone, is not playable and has no path.
    """
    joined = (
        files.alias("file")
        .join(metadata.alias("described"), on="track_id", how="full_outer")
        .join(features.select("track_id", *FEATURE_COLUMNS).alias("sound"), on="track_id", how="left")
    )
    playable = F.coalesce(~F.col("file.gone") & F.col("file.path").isNotNull(), F.lit(False))
    described = [_first("file", "described", name) for name in MEASURED]
    described += [_first("described", "file", name) for name in DESCRIPTION if name not in MEASURED]
    audio = [F.when(playable, F.col(f"file.{name}")).alias(name) for name in AUDIO]
    row = joined.select(
        "track_id", *described, *audio, playable.alias("playable"), *[f"sound.{name}" for name in FEATURE_COLUMNS]
    )
    value = F.to_json(
        F.struct(
            F.lit(SCHEMA_VERSION).alias("schema_version"), F.lit("track").alias("kind"), *TRACKS.columns,
            *FEATURE_COLUMNS,
        )
    )  # fmt: skip
    return row.select("track_id", F.col("track_id").alias("key"), value.alias("value"))


def with_digest(messages: DataFrame, *, cluster: str) -> DataFrame:
    """The messages with ``digest``: what is sent, and the Kafka cluster it is sent to."""
    return messages.withColumn("digest", F.sha2(F.concat_ws("\n", F.lit(cluster), "value"), 256))


def unpublished(messages: DataFrame, published: DataFrame) -> DataFrame:
    """The messages with a ``digest`` that ``tracks_published`` does not have for their track."""
    return messages.join(published.select("track_id", "digest"), on=["track_id", "digest"], how="left_anti")


def _first(preferred: str, other: str, name: str) -> Column:
    return F.coalesce(F.col(f"{preferred}.{name}"), F.col(f"{other}.{name}")).alias(name)
