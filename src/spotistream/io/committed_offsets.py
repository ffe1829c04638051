"""How far a streaming query has come, as its checkpoint tells."""

from __future__ import annotations

import json

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from spotistream.layouts import Topic


def committed_offsets(spark: SparkSession, checkpoint: str, topic: Topic) -> dict[int, int]:
    """Partition -> offset after the last message of the last batch that was committed; empty where there is none.

    checkpoint : folder or URI of the query's checkpoint
    """
    try:
        last = _lines(spark, f"{checkpoint}/commits").agg(F.max("batch")).collect()[0][0]
        lines = _lines(spark, f"{checkpoint}/offsets").where(F.col("batch") == last).collect()
    except AnalysisException:
        return {}
    for source in (json.loads(line["value"]) for line in lines if line["value"].startswith("{")):
        if isinstance(source.get(topic.name), dict):
            return {int(partition): int(offset) for partition, offset in source[topic.name].items()}
    return {}


def _lines(spark: SparkSession, folder: str) -> DataFrame:
    """Lines of the files of a log, each named by the number of its batch."""
    return spark.read.text(folder).select("value", F.col("_metadata.file_name").cast("bigint").alias("batch"))
