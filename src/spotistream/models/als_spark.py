"""Implicit ALS where the data outgrow one machine: by Spark MLlib."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyspark.ml.recommendation import ALS
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

CHECKPOINT_INTERVAL = 3
"""Iterations after which the lineage is cut, where the session has a checkpoint folder; a long one overflows stacks."""
DEFAULTS: Mapping[str, Any] = {"factors": 64, "alpha": 8.0, "regularisation": 0.15, "iterations": 15}
"""Where they differ from those of ``als``: this regularisation is times the number of observations of a listener or
track (MLlib's way since ALS-WR, which Rendle and others found best in 2021), so a much smaller one."""


def track_factors(
    listens: DataFrame,
    *,
    numbers: DataFrame,
    factors: int,
    alpha: float,
    regularisation: float,
    iterations: int,
    seed: int,
    blocks: int,
) -> NDArray[np.float32]:
    """Vectors of tracks (n, f) in order of their numbers, from rows of ``user_id, track_id, weight > 0``.

    MLlib wants whole numbers for ids. A listener's is a hash of theirs: of a million listeners a hundred or so share
    one, which costs nothing that can be measured, and nothing has to be counted out in one task. Only the track factors
    come to the driver: listeners are folded in when they play.

    numbers : ``track_id, number`` from 0 to n - 1; tracks nobody played have zeros
    blocks : into how many parts listeners and tracks are split
    """
    ratings = listens.join(numbers, on="track_id", how="inner").select(
        F.hash("user_id").alias("user"), F.col("number").alias("item"), F.col("weight").cast("float")
    )
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
    ).fit(ratings)
    found = np.zeros((numbers.count(), factors), dtype=np.float32)
    for row in model.itemFactors.toLocalIterator():
        found[row["id"]] = row["features"]
    return found
