"""Implicit ALS by Spark MLlib: track factors from who played what."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pyspark.ml.recommendation import ALS
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F


def track_factors(
    listens: DataFrame, *, factors: int, alpha: float, regularisation: float, iterations: int, seed: int
) -> dict[str, NDArray[np.float32]]:
    """track_id -> vector (factors,), from rows of ``user_id, track_id, weight > 0``.

    MLlib wants whole numbers for ids; they are given in order of the names, so the same plays give the same model.
    Only the track factors come to the driver: listeners are folded in when they play.
    """
    users = _numbered(listens, "user_id", "user")
    tracks = _numbered(listens, "track_id", "item")
    ratings = listens.join(users, on="user_id", how="inner").join(tracks, on="track_id", how="inner")
    model = ALS(
        userCol="user",
        itemCol="item",
        ratingCol="weight",
        implicitPrefs=True,
        rank=factors,
        alpha=alpha,
        regParam=regularisation,
        maxIter=iterations,
        seed=seed,
    ).fit(ratings.select("user", "item", F.col("weight").cast("float")))
    rows = model.itemFactors.join(tracks, on=F.col("id") == F.col("item"), how="inner").select("track_id", "features")
    return {row["track_id"]: np.array(row["features"], dtype=np.float32) for row in rows.toLocalIterator()}


def _numbered(df: DataFrame, name: str, number: str) -> DataFrame:
    order = Window.orderBy(name)
    return df.select(name).distinct().withColumn(number, F.row_number().over(order) - 1)
