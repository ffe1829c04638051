"""What training reads, and the same hybrid by Spark as by one machine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from pyspark.sql import DataFrame, SparkSession
from scipy.sparse import csr_matrix

from spotistream.evaluation.model_report import ndcg_of_listeners
from spotistream.models.als import Als
from spotistream.models.blend import hidden_part
from spotistream.models.cosine import cosines
from spotistream.models.hybrid import Hybrid
from spotistream.models.interactions import Interactions
from spotistream.models.weighting import Normalisation
from spotistream.pipelines.train_on_spark import hybrid_on_spark, normalised
from spotistream.pipelines.training_data import held_buckets
from spotistream.transforms.products import column_products
from spotistream.transforms.sittings import GAP_S, sittings

PLAYS = "user_id STRING, event_id STRING, track_id STRING, action STRING, played_ms INT, event_time TIMESTAMP"
START = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def at(seconds: int) -> datetime:
    return START + timedelta(seconds=seconds)


def test_a_pause_of_more_than_half_an_hour_begins_a_new_sitting(spark: SparkSession) -> None:
    plays = [
        ("ann", "e1", "t:1", "complete", 1, at(0)),
        ("ann", "e2", "t:2", "complete", 1, at(GAP_S)),
        ("ann", "e3", "t:1", "complete", 1, at(2 * GAP_S)),
        ("ann", "e4", "t:3", "complete", 1, at(3 * GAP_S + 1)),
        ("ann", "e5", "t:2", "skip", 1, at(3 * GAP_S + 2)),
        ("bob", "e6", "t:3", "complete", 1, at(0)),
    ]
    tracks = spark.createDataFrame([(f"t:{i}", 100.0) for i in (1, 2, 3)], "track_id STRING, duration_s DOUBLE")
    found = sittings(spark.createDataFrame(plays, PLAYS), tracks).collect()
    assert sorted((row["sitting"], row["track_id"]) for row in found) == [
        ("ann/1/0", "t:1"),
        ("ann/1/0", "t:2"),
        ("ann/2/0", "t:3"),
        ("bob/1/0", "t:3"),
    ]


def test_products_of_columns_are_those_of_the_matrix(spark: SparkSession) -> None:
    weights = csr_matrix(np.array([[1, 2, 0], [3, 0, 1], [2, 2, 2]], dtype=np.float32))
    entries = [(str(i), int(j), float(w)) for i, j, w in zip(*weights.nonzero(), weights.data, strict=True)]
    found = column_products(
        spark.createDataFrame(entries, "row STRING, item INT, value DOUBLE"), shrinkage=2.0, kept=5, most_of_a_row=9
    ).collect()
    gram, alike = (weights.T @ weights).toarray(), cosines(weights, shrinkage=2.0, kept=9).toarray()
    assert len(found) == 6
    for row in found:
        assert row["product"] == pytest.approx(gram[row["a"], row["b"]])
        assert row["alike"] == pytest.approx(alike[row["a"], row["b"]], rel=1e-5)


def test_nobody_is_held_out_of_few_listeners_and_no_more_than_enough_of_many() -> None:
    assert held_buckets(199) == 0
    assert held_buckets(200) == 1000
    assert held_buckets(20_000) == 1000
    assert held_buckets(200_000) == 100


@pytest.fixture(scope="module")
def listening() -> Interactions:
    """Four camps of ten tracks each and 240 listeners, who now and then stray."""
    random = np.random.default_rng(5)
    rows = []
    for listener in range(240):
        for _ in range(12):
            camp = listener % 4 if random.random() < 0.85 else random.integers(4)
            track = 10 * camp + int(10 * random.random() ** 1.5)
            rows.append((f"u{listener:03}", f"t:{track:02}", 1.0 + random.integers(3)))
    users, tracks, weights = zip(*rows, strict=True)
    return Interactions.of_pairs(users, tracks, weights, catalogue=[f"t:{i:02}" for i in range(40)])


def frame(spark: SparkSession, data: Interactions) -> DataFrame:
    rows, columns = data.weights.nonzero()
    return spark.createDataFrame(
        pd.DataFrame({
            "user_id": data.users[rows],
            "track_id": data.items[columns],
            "number": columns.astype(np.int64),
            "weight": data.weights.data.astype(np.float64),
        })
    )  # fmt: skip


@pytest.mark.parametrize("weighting", ["binary", "log", "root"])
def test_weights_are_normalised_by_spark_as_by_numpy(
    spark: SparkSession, listening: Interactions, weighting: str
) -> None:
    scale, scaled = normalised(frame(spark, listening), 40, weighting, 0.4, 0.2)
    expected = Normalisation.fitted(listening.weights, weighting=weighting, listener_exponent=0.4, item_exponent=0.2)
    assert scale.item_totals == pytest.approx(expected.item_totals, rel=1e-5)
    assert (scale.unit, scale.mean) == (pytest.approx(expected.unit), pytest.approx(expected.mean, rel=1e-5))
    found = {(row["user_id"], row["number"]): row["weight"] for row in scaled.collect()}
    rows, columns = listening.weights.nonzero()
    for user, column, value in zip(
        listening.users[rows], columns, expected.applied(listening.weights).data, strict=True
    ):
        assert found[user, column] == pytest.approx(value, rel=1e-4)


def test_the_hybrid_by_spark_is_as_good_as_that_of_one_machine(spark: SparkSession, listening: Interactions) -> None:
    judges, sample = np.arange(0, 60), np.arange(60, 100)

    def some(rows: np.ndarray) -> Interactions:
        return Interactions(
            listening.users[rows], listening.items, listening.weights[rows], listening.sounds, listening.artists
        )

    learned = some(np.arange(100, 240))
    settings = {"als.factors": 8, "als.regularisation": 1.0}
    rows = frame(spark, learned)
    together = rows.selectExpr("user_id AS sitting", "track_id")
    by_spark = hybrid_on_spark(spark, rows.drop("number"), together, some(sample), settings, seed=1, blocks=2)
    by_one = Hybrid.fit(learned, settings, seed=1)
    shown, hidden = hidden_part(some(judges), share=0.2, seed=1)
    reached = [float(np.nanmean(ndcg_of_listeners(m, shown.weights, hidden))) for m in (by_spark, by_one)]
    assert reached[0] > 0.97 * reached[1]
    assert isinstance(by_spark.parts.get("als"), Als | None)
    again = Hybrid.from_arrays(by_spark.arrays())
    np.testing.assert_array_equal(again.scores(shown.weights), by_spark.scores(shown.weights))
