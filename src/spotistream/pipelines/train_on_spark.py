"""Training where the plays outgrow one machine: what comes to the driver grows with the catalogue, not with plays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from scipy.sparse import csr_matrix, diags

from spotistream.io import delta
from spotistream.models import als as als_module
from spotistream.models import als_spark, cooccurrence, ease
from spotistream.models.als import Als, FoldIn
from spotistream.models.blend import blend_weights, candidates, hidden_part
from spotistream.models.contract import Recommender
from spotistream.models.cooccurrence import Cooccurrence
from spotistream.models.ease import SparseEase
from spotistream.models.hybrid import HIDDEN_SHARE, START, Hybrid, of_part, with_needed
from spotistream.models.interactions import Floats, Interactions
from spotistream.models.links import SparseLinks, strongest
from spotistream.models.local_regression import SHRINKAGE, links_of_products
from spotistream.models.popularity import Popularity
from spotistream.models.sound_likeness import SoundLikeness
from spotistream.models.weighting import Normalisation
from spotistream.transforms.products import column_products

MOST_OF_A_LISTENER = 300
"""Tracks of a listener that meet for item-to-item, those played most: nobody's pairs outweigh a thousand others'."""
PRODUCTS_KEPT = 3
"""Products kept for each track, times the neighbours it is predicted from."""


def hybrid_on_spark(
    spark: SparkSession,
    listens: DataFrame,
    sittings: DataFrame,
    sample: Interactions,
    settings: Mapping[str, Any],
    *,
    seed: int,
    blocks: int,
) -> Hybrid:
    """The same hybrid as ``Hybrid.fit``, its collaborative parts fitted by Spark.

    listens : ``user_id, track_id, weight > 0`` of the listeners to learn from
    sittings : ``sitting, track_id``
    sample : listeners none of whom is among them, on whose hidden plays the weights of the parts are learned; its items
        are the catalogue
    """
    track_ids, sounds = sample.items, sample.sounds
    numbers = spark.createDataFrame(
        pd.DataFrame({"track_id": track_ids, "number": np.arange(len(track_ids))})
    ).persist()
    try:
        listens = listens.join(numbers, on="track_id", how="inner").select("user_id", "track_id", "number", "weight")
        counted = _by_track(listens.groupBy("number").agg(F.count("*").alias("value")), len(track_ids))
        parts: dict[str, Recommender] = {
            Als.name: _als(listens, numbers, of_part(settings, Als.name), sounds, counted, seed=seed, blocks=blocks),
            SparseEase.name: _ease(listens, of_part(settings, "ease"), len(track_ids)),
            Cooccurrence.name: _cooccurrence(sittings, numbers, listens, of_part(settings, Cooccurrence.name)),
            Popularity.name: _popularity(listens, len(track_ids)),
        }
    finally:
        numbers.unpersist()
    parts = {"ease": parts.pop(SparseEase.name), **parts}
    if sounds.any():
        parts[SoundLikeness.name] = SoundLikeness.fit(sample)
    shown, hidden = hidden_part(sample, share=HIDDEN_SHARE, seed=seed)
    names = list(parts)
    found = candidates(list(parts.values()), shown.weights, hidden, seed=seed)
    weights = with_needed(dict(zip(names, blend_weights(found, [START[n] for n in names]).tolist(), strict=True)))
    return Hybrid({name: parts[name] for name in names if name in weights}, weights)


def _als(
    listens: DataFrame,
    numbers: DataFrame,
    settings: Mapping[str, Any],
    sounds: Floats,
    counted: NDArray[np.float64],
    *,
    seed: int,
    blocks: int,
) -> Als:
    """Settings found for the solver ``implicit`` do not fit this one: see ``als_spark.DEFAULTS``."""
    chosen = {**als_module.DEFAULTS, **settings, **als_spark.DEFAULTS}
    scale, scaled = normalised(
        listens, len(sounds), chosen["weighting"], chosen["listener_exponent"], chosen["item_exponent"]
    )
    factors = als_spark.track_factors(
        scaled.drop("number"),
        numbers=numbers,
        factors=chosen["factors"],
        alpha=chosen["alpha"],
        regularisation=chosen["regularisation"],
        iterations=chosen["iterations"],
        seed=seed,
        blocks=blocks,
    )
    fold = FoldIn(chosen["alpha"], chosen["regularisation"], by_count=True)
    return Als.of_factors(factors, fold, scale, sounds=sounds, played=counted.astype(np.int64))


def _ease(listens: DataFrame, settings: Mapping[str, Any], n: int) -> SparseEase:
    chosen = {**ease.DEFAULTS, **settings}
    scale, scaled = normalised(listens, n, chosen["weighting"], chosen["listener_exponent"], chosen["item_exponent"])
    own = _by_track(scaled.groupBy("number").agg(F.sum(F.col("weight") * F.col("weight")).alias("value")), n)
    entries = scaled.select(
        F.col("user_id").alias("row"), F.col("number").alias("item"), F.col("weight").alias("value")
    )
    neighbours = chosen["neighbours"]
    found = delta.to_pandas(
        column_products(entries, shrinkage=SHRINKAGE, kept=PRODUCTS_KEPT * neighbours, most_of_a_row=MOST_OF_A_LISTENER)
    )
    places = (found["a"].to_numpy(), found["b"].to_numpy())
    half = csr_matrix((found["product"].to_numpy(dtype=np.float32), places), shape=(n, n))
    alike = csr_matrix((found["alike"].to_numpy(dtype=np.float32), places), shape=(n, n))
    near = strongest(alike, neighbours)
    ridge = ease.ridge_of(own, chosen["regularisation"], chosen["frequency_exponent"])
    return SparseEase(SparseLinks(links_of_products(near, half.maximum(half.T).tocsr(), own, ridge)), scale)


def _cooccurrence(
    sittings: DataFrame, numbers: DataFrame, listens: DataFrame, settings: Mapping[str, Any]
) -> Cooccurrence:
    chosen = {**cooccurrence.DEFAULTS, **settings}
    n = numbers.count()
    entries = sittings.join(numbers, on="track_id", how="inner").select(
        F.col("sitting").alias("row"), F.col("number").alias("item"), F.lit(1.0).alias("value")
    )
    alone = np.maximum(_by_track(entries.groupBy(F.col("item").alias("number")).agg(F.count("*").alias("value")), n), 1)
    found = delta.to_pandas(
        column_products(
            entries, shrinkage=chosen["shrinkage"], kept=chosen["neighbours"], most_of_a_row=MOST_OF_A_LISTENER
        )
    )
    together = found["together"].to_numpy(dtype=np.float64)
    doubted = together**2 / (together + chosen["shrinkage"])
    links = csr_matrix((doubted, (found["a"].to_numpy(), found["b"].to_numpy())), shape=(n, n))
    p = chosen["popularity_exponent"]
    links = (diags(alone ** (p - 1)) @ links @ diags(alone**-p)).tocsr().astype(np.float32)
    scale, _ = normalised(listens, n, chosen["weighting"], 0.0, 0.0)
    return Cooccurrence(SparseLinks(links), scale)


def _popularity(listens: DataFrame, n: int) -> Popularity:
    counted = _by_track(listens.groupBy("number").agg(F.sum(F.log1p("weight")).alias("value")), n)
    return Popularity((counted / max(counted.max(initial=0.0), 1e-12)).astype(np.float32))


def normalised(
    listens: DataFrame, n: int, weighting: str, listener_exponent: float, item_exponent: float
) -> tuple[Normalisation, DataFrame]:
    """``Normalisation.fitted`` of ``user_id, track_id, number, weight > 0``, and the rows on its scale."""
    raw = {"binary": F.lit(1.0), "log": F.log1p("weight"), "root": F.sqrt("weight")}[weighting]
    unit = float(listens.agg(F.avg(raw)).collect()[0][0] or 1.0)
    rows = listens.withColumn("weight", raw / unit)
    items = rows.groupBy("number").agg(F.sum("weight").alias("of_item"))
    users = rows.groupBy("user_id").agg(F.sum("weight").alias("of_user"))
    scaled = (
        rows.join(items, on="number", how="inner")
        .join(users, on="user_id", how="inner")
        .withColumn(
            "weight",
            F.col("weight") * F.pow("of_user", F.lit(-listener_exponent)) * F.pow("of_item", F.lit(-item_exponent)),
        )
    )
    mean = float(scaled.agg(F.avg("weight")).collect()[0][0] or 1.0)
    totals = np.maximum(_by_track(items.withColumnRenamed("of_item", "value"), n), 1e-6).astype(np.float32)
    scale = Normalisation(weighting, listener_exponent, item_exponent, totals, unit, mean)
    return scale, scaled.select("user_id", "track_id", "number", (F.col("weight") / mean).alias("weight"))


def _by_track(values: DataFrame, n: int) -> NDArray[np.float64]:
    """``number, value`` as an array (n,), 0 where there is none."""
    found = np.zeros(n)
    for row in values.toLocalIterator():
        found[row["number"]] = row["value"]
    return found
