"""Kafka as a Spark source and sink."""

from __future__ import annotations

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from spotistream.config import Config, Kafka
from spotistream.errors import ConfigError
from spotistream.layouts import Topic

_LOGIN_MODULES = {
    "PLAIN": "org.apache.kafka.common.security.plain.PlainLoginModule",
    "SCRAM-SHA-256": "org.apache.kafka.common.security.scram.ScramLoginModule",
    "SCRAM-SHA-512": "org.apache.kafka.common.security.scram.ScramLoginModule",
}


def connection_options(kafka: Kafka) -> dict[str, str]:
    """Where the broker is and how to log in, as Spark's Kafka options."""
    options = {
        "kafka.bootstrap.servers": kafka.bootstrap_servers,
        "kafka.security.protocol": kafka.security_protocol,
    }
    if kafka.security_protocol.startswith("SASL"):
        module = _LOGIN_MODULES.get(kafka.sasl_mechanism)
        if module is None:
            raise ConfigError("kafka.sasl_mechanism", f"must be one of {', '.join(_LOGIN_MODULES)}", source="[kafka]")
        options["kafka.sasl.mechanism"] = kafka.sasl_mechanism
        options["kafka.sasl.jaas.config"] = (
            f"{module} required username={_quoted(kafka.sasl_username)} password={_quoted(kafka.sasl_password)};"
        )
    return options


MESSAGE_SCHEMA = (
    "key BINARY, value BINARY, topic STRING, kafka_partition INT, kafka_offset BIGINT, kafka_time TIMESTAMP"
)
"""What ``read_stream`` gives."""

ONCE_FACTOR = 10
"""A query that ends when it has read what is there reads so much more at a time: nobody waits for its batches."""

ONCE_TRIES = 3
TRIES_WITHOUT_END = 2**31 - 1
"""How often a query asks a broker that is away where its topic ends. A try takes a minute, or a second where the broker
refuses; Spark's own three would end the query after three minutes."""


def read_stream(
    spark: SparkSession,
    cfg: Config,
    topic: Topic,
    *,
    once: bool = False,
    most: int | None = None,
    since: str = "earliest",
) -> DataFrame:
    """A topic from its beginning (or the query's checkpoint) on, as bytes with their position.

    most : messages of a micro-batch, where they are larger than the setting is meant for
    since : earliest or latest: where a query without a checkpoint begins
    """
    allowed = cfg.kafka.max_offsets_per_trigger * (ONCE_FACTOR if once else 1)
    most = min(allowed, most or allowed)
    return (
        spark.readStream.format("kafka")
        .options(**connection_options(cfg.kafka))
        .option("subscribe", topic.name)
        .option("startingOffsets", since)
        .option("maxOffsetsPerTrigger", most)
        .option("kafka.fetch.max.wait.ms", cfg.kafka.fetch_max_wait_ms)
        .option("fetchOffset.numRetries", ONCE_TRIES if once else TRIES_WITHOUT_END)
        .load()
        .select(
            "key",
            "value",
            "topic",
            F.col("partition").alias("kafka_partition"),
            F.col("offset").alias("kafka_offset"),
            F.col("timestamp").alias("kafka_time"),
        )
    )


def write_messages(df: DataFrame, cfg: Config, topic: Topic) -> None:
    """Send rows of ``key``, ``value`` to the topic; a repeated write sends them again."""
    df.select("key", "value").write.format("kafka").options(**connection_options(cfg.kafka)).option(
        "topic", topic.name
    ).save()


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
