"""Messages that could not be used, sent to a topic of their own: the bytes as they came, the reason in headers."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from spotistream.config import Config
from spotistream.io.kafka import connection_options
from spotistream.layouts import Topic

LARGEST_VALUE = 8 * 2**20
"""A value beyond, in bytes, stays out of the topic. Compressed it can pass a broker that refuses it in the clear."""
ROOM_FOR_THE_REST = 2**20
"""Bytes for key and headers."""
HEADERS = {"topic": "topic", "partition": "kafka_partition", "offset": "kafka_offset", "reason": "reason"}
"""Header of the message -> column of the table, each as text."""
LEFT_OUT = "left_out_bytes"
"""Header of a message without its value: how long that is."""


def write_set_aside(rejected: DataFrame, cfg: Config, topic: Topic) -> None:
    """Send rows of a table of rejected messages; a repeated write sends them again."""
    is_small = F.coalesce(F.length("value") <= LARGEST_VALUE, F.lit(True))
    told = [header(name, F.col(column)) for name, column in HEADERS.items()]
    left_out = header(LEFT_OUT, F.length("value"))
    rejected.select(
        "key",
        F.when(is_small, F.col("value")).alias("value"),
        F.when(is_small, F.array(*told)).otherwise(F.array(*told, left_out)).alias("headers"),
    ).write.format("kafka").options(**connection_options(cfg.kafka)).option("topic", topic.name).option(
        "kafka.compression.type", "gzip"
    ).option("kafka.max.request.size", LARGEST_VALUE + ROOM_FOR_THE_REST).save()


def header(name: str, value: Column) -> Column:
    """A header as the sink takes it."""
    return F.struct(F.lit(name).alias("key"), value.cast("string").cast("binary").alias("value"))
