"""Delta ``track_files``, ``track_metadata``, ``track_features`` -> Kafka topic ``tracks``: what is new, in chunks."""

from __future__ import annotations

import math
from collections.abc import Iterator

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from spotistream.config import Config
from spotistream.io import delta, kafka
from spotistream.pipelines.progress import Progress
from spotistream.serving.positions import cluster_id
from spotistream.tables import TRACK_FEATURES, TRACK_FILES, TRACK_METADATA, TRACKS_PUBLISHED, TRACKS_TOPIC
from spotistream.transforms.track_messages import track_messages, unpublished, with_digest


def run(spark: SparkSession, cfg: Config) -> str:
    """Send a message for each track that is new or changed since it was last sent to this Kafka cluster.

    What was sent is noted after each chunk of about ``catalogue.publish_chunk`` tracks: a run that was killed goes on
    there, and may send the tracks of one chunk again, of which readers keep the newest.
    """
    read = [delta.read_table(spark, cfg, table) for table in (TRACK_FILES, TRACK_METADATA, TRACK_FEATURES)]
    messages = with_digest(track_messages(*read), cluster=cluster_id(cfg.kafka))
    changed = unpublished(messages, delta.read_table(spark, cfg, TRACKS_PUBLISHED)).persist()
    try:
        count = changed.count()
        with Progress("tracks", total=count) as progress:
            for chunk, size in _chunks(changed, count, size=cfg.catalogue.publish_chunk):
                kafka.write_messages(chunk, cfg, TRACKS_TOPIC)
                delta.merge(spark, cfg, TRACKS_PUBLISHED, chunk)
                progress.advance(size)
    finally:
        changed.unpersist()
    return f"{count:,} new or changed tracks sent to topic {TRACKS_TOPIC.name}"


def _chunks(messages: DataFrame, count: int, *, size: int) -> Iterator[tuple[DataFrame, int]]:
    """The messages in parts of about ``size``, each with its own number of messages; by a hash of the id."""
    parts = math.ceil(count / size)
    of_part = F.pmod(F.xxhash64("track_id"), F.lit(parts))
    for part in range(parts):
        chunk = messages.where(of_part == part) if parts > 1 else messages
        yield chunk, chunk.count() if parts > 1 else count
