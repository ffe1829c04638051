"""Messages of topic ``tracks``: built from the feature tables, and read back into rows."""

from __future__ import annotations

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from spotistream.tables import SCHEMA_VERSION, TRACK_FEATURES, TRACKS

FEATURE_COLUMNS = ("feature_spec", "vector", "tempo", "brightness", "energy")
_MESSAGE_SCHEMA = ", ".join(
    f"`{c.name}` {c.type}" for c in (*TRACKS.fields, *(c for c in TRACK_FEATURES.fields if c.name in FEATURE_COLUMNS))
)


def track_messages(files: DataFrame, features: DataFrame) -> DataFrame:
    """``key, value`` for each track file, metadata merged with features. A file that is gone is not playable."""
    merged = files.join(features.select("track_id", *FEATURE_COLUMNS), on="track_id", how="left")
    row = merged.withColumn("playable", ~F.col("gone")).withColumn("schema_version", F.lit(SCHEMA_VERSION))
    value = F.to_json(F.struct("schema_version", *TRACKS.columns, *FEATURE_COLUMNS))
    return row.select(F.col("track_id").alias("key"), value.alias("value"))


def decoded_tracks(messages: DataFrame) -> DataFrame:
    """The newest message of each track as a row of table ``tracks`` with its features.

    What is no track (no id, no JSON) is left out.
    """
    track = F.from_json(F.col("value").cast("string"), _MESSAGE_SCHEMA)
    newest = Window.partitionBy("track_id").orderBy(F.desc("kafka_partition"), F.desc("kafka_offset"))
    return (
        messages.select("kafka_partition", "kafka_offset", track.alias("track"))
        .select("kafka_partition", "kafka_offset", "track.*")
        .where(F.col("track_id").isNotNull())
        .withColumn("playable", F.coalesce("playable", F.lit(False)))
        .withColumn("_newest", F.row_number().over(newest))
        .where(F.col("_newest") == 1)
        .select(*TRACKS.columns, *FEATURE_COLUMNS)
    )
