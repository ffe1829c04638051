"""Kafka topic ``tracks`` -> Delta and store: tracks with features and sounds, artists, albums, genres; the model."""

from __future__ import annotations

import logging

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.streaming.query import StreamingQuery

from spotistream.config import Config
from spotistream.errors import ModelError
from spotistream.io import delta, documents, kafka
from spotistream.io.fitted_sounds import current_sounds
from spotistream.layouts import Collection, Table
from spotistream.pipelines.extend_model import extend_model
from spotistream.pipelines.fit_sounds import write_sounds
from spotistream.pipelines.store_guard import outlived
from spotistream.pipelines.streaming import Job, query_id, start_query
from spotistream.pipelines.track_documents import feature_document, record_document, track_document
from spotistream.pipelines.track_topics import place_new_tracks
from spotistream.tables import (
    ALBUMS,
    ALBUMS_COLLECTION,
    ARTISTS,
    ARTISTS_COLLECTION,
    GENRES,
    GENRES_COLLECTION,
    TRACK_FEATURES,
    TRACK_FEATURES_COLLECTION,
    TRACK_MESSAGES_REJECTED,
    TRACKS,
    TRACKS_COLLECTION,
    TRACKS_TOPIC,
)
from spotistream.transforms.catalogue_messages import (
    KINDS,
    albums_of,
    artists_of,
    decoded_messages,
    features_of,
    genres_of,
    new_features,
    newest_rows,
    records,
    rejected_messages,
)

NAME = "ingest_tracks"
MOST_MESSAGES = 5_000
"""Of a micro-batch: a message with its vector has several kilobytes."""
TABLES = (TRACKS, TRACK_FEATURES, ARTISTS, ALBUMS, GENRES, TRACK_MESSAGES_REJECTED)
ENTITIES = (
    ("artist", ARTISTS, ARTISTS_COLLECTION, artists_of),
    ("album", ALBUMS, ALBUMS_COLLECTION, albums_of),
    ("genre", GENRES, GENRES_COLLECTION, genres_of),
)
"""Kind, table, collection, and what the tracks themselves say of such a thing."""

log = logging.getLogger(__name__)


def start(spark: SparkSession, cfg: Config, once: bool = False) -> list[StreamingQuery]:
    """Start the query."""
    for table in TABLES:
        delta.create_table(spark, cfg, table)

    def write(batch: DataFrame, batch_id: int) -> None:
        with outlived(cfg.mongo):
            write_batch(batch, batch_id, cfg)

    query = start_query(
        decoded_messages(kafka.read_stream(spark, cfg, TRACKS_TOPIC, once=once, most=MOST_MESSAGES)),
        cfg,
        name=NAME,
        write=write,
        seconds=cfg.stream.ingest_seconds,
        once=once,
    )
    return [query]


def write_batch(decoded: DataFrame, batch_id: int, cfg: Config) -> None:
    """Write one micro-batch; doing it again changes nothing.

    Delta comes before the store and the store before the model: whoever sees a track recommended finds it everywhere.
    """
    app_id = query_id(decoded)
    decoded = decoded.persist()
    found = {kind: records(decoded, kind).persist() for kind in KINDS}
    try:
        counts = {row["kind"]: row["count"] for row in decoded.groupBy("kind").count().collect()}
        if not counts:
            return
        rejected = rejected_messages(decoded, *found.values()).coalesce(1)
        if not rejected.isEmpty():
            delta.append(rejected, cfg, TRACK_MESSAGES_REJECTED, app_id=app_id, version=batch_id)
        tracks = newest_rows(found["track"], "track").persist()
        try:
            if counts.get("track"):
                write_tracks(tracks, cfg)
            for kind, table, collection, named_by in ENTITIES:
                said = newest_rows(found[kind], kind) if counts.get(kind) else None
                named = named_by(tracks) if counts.get("track") else None
                write_entities(decoded.sparkSession, cfg, table, collection, said=said, named=named)
            if counts.get("track"):
                take_up(tracks, cfg)
        finally:
            tracks.unpersist()
    finally:
        for frame in (decoded, *found.values()):
            frame.unpersist()


def write_tracks(tracks: DataFrame, cfg: Config) -> None:
    """Tracks and their features into Delta and the store."""
    spark = tracks.sparkSession
    delta.merge(spark, cfg, TRACKS, tracks)
    features = features_of(tracks)
    known = delta.existing_table(spark, cfg, TRACK_FEATURES).select("track_id", "feature_spec", "content_hash")
    new = new_features(features, known).persist()
    try:
        if not new.isEmpty():
            delta.merge(spark, cfg, TRACK_FEATURES, new)
    finally:
        new.unpersist()
    with documents.database(cfg.mongo) as db:
        documents.replace_documents(db, TRACKS_COLLECTION, map(track_document, tracks.toLocalIterator()))
        documents.replace_documents(db, TRACK_FEATURES_COLLECTION, map(feature_document, features.toLocalIterator()))


def write_entities(
    spark: SparkSession,
    cfg: Config,
    table: Table,
    collection: Collection,
    *,
    said: DataFrame | None,
    named: DataFrame | None,
) -> None:
    """Artists, albums or genres: ``said`` replaces what is known of them, ``named`` adds those that are not known."""
    (key,) = table.keys
    touched = [frame.select(key) for frame in (said, named) if frame is not None]
    if not touched:
        return
    if said is not None:
        delta.merge(spark, cfg, table, said)
    if named is not None:
        delta.insert_missing(spark, cfg, table, named)
    ids = touched[0].union(touched[-1]).distinct()
    rows = delta.existing_table(spark, cfg, table).join(ids, on=key, how="left_semi")
    with documents.database(cfg.mongo) as db:
        documents.replace_documents(db, collection, (record_document(row, key) for row in rows.toLocalIterator()))


def take_up(tracks: DataFrame, cfg: Config) -> None:
    """The sounds of the tracks, by the pipeline in use, their topics, and the tracks into the model in use."""
    try:
        fitted = current_sounds(cfg)
    except ModelError as exc:
        log.error("%s; new tracks have no sound until then", exc)
        fitted = None
    if fitted is not None:
        strange = features_of(tracks).where(F.col("feature_spec") != fitted.feature_spec)
        if other := strange.count():
            log.error(
                "%d tracks have features of another spec than %s, which is in use: they have no sound; extract or "
                "import them with one spec", other, fitted.feature_spec,
            )  # fmt: skip
        write_sounds(tracks.sparkSession, cfg, fitted, features_of(tracks))
        place_new_tracks(tracks.sparkSession, cfg, tracks)
    extend_model(tracks.sparkSession, cfg, tracks)


JOB = Job(NAME, start)
