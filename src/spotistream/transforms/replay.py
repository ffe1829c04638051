"""Which rejected messages are to be sent again."""

from __future__ import annotations

from datetime import datetime

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F


def to_replay(
    rejected: DataFrame, replayed: DataFrame | None, *, since: datetime | None, reason: str | None
) -> DataFrame:
    """``key, value, reason, kafka_time, kafka_partition, kafka_offset, digest``: each message once, by its bytes.

    What was replayed and rejected again has the same bytes at another offset, and is not another message.

    rejected : rows of table ``plays_rejected``
    replayed : rows with the ``digest`` of what is not to be sent again; None to send that too
    since : only what the broker was given at this time or later
    reason : only where this is part of the reason, case aside
    """
    chosen = rejected.where(F.col("value").isNotNull())
    if since is not None:
        chosen = chosen.where(F.col("kafka_time") >= F.lit(since))
    if reason is not None:
        chosen = chosen.where(F.instr(F.lower("reason"), reason.lower()) > 0)
    in_order = Window.partitionBy("digest").orderBy("kafka_time", "kafka_partition", "kafka_offset")
    once = (
        chosen.withColumn("digest", F.sha2(F.concat_ws("\n", F.hex("key"), F.hex("value")), 256))
        .withColumn("_at", F.row_number().over(in_order))
        .where(F.col("_at") == 1)
        .select("key", "value", "reason", "kafka_time", "kafka_partition", "kafka_offset", "digest")
    )
    return once if replayed is None else once.join(replayed.select("digest"), on="digest", how="left_anti")
