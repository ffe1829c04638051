"""``spotistream replay-rejected``: Delta ``plays_rejected`` -> Kafka ``plays``, after what was wrong was mended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F

from spotistream.config import Config
from spotistream.io import delta
from spotistream.pipelines.progress import Progress
from spotistream.serving.bulk import BulkPublisher
from spotistream.tables import PLAYS_REJECTED, PLAYS_REPLAYED, PLAYS_TOPIC
from spotistream.transforms.replay import to_replay

CHUNK = 5_000
"""Messages that are sent, and then noted as sent, at a time; a call that is killed sends at most so many again."""
LARGEST = 1_000_000
"""Bytes of key and value together that are sent: about what a broker takes."""


def replay(
    spark: SparkSession,
    cfg: Config,
    *,
    since: datetime | None = None,
    reason: str | None = None,
    again: bool = False,
    dry_run: bool = False,
) -> str:
    """Send what ``to_replay`` finds; returns what was done, in words. Raises ``ServiceUnavailable``."""
    replayed = None if again else delta.read_table(spark, cfg, PLAYS_REPLAYED)
    found = to_replay(delta.read_table(spark, cfg, PLAYS_REJECTED), replayed, since=since, reason=reason).persist()
    try:
        size = F.length("value") + F.coalesce(F.length("key"), F.lit(0))
        fits = found.where(size <= LARGEST)
        counts = fits.groupBy("reason").count().orderBy(F.desc("count"), "reason").collect()
        too_large = found.where(size > LARGEST).count()
        total = sum(row["count"] for row in counts)
        if not dry_run:
            send(spark, cfg, fits, total=total)
    finally:
        found.unpersist()
    return told([(row["reason"], row["count"]) for row in counts], too_large=too_large, dry_run=dry_run)


def send(spark: SparkSession, cfg: Config, messages: DataFrame, *, total: int) -> None:
    """Send the messages, oldest first, and note each chunk once the broker has it."""
    ordered = messages.orderBy("kafka_time", "kafka_partition", "kafka_offset").toLocalIterator()
    with BulkPublisher(cfg.kafka) as publisher, Progress("messages", total=total) as progress:
        for chunk in _chunks(ordered):
            for row in chunk:
                key = None if row["key"] is None else bytes(row["key"])
                publisher.send(PLAYS_TOPIC, key, bytes(row["value"]))
            publisher.flush()
            sent_at = datetime.now(UTC)
            noted = [(row["digest"], sent_at) for row in chunk]
            delta.insert_missing(
                spark, cfg, PLAYS_REPLAYED, spark.createDataFrame(noted, delta.table_schema(PLAYS_REPLAYED))
            )
            progress.advance(len(chunk))


def told(counts: list[tuple[str, int]], *, too_large: int, dry_run: bool) -> str:
    """How many by reason, the most frequent first, and their sum."""
    total = sum(count for _, count in counts)
    messages = f"{total:,} {'message' if total == 1 else 'messages'}"
    lines = [f"{count:>9,}  {reason}" for reason, count in counts]
    if dry_run:
        lines.append(f"{messages} to replay; none was sent")
    else:
        lines.append(f"{messages} replayed to topic {PLAYS_TOPIC.name}; what is still wrong is rejected again")
    if too_large:
        lines[-1] += f"; larger than a message may be, and left where they are: {too_large:,}"
    return "\n".join(lines)


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
