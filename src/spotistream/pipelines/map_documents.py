"""Delta ``track_map``, ``tracks`` and ``track_topics`` -> store ``track_map``: the map as the player draws it.

Two jobs write it: ``map_tracks``, when places change, and ``find_topics``, when topics do.
"""

from __future__ import annotations

import pandas as pd
from pyspark.sql import SparkSession

from spotistream.config import Config
from spotistream.io import delta, documents
from spotistream.serving.track_map import CURRENT, TrackMap, current_document, part_documents
from spotistream.tables import TRACK_MAP, TRACK_MAP_COLLECTION, TRACK_TOPICS, TRACKS


def write_map(spark: SparkSession, cfg: Config) -> None:
    """Write the map there is, with the topics there are; before there is one it does nothing."""
    tracks = delta.read_table(spark, cfg, TRACKS).select("track_id", "playable")
    topics = delta.read_table(spark, cfg, TRACK_TOPICS).select("track_id", "music_topic_id")
    points = delta.read_table(spark, cfg, TRACK_MAP).join(tracks, on="track_id", how="inner")
    found = delta.to_pandas(points.join(topics, on="track_id", how="left").orderBy("track_id"))
    if len(found):
        write_documents(cfg, track_map_of_rows(found))


def track_map_of_rows(found: pd.DataFrame) -> TrackMap:
    """``found`` has the columns of ``TRACK_MAP``, ``playable`` and ``music_topic_id``, by track."""
    return TrackMap(
        map_version=found["map_version"].iloc[0],
        track_ids=tuple(found["track_id"]),
        x=tuple(found["x"].astype(float)),
        y=tuple(found["y"].astype(float)),
        genres=_texts(found["genre"]),
        playable=tuple(bool(each) for each in found["playable"]),
        topics=_texts(found["music_topic_id"]),
    )


def write_documents(cfg: Config, track_map: TrackMap) -> None:
    """First all parts, then what names them, then away with those that were there before: a reader never mixes two
    editions, and a writer takes nothing from another that began after it.
    """
    with documents.database(cfg.mongo) as db:
        before = [each for each in db[TRACK_MAP_COLLECTION.name].distinct("edition") if each != track_map.edition]
        documents.replace_documents(db, TRACK_MAP_COLLECTION, part_documents(track_map))
        documents.replace_documents(db, TRACK_MAP_COLLECTION, [current_document(track_map)])
        others = {"_id": {"$ne": CURRENT}, "edition": {"$in": before}}
        db[TRACK_MAP_COLLECTION.name].delete_many(others)


def _texts(column: pd.Series) -> tuple[str | None, ...]:
    return tuple(each if isinstance(each, str) else None for each in column)
