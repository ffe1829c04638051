"""Implicit ALS by Spark MLlib: track factors from who played what."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pyspark.ml.recommendation import ALS
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

CHECKPOINT_INTERVAL = 3
"""Iterations after which the lineage is cut, where the session has a checkpoint folder; a long one overflows stacks."""


def track_factors(
    listens: DataFrame, *, factors: int, alpha: float, regularisation: float, iterations: int, seed: int, blocks: int
) -> dict[str, NDArray[np.float32]]:
    """track_id -> vector (factors,), from rows of ``user_id, track_id, weight > 0``.

    MLlib wants whole numbers for ids; they are given in order of the names, so the same plays give the same model.
    Only the track factors come to the driver: listeners are folded in when they play. ``blocks`` is into how many
    parts listeners and tracks are split.
    """
    users = _numbered(listens, "user_id", "user").persist()
    tracks = _numbered(listens, "track_id", "item").persist()
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
        checkpointInterval=CHECKPOINT_INTERVAL,
        numUserBlocks=blocks,
        numItemBlocks=blocks,
    ).fit(ratings.select("user", "item", F.col("weight").cast("float")))
    rows = model.itemFactors.join(tracks, on=F.col("id") == F.col("item"), how="inner").select("track_id", "features")
    found = {row["track_id"]: np.array(row["features"], dtype=np.float32) for row in rows.toLocalIterator()}
    users.unpersist()
    tracks.unpersist()
    return found


def _numbered(df: DataFrame, name: str, number: str) -> DataFrame:
    order = Window.partitionBy(F.lit(0)).orderBy(name)
    return df.select(name).distinct().withColumn(number, F.row_number().over(order) - 1)
