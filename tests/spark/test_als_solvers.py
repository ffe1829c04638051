"""Implicit ALS by Spark MLlib and by ``implicit``: as good as each other on real listening."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pyspark.sql import SparkSession

from spotistream.evaluation import held_out
from spotistream.evaluation.reading import read_observations
from spotistream.models import als_spark
from spotistream.models.als import DEFAULTS, Als, FoldIn
from spotistream.models.ranking import mean_ndcg
from spotistream.pipelines.train_on_spark import normalised

WITHIN = 0.02


@pytest.mark.timeout(900)
def test_their_ndcg_is_within_two_percent(spark: SparkSession, shared_data: Path, tmp_path: Path) -> None:
    """HetRec Last.fm, a fifth of every listener's artists held out at random; each solver with its own defaults."""
    file = shared_data / "listening" / "hetrec2011-lastfm-2k" / "user_artists.dat"
    observations, _ = read_observations(file, form="auto", say=lambda _: None)
    data, _ = held_out.split(observations, seed=0, say=lambda _: None)
    train = data.train
    rows, columns = train.weights.nonzero()
    listens = spark.createDataFrame(
        pd.DataFrame({
            "user_id": train.users[rows],
            "track_id": train.items[columns],
            "number": columns.astype(np.int64),
            "weight": train.weights.data.astype(np.float64),
        })
    )  # fmt: skip
    numbers = spark.createDataFrame(pd.DataFrame({"track_id": train.items, "number": np.arange(len(train.items))}))
    scale, scaled = normalised(
        listens, len(train.items), DEFAULTS["weighting"], DEFAULTS["listener_exponent"], DEFAULTS["item_exponent"]
    )
    spark.sparkContext.setCheckpointDir(str(tmp_path))
    chosen = als_spark.DEFAULTS
    factors = als_spark.track_factors(scaled.drop("number"), numbers=numbers, **chosen, seed=1, blocks=2)
    by_spark = Als.of_factors(
        factors,
        FoldIn(chosen["alpha"], chosen["regularisation"], by_count=True),
        scale,
        sounds=train.sounds,
        played=np.diff(train.weights.tocsc().indptr),
    )
    by_implicit = Als.fit(train, seed=1)
    reached = [mean_ndcg(model, train.weights, data.test, k=20) for model in (by_spark, by_implicit)]
    assert min(reached) > 0.25
    assert abs(reached[0] - reached[1]) <= WITHIN * max(reached), reached
