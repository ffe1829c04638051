"""Messages of topic ``recommendations`` read back into rows of table ``recommendations``."""

from __future__ import annotations

from datetime import datetime

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from spotistream.tables import RECOMMENDATIONS, RECOMMENDED_TYPE

RESENT_WITHIN = "INTERVAL 1 HOUR"
"""A refresh that is computed again after a crash is sent again within this time."""

_CAUSE = "STRUCT<event_id: STRING, track_id: STRING, action: STRING>"
_SNAPSHOT_SCHEMA = (
    f"_id STRING, version BIGINT, model_version STRING, updated_at STRING, caused_by {_CAUSE}, "
    f"recommendations {RECOMMENDED_TYPE}"
)


def decoded_snapshots(messages: DataFrame) -> DataFrame:
    """One row for each refresh of a listener, with the columns of table ``recommendations``."""
    snapshot = F.from_json(F.col("value").cast("string"), _SNAPSHOT_SCHEMA)
    resent = Window.partitionBy("user_id", "version").orderBy("kafka_partition", "kafka_offset")
    return (
        messages.select("kafka_partition", "kafka_offset", snapshot.alias("s"))
        .where(F.col("s._id").isNotNull())
        .select(
            "kafka_partition",
            "kafka_offset",
            F.col("s._id").alias("user_id"),
            F.col("s.version").alias("version"),
            F.col("s.model_version").alias("model_version"),
            F.col("s.updated_at").cast("timestamp").alias("updated_at"),
            F.col("s.caused_by.event_id").alias("caused_by_event_id"),
            F.col("s.caused_by.track_id").alias("caused_by_track_id"),
            F.col("s.caused_by.action").alias("caused_by_action"),
            F.col("s.recommendations").alias("recommendations"),
        )
        .withColumn("_sent", F.row_number().over(resent))
        .where(F.col("_sent") == 1)
        .select(*RECOMMENDATIONS.columns)
    )


def first_update(snapshots: DataFrame) -> datetime | None:
    """Time of the first refresh; ``None`` where there is none."""
    found: datetime | None = snapshots.agg(F.min("updated_at").alias("first")).collect()[0]["first"]
    return found


def new_snapshots(snapshots: DataFrame, known: DataFrame, *, first: datetime) -> DataFrame:
    """The refreshes, none before ``first``, that are not in ``known`` yet."""
    recent = known.where(F.col("updated_at") >= F.lit(first) - F.expr(RESENT_WITHIN))
    return snapshots.join(recent.select("user_id", "version"), on=["user_id", "version"], how="left_anti").select(
        *RECOMMENDATIONS.columns
    )
