"""Delta ``track_files`` and ``track_features`` -> Kafka topic ``tracks``: metadata merged with features."""

from __future__ import annotations

from pyspark.sql import SparkSession

from spotistream.config import Config
from spotistream.io import delta, kafka
from spotistream.tables import TRACK_FEATURES, TRACK_FILES, TRACKS_TOPIC
from spotistream.transforms.tracks import track_messages


def run(spark: SparkSession, cfg: Config) -> str:
    """Send one message for each track file; the topic's readers keep the newest of each track."""
    files = delta.read_table(spark, cfg, TRACK_FILES)
    features = delta.read_table(spark, cfg, TRACK_FEATURES)
    messages = track_messages(files, features).persist()
    try:
        count = messages.count()
        kafka.write_messages(messages, cfg, TRACKS_TOPIC)
    finally:
        messages.unpersist()
    return f"{count:,} tracks published to topic {TRACKS_TOPIC.name}"
