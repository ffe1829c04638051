"""Kafka topic ``tracks`` -> Delta ``tracks`` and the store's ``tracks`` and ``track_features``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql.streaming.query import StreamingQuery

from spotistream.config import Config
from spotistream.io import delta, documents, kafka
from spotistream.pipelines.streaming import Job, start_query
from spotistream.tables import TRACK_FEATURES_COLLECTION, TRACKS, TRACKS_COLLECTION, TRACKS_TOPIC
from spotistream.transforms.tracks import decoded_tracks

NAME = "ingest_tracks"
_DESCRIBED = ("tempo", "brightness", "energy")


def start(spark: SparkSession, cfg: Config, once: bool = False) -> StreamingQuery:
    """Start the query."""
    delta.create_table(spark, cfg, TRACKS)

    def write(batch: DataFrame, batch_id: int) -> None:
        write_batch(batch, cfg)

    return start_query(
        kafka.read_stream(spark, cfg, TRACKS_TOPIC, once=once),
        cfg,
        name=NAME,
        write=write,
        seconds=cfg.stream.ingest_seconds,
        once=once,
    )


def write_batch(messages: DataFrame, cfg: Config) -> None:
    """Merge one micro-batch; doing it again changes nothing."""
    tracks = decoded_tracks(messages).persist()
    try:
        if not tracks.count():
            return
        delta.merge(tracks.sparkSession, cfg, TRACKS, tracks)
        with documents.database(cfg.mongo) as db:
            documents.replace_documents(db, TRACKS_COLLECTION, map(track_document, tracks.toLocalIterator()))
            documents.replace_documents(db, TRACK_FEATURES_COLLECTION, feature_documents(tracks.toLocalIterator()))
    finally:
        tracks.unpersist()


def track_document(row: Row) -> dict[str, Any]:
    """What the player shows of a track."""
    values = row.asDict(recursive=True)
    shown = {name: values[name] for name in (*TRACKS.columns, *_DESCRIBED) if name != "track_id"}
    return {"_id": values["track_id"], **shown}


def feature_documents(rows: Iterator[Row]) -> Iterator[dict[str, Any]]:
    """The vectors of the tracks that have one."""
    for row in rows:
        if row["vector"] is not None:
            yield {"_id": row["track_id"], "feature_spec": row["feature_spec"], "vector": list(row["vector"])}


JOB = Job(NAME, start)
