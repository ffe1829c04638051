"""The topic of music of each track: the nearest, for a whole catalogue and for tracks that are new to it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from spotistream.config import Config
from spotistream.io import delta, documents
from spotistream.models.topic_centres import TopicCentres
from spotistream.pipelines.topic_documents import place_document
from spotistream.pipelines.topic_rows import centres_of
from spotistream.tables import MUSIC_TOPICS, TRACK_SOUNDS, TRACK_TOPICS, TRACK_TOPICS_COLLECTION

PLACED = "track_id STRING, music_topic_id STRING, music_subtopic_id STRING, distance DOUBLE, subtopic_distance DOUBLE"


def placed_tracks(sounds: DataFrame, centres: TopicCentres) -> DataFrame:
    """Columns PLACED for each row ``track_id, sound``: the nearest topic, the part of it, and the cosine distances."""

    def place(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for batch in batches:
            if not len(batch):
                continue
            found = centres.places(np.stack(batch["sound"].to_list()).astype(np.float32))
            yield pd.DataFrame(
                {"track_id": batch["track_id"], "music_topic_id": found.topics, "music_subtopic_id": found.parts,
                 "distance": found.distances,
                 "subtopic_distance": pd.array(found.part_distances, dtype="Float64")}
            )  # fmt: skip

    return sounds.select("track_id", "sound").mapInPandas(place, PLACED)


def place_new_tracks(spark: SparkSession, cfg: Config, tracks: DataFrame) -> None:
    """Give these tracks (``track_id``) their topics as they are, once topics were found among the same sounds: in
    Delta, then in the store.

    Tracks without such a sound are left to the next ``find_topics``. Doing it again changes nothing.
    """
    known = [row.asDict() for row in delta.read_table(spark, cfg, MUSIC_TOPICS).where("NOT retired").collect()]
    if not known:
        return
    sounds = delta.read_table(spark, cfg, TRACK_SOUNDS).where(F.col("sounds_version") == known[0]["sounds_version"])
    new = sounds.join(tracks.select("track_id").distinct(), on="track_id", how="left_semi")
    placed = placed_tracks(new, centres_of(known)).persist()
    try:
        write_places(spark, cfg, placed)
        version = known[0]["topics_version"]
        with documents.database(cfg.mongo) as db:
            places = (place_document(row.asDict(), version=version) for row in placed.toLocalIterator())
            documents.replace_documents(db, TRACK_TOPICS_COLLECTION, places)
    finally:
        placed.unpersist()


def write_places(spark: SparkSession, cfg: Config, placed: DataFrame) -> None:
    """Write the rows that are not as they were; where there are none there is no commit."""
    delta.create_table(spark, cfg, TRACK_TOPICS)
    there = delta.existing_table(spark, cfg, TRACK_TOPICS)
    same = [placed[name].eqNullSafe(there[name]) for name in TRACK_TOPICS.columns]
    changed = placed.join(there, on=same, how="left_anti").persist()
    try:
        if not changed.isEmpty():
            delta.merge(spark, cfg, TRACK_TOPICS, changed)
    finally:
        changed.unpersist()
