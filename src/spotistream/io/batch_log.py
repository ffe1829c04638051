"""The micro-batches of a streaming query that its checkpoint still tells of."""

from __future__ import annotations

import json
from dataclasses import dataclass

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from spotistream.layouts import Topic


@dataclass(frozen=True)
class Batch:
    """A batch that was committed.

    ends : partition of the topic -> offset after its last message
    watermark_ms : of event time while it ran, milliseconds since 1970; 0 without one
    """

    number: int
    ends: dict[int, int]
    watermark_ms: int


def committed_batches(spark: SparkSession, checkpoint: str, topic: Topic) -> list[Batch]:
    """The committed batches, oldest first; empty where there is none. Spark keeps the newest hundred.

    checkpoint : folder or URI of the query's checkpoint
    """
    try:
        committed = {row["batch"] for row in _lines(spark, f"{checkpoint}/commits").select("batch").collect()}
        lines = _lines(spark, f"{checkpoint}/offsets").where(F.col("value").startswith("{")).collect()
    except AnalysisException:
        return []
    ends: dict[int, dict[int, int]] = {}
    watermarks: dict[int, int] = {}
    for row in lines:
        said = json.loads(row["value"])
        if isinstance(said.get(topic.name), dict):
            ends[row["batch"]] = {int(partition): int(offset) for partition, offset in said[topic.name].items()}
        if "batchWatermarkMs" in said:
            watermarks[row["batch"]] = int(said["batchWatermarkMs"])
    return [Batch(number, ends[number], watermarks.get(number, 0)) for number in sorted(committed & set(ends))]


def committed_offsets(spark: SparkSession, checkpoint: str, topic: Topic) -> dict[int, int]:
    """Partition -> offset after the last message of the last committed batch; empty where there is none."""
    batches = committed_batches(spark, checkpoint, topic)
    return batches[-1].ends if batches else {}


def _lines(spark: SparkSession, folder: str) -> DataFrame:
    """Lines of the files of a log, each named by the number of its batch."""
    return spark.read.text(folder).select("value", F.col("_metadata.file_name").cast("bigint").alias("batch"))
