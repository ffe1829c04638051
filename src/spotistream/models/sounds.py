"""Features of different units made comparable: the fitted Spark ML pipeline behind table ``track_sounds``.

missing values filled -> standardised -> clipped -> principal components -> length one. What comes out is read by a dot
product, which is then the cosine in the space of the components.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from pyspark.ml import Estimator, Model, Pipeline, PipelineModel, Transformer
from pyspark.ml.feature import PCA, Normalizer, StandardScaler
from pyspark.ml.functions import array_to_vector, vector_to_array
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.param.shared import HasInputCol, HasOutputCol
from pyspark.ml.util import DefaultParamsReadable, DefaultParamsWritable
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

CLIP_SIGMA = 5.0
"""Standardised values are held within this many standard deviations: one broken value must not fill the vector."""
MOST_MISSING = 0.5
"""A track that lacks more than this share of its features has no sound."""


def sounds_pipeline(*, components: int | None) -> Pipeline:
    """The stages, not fitted; input column ``vector`` (array of float), output ``sound`` (ML vector) and ``missing``.

    components : of the PCA; None leaves it out, for catalogues too small to have principal components
    """
    stages: list[Any] = [
        FillMissing(inputCol="vector", outputCol="filled"),
        StandardScaler(inputCol="filled", outputCol="standardised", withMean=True, withStd=True),
        Clip(inputCol="standardised", outputCol="clipped", limit=CLIP_SIGMA),
    ]
    if components is not None:
        stages.append(PCA(inputCol="clipped", outputCol="reduced", k=components))
    stages.append(Normalizer(inputCol="reduced" if components is not None else "clipped", outputCol="sound", p=2.0))
    return Pipeline(stages=stages)


def explained_variance(fitted: PipelineModel) -> list[float]:
    """Share of the variance of each component, largest first; empty without a PCA."""
    return [float(share) for stage in fitted.stages for share in getattr(stage, "explainedVariance", ())]


def sounds(fitted: PipelineModel, features: DataFrame) -> DataFrame:
    """``track_id, content_hash, sound, missing`` of rows of ``track_features``.

    Left out are tracks that lack more than MOST_MISSING of their features. The same on a batch and on a stream.
    """
    usable = features.where(missing_values("vector") <= MOST_MISSING * F.size("vector"))
    as_floats = F.transform(vector_to_array(F.col("sound")), lambda value: value.cast("float"))
    return fitted.transform(usable).select("track_id", "content_hash", as_floats.alias("sound"), "missing")


def missing_values(column: str) -> Column:
    """How many values of an array are null or not finite."""
    return F.size(F.filter(F.col(column), is_missing)).cast("int")


def is_missing(value: Column) -> Column:
    """Null, NaN or infinite."""
    return value.isNull() | F.isnan(value) | (F.abs(value) == float("inf"))


class Clip(Transformer, HasInputCol, HasOutputCol, DefaultParamsReadable["Clip"], DefaultParamsWritable):
    """Holds each value of a vector within ``-limit`` and ``limit``."""

    limit = Param(Params._dummy(), "limit", "largest absolute value", typeConverter=TypeConverters.toFloat)

    def __init__(self, *, inputCol: str = "", outputCol: str = "", limit: float = CLIP_SIGMA) -> None:  # noqa: N803
        super().__init__()
        self._set(inputCol=inputCol, outputCol=outputCol, limit=limit)

    def _transform(self, dataset: DataFrame) -> DataFrame:
        limit = self.getOrDefault(self.limit)
        values = vector_to_array(F.col(self.getInputCol()))
        clipped = F.transform(values, lambda value: F.greatest(F.lit(-limit), F.least(F.lit(limit), value)))
        return dataset.withColumn(self.getOutputCol(), array_to_vector(clipped))


class FillMissing(
    Estimator["FilledMissing"], HasInputCol, HasOutputCol, DefaultParamsReadable["FillMissing"], DefaultParamsWritable
):
    """Learns the mean of each feature over the values that are there."""

    def __init__(self, *, inputCol: str = "", outputCol: str = "") -> None:  # noqa: N803
        super().__init__()
        self._set(inputCol=inputCol, outputCol=outputCol)

    def _fit(self, dataset: DataFrame) -> FilledMissing:
        name = self.getInputCol()
        parts = dataset.select(F.col(name).alias("values")).mapInPandas(
            _sums, "total ARRAY<DOUBLE>, there ARRAY<DOUBLE>"
        )
        rows = parts.collect()
        total, there = (np.sum([row[key] for row in rows], axis=0) for key in ("total", "there"))
        means = np.divide(total, there, out=np.zeros_like(total), where=there > 0)
        return FilledMissing(inputCol=name, outputCol=self.getOutputCol(), means=means.tolist())


class FilledMissing(Model, HasInputCol, HasOutputCol, DefaultParamsReadable["FilledMissing"], DefaultParamsWritable):
    """Puts the mean in place of what is missing, and counts it in column ``missing``."""

    means = Param(Params._dummy(), "means", "mean of each feature", typeConverter=TypeConverters.toListFloat)

    def __init__(self, *, inputCol: str = "", outputCol: str = "", means: list[float] | None = None) -> None:  # noqa: N803
        super().__init__()
        self._set(inputCol=inputCol, outputCol=outputCol, means=means)

    def _transform(self, dataset: DataFrame) -> DataFrame:
        name = self.getInputCol()
        means = F.array(*[F.lit(mean) for mean in self.getOrDefault(self.means)])
        values = F.transform(F.col(name), lambda value: F.when(~is_missing(value), value.cast("double")))
        filled = F.zip_with(values, means, lambda value, mean: F.coalesce(value, mean))
        return dataset.withColumn("missing", missing_values(name)).withColumn(
            self.getOutputCol(), array_to_vector(filled)
        )


def _sums(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Sum of each feature and how many values went into it, one row for each part of the data."""
    for batch in batches:
        if not len(batch):
            continue
        values = np.array([[np.nan if v is None else v for v in row] for row in batch["values"]], dtype=np.float64)
        there = np.isfinite(values)
        total = np.where(there, values, 0.0).sum(axis=0)
        yield pd.DataFrame({"total": [total.tolist()], "there": [there.sum(axis=0, dtype=np.float64).tolist()]})
