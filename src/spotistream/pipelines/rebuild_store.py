"""Topics ``recommendations`` and ``library``, Delta and the model in use -> every collection of the store."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.sql import DataFrame, Row, SparkSession

from spotistream.config import Config
from spotistream.io import delta, documents
from spotistream.layouts import Collection
from spotistream.pipelines import find_topics
from spotistream.pipelines.current_model import model_in_use
from spotistream.pipelines.genre_predictions import prediction_document
from spotistream.pipelines.ingest_tracks import ENTITIES
from spotistream.pipelines.map_documents import write_map
from spotistream.pipelines.model_documents import write_model_documents
from spotistream.pipelines.stored_library import in_words, replay_library
from spotistream.pipelines.stored_listening import rebuild_listening
from spotistream.pipelines.stored_recommendations import SnapshotTopic, replay
from spotistream.pipelines.track_documents import DESCRIBED, feature_document, record_document, track_document
from spotistream.tables import (
    GENRE_PREDICTIONS,
    GENRE_PREDICTIONS_COLLECTION,
    MUSIC_TOPICS,
    TRACK_FEATURES,
    TRACK_FEATURES_COLLECTION,
    TRACK_TOPICS,
    TRACKS,
    TRACKS_COLLECTION,
)


def run(spark: SparkSession, cfg: Config) -> str:
    """Write all documents again; what is there is replaced, and a newer table of a listener stays.

    What is shown of a track comes before what names it. It may run beside the streams. Raises ``ServiceUnavailable``
    where the broker or the store does not answer.
    """
    tracks = delta.read_table(spark, cfg, TRACKS)
    features = delta.read_table(spark, cfg, TRACK_FEATURES).join(tracks, on="track_id", how="left_semi")
    described = tracks.join(features.select("track_id", *DESCRIBED), on="track_id", how="left")
    written = _written(cfg, TRACKS_COLLECTION, described, track_document)
    _written(cfg, TRACK_FEATURES_COLLECTION, features, feature_document)
    for _, table, collection, _ in ENTITIES:
        (key,) = table.keys
        _written(cfg, collection, delta.read_table(spark, cfg, table), partial(record_document, key=key))
    predicted = delta.read_table(spark, cfg, GENRE_PREDICTIONS).where("sure")
    _written(cfg, GENRE_PREDICTIONS_COLLECTION, predicted, prediction_document)
    model = model_in_use(cfg)
    if model is not None:
        write_model_documents(cfg, model)
    topics = _topics(spark, cfg, tracks)
    write_map(spark, cfg)
    tables, library, heard = _recommendations(cfg), in_words(replay_library(cfg)), rebuild_listening(spark, cfg)
    return (
        f"{written:,} tracks, {topics:,} topics and parts, {tables:,} messages with listeners' tables, {library}, "
        f"what {heard:,} listeners heard"
    )


def _written(cfg: Config, collection: Collection, rows: DataFrame, document: Callable[[Row], dict[str, Any]]) -> int:
    with documents.database(cfg.mongo) as db:
        return documents.replace_documents(db, collection, map(document, rows.toLocalIterator()))


def _topics(spark: SparkSession, cfg: Config, tracks: DataFrame) -> int:
    """Topics, what is popular in them and in genres: as ``find_topics`` writes them; how many topics."""
    rows = [
        row.asDict(recursive=True) for row in delta.read_table(spark, cfg, MUSIC_TOPICS).where("NOT retired").collect()
    ]
    if rows:
        find_topics.write_documents(spark, cfg, rows, delta.existing_table(spark, cfg, TRACK_TOPICS), tracks)
    return len(rows)


def _recommendations(cfg: Config) -> int:
    topic = SnapshotTopic(cfg.kafka)
    try:
        with documents.database(cfg.mongo) as db:
            return replay(topic, db, {})
    finally:
        topic.close()
