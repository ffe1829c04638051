"""The genres predicted for tracks without one, in Delta and in the store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from pyspark.sql import DataFrame, Row, SparkSession

from spotistream.config import Config
from spotistream.io import delta, documents
from spotistream.pipelines.genre_classifier import StoredClassifier
from spotistream.tables import GENRE_PREDICTIONS, GENRE_PREDICTIONS_COLLECTION


def write_predictions(
    spark: SparkSession, cfg: Config, stored: StoredClassifier | None, tracks: DataFrame
) -> tuple[int, int]:
    """Table and collection hold the predictions for exactly these tracks afterwards: how many, and how many are sure.

    tracks : ``track_id, vector`` of the spec that the classifier learned from; none where there is no classifier

    The store gets only those whose probability is at least ``catalogue.genre_probability``.
    """
    if stored is None:
        found = spark.createDataFrame([], delta.table_schema(GENRE_PREDICTIONS))
    else:
        found = predictions(tracks, stored, least=cfg.catalogue.genre_probability)
    found = found.persist()
    try:
        delta.merge(spark, cfg, GENRE_PREDICTIONS, found)
        stale = delta.existing_table(spark, cfg, GENRE_PREDICTIONS).join(found, "track_id", "left_anti")
        delta.delete_rows(spark, cfg, GENRE_PREDICTIONS, stale.select("track_id"), keys=["track_id"])
        count = found.count()
        shown = [prediction_document(row) for row in found.where("sure").toLocalIterator()]
    finally:
        found.unpersist()
    with documents.database(cfg.mongo) as db:
        documents.replace_documents(db, GENRE_PREDICTIONS_COLLECTION, shown)
        collection = db[GENRE_PREDICTIONS_COLLECTION.name]
        gone = {each["_id"] for each in collection.find({}, {"_id": 1})} - {each["_id"] for each in shown}
        for track_id in sorted(gone):
            collection.delete_one({"_id": track_id})
    return count, len(shown)


def prediction_document(row: Row) -> dict[str, Any]:
    """What the player shows of a row of ``genre_predictions``."""
    return {
        "_id": row["track_id"],
        "genre": row["genre"],
        "probability": float(row["probability"]),
        "classifier_version": row["classifier_version"],
    }


def predictions(tracks: DataFrame, stored: StoredClassifier, *, least: float) -> DataFrame:
    """Rows of ``genre_predictions`` for ``track_id, vector``; sure from a probability of ``least``."""
    classifier, version = stored.classifier, stored.version

    def predicted(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for batch in batches:
            if not len(batch):
                continue
            values = np.array([[np.nan if v is None else v for v in row] for row in batch["vector"]], dtype=np.float64)
            found = classifier.probabilities(values)
            best = found.argmax(axis=1)
            highest = found[np.arange(len(found)), best].astype(np.float32)
            yield pd.DataFrame(
                {
                    "track_id": batch["track_id"],
                    "classifier_version": version,
                    "genre": [classifier.genres[i] for i in best],
                    "probability": highest,
                    "sure": highest >= least,
                    "probabilities": [dict(zip(classifier.genres, map(float, row), strict=True)) for row in found],
                }
            )

    schema = delta.table_schema(GENRE_PREDICTIONS)
    return tracks.select("track_id", "vector").mapInPandas(predicted, schema).select(*GENRE_PREDICTIONS.columns)
