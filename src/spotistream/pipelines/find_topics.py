"""Delta ``track_sounds``, ``tracks``, ``plays`` -> Delta and store: topics of music, and what is popular in each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from spotistream.config import Config
from spotistream.errors import InputError
from spotistream.io import delta, documents
from spotistream.io.fitted_sounds import current_sounds
from spotistream.models.topic_names import Name
from spotistream.pipelines import fit_sounds
from spotistream.pipelines.map_documents import write_map
from spotistream.pipelines.topic_documents import list_document, place_document, popular_documents, topic_documents
from spotistream.pipelines.topic_fit import Before, fitted_topics
from spotistream.pipelines.topic_rows import Catalogue, profiles, topic_rows
from spotistream.pipelines.track_topics import placed_tracks, write_places
from spotistream.tables import (
    CURRENT_TOPICS,
    GENRE_SHELF,
    GENRES,
    MUSIC_TOPICS,
    MUSIC_TOPICS_COLLECTION,
    PLAYS,
    POPULAR_TRACKS,
    TOPIC_SHELF,
    TRACK_FEATURES,
    TRACK_SOUNDS,
    TRACK_TOPICS,
    TRACK_TOPICS_COLLECTION,
    TRACKS,
)
from spotistream.transforms.listens import listen_weights, popularity
from spotistream.transforms.topics import most_played, nearest_to_centres, shelf_tracks

POPULAR_KEPT = 100
TYPICAL_KEPT = 12


def run(spark: SparkSession, cfg: Config) -> str:
    """Find the topics anew, starting from those there are, and write them and their shelves.

    Raises InputError where no track has a sound.
    """
    fit_sounds.run(spark, cfg)
    fitted = current_sounds(cfg)
    version = fitted.version if fitted else ""
    tracks = delta.read_table(spark, cfg, TRACKS)
    written = delta.read_table(spark, cfg, TRACK_SOUNDS).where(F.col("sounds_version") == version)
    sounds = written.join(tracks, on="track_id", how="left_semi").select("track_id", "sound").persist()
    try:
        if sounds.isEmpty():
            raise InputError(
                "table track_sounds", "holds no sound of a track",
                remedy="run: spotistream run extract_features publish ingest_tracks --once",
            )  # fmt: skip
        known = [row.asDict() for row in delta.read_table(spark, cfg, MUSIC_TOPICS).collect()]
        before = Before(delta.read_table(spark, cfg, TRACK_TOPICS), [row["music_topic_id"] for row in known])
        centres, silhouette = fitted_topics(sounds, before, seed=cfg.model.seed)
        placed = placed_tracks(sounds, centres).persist()
        try:
            names = {row["music_topic_id"]: Name(row["name"], tuple(row["words"])) for row in known}
            catalogue = Catalogue(
                tracks, delta.read_table(spark, cfg, TRACK_FEATURES), delta.read_table(spark, cfg, GENRES)
            )
            rows = topic_rows(centres, profiles(placed, catalogue), names, sounds_version=version)
            _write_tables(spark, cfg, rows, placed)
            write_documents(spark, cfg, rows, placed, tracks)
            write_map(spark, cfg)
        finally:
            placed.unpersist()
    finally:
        sounds.unpersist()
    found = {row["music_topic_id"] for row in rows}
    here_before = {row["music_topic_id"] for row in known if not row["retired"]}
    topics = [row for row in rows if row["parent_id"] is None]
    return (
        f"{topics[0]['topics_version']}: {sum(row['size'] for row in topics):,} tracks in {len(topics)} topics with "
        f"{len(rows) - len(topics)} parts, {len(found - here_before)} of them new, {len(here_before - found)} gone; "
        f"silhouette {silhouette:.2f}"
    )


def _write_tables(spark: SparkSession, cfg: Config, rows: Sequence[dict[str, Any]], placed: DataFrame) -> None:
    """The topics, those of earlier runs as retired; and exactly these tracks in them. What is as it was stays.

    The topics come first: a track is never in one that the other table does not have.
    """
    new = spark.createDataFrame(list(rows), delta.table_schema(MUSIC_TOPICS))
    old = delta.read_table(spark, cfg, MUSIC_TOPICS).join(new, on="music_topic_id", how="left_anti")
    retired = old.withColumn("retired", F.lit(True))
    delta.merge(spark, cfg, MUSIC_TOPICS, new.unionByName(retired))
    write_places(spark, cfg, placed)
    gone = delta.existing_table(spark, cfg, TRACK_TOPICS).join(placed, on="track_id", how="left_anti")
    delta.delete_rows(spark, cfg, TRACK_TOPICS, gone, keys=["track_id"])


def write_documents(
    spark: SparkSession, cfg: Config, rows: Sequence[dict[str, Any]], placed: DataFrame, tracks: DataFrame
) -> None:
    """Shelves first, then the topics, the tracks in them, the list that names them, then away with the others."""
    plays = delta.read_table(spark, cfg, PLAYS)
    counted = popularity(listen_weights(plays, tracks, half_life_days=cfg.model.half_life_days))
    best = most_played(shelf_tracks(placed, tracks), counted, most=POPULAR_KEPT)
    shelves = best.join(tracks.select("track_id", "album_id"), on="track_id", how="left").collect()
    nearest = nearest_to_centres(placed, tracks, most=TYPICAL_KEPT)
    typical_rows = nearest.join(tracks.select("track_id", "album_id"), on="track_id", how="left").collect()
    version = rows[0]["topics_version"]
    popular = popular_documents([row.asDict() for row in shelves], version=version)
    typical: dict[str, list[str]] = defaultdict(list)
    for row in sorted(typical_rows, key=lambda row: row["place"]):
        typical[row["topic_id"]].append(row["track_id"])
    found = list(
        topic_documents(
            rows,
            popular={each["_id"]: [track["track_id"] for track in each["tracks"]] for each in popular},
            typical=typical,
            albums={row["track_id"]: row["album_id"] for row in (*shelves, *typical_rows)},
        )
    )
    with documents.database(cfg.mongo) as db:
        documents.replace_documents(db, POPULAR_TRACKS, popular)
        documents.replace_documents(db, MUSIC_TOPICS_COLLECTION, found)
        places = (place_document(row.asDict(), version=version) for row in placed.toLocalIterator())
        documents.replace_documents(db, TRACK_TOPICS_COLLECTION, places)
        documents.replace_documents(db, MUSIC_TOPICS_COLLECTION, [list_document(found, version=version)])
        here = [CURRENT_TOPICS, *(each["_id"] for each in found)]
        db[MUSIC_TOPICS_COLLECTION.name].delete_many({"_id": {"$nin": here}})
        db[TRACK_TOPICS_COLLECTION.name].delete_many({"topics_version": {"$ne": version}})
        shelved = [each["_id"] for each in popular]
        for prefix in (TOPIC_SHELF, GENRE_SHELF):
            within = {"$gte": prefix, "$lt": prefix + "\U0010ffff", "$nin": shelved}
            db[POPULAR_TRACKS.name].delete_many({"_id": within})
