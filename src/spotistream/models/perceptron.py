"""One multilayer perceptron, trained by Spark MLlib; its answers are numpy.

MLlib's own ``transform`` needs a session and a job for each question. The weights say the same in one product, which
``tests/spark/test_perceptron.py`` holds equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyspark.ml.classification import MultilayerPerceptronClassifier
from pyspark.ml.functions import array_to_vector
from pyspark.ml.linalg import Vectors
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from scipy.special import expit, softmax

Doubles = NDArray[np.float64]

BLOCK_ROWS = 1024
"""Rows that MLlib stacks into one matrix product."""
ROWS_OF_A_PARTITION = 20_000


@dataclass(frozen=True, eq=False)
class Net:
    """layers : width of each layer, input first, classes last; weights : as MLlib keeps them, one vector.

    Of each layer: its matrix (out, in) column by column, then its intercepts. Hidden layers are sigmoid, the last is
    softmax (Spark MLlib guide, multilayer perceptron classifier).
    """

    layers: tuple[int, ...]
    weights: Doubles

    def probabilities(self, rows: Doubles) -> Doubles:
        """Of each class for each row: (n, layers[0]) -> (n, layers[-1])."""
        activity, start = rows, 0
        for wide, narrow in pairwise(self.layers):
            end = start + wide * narrow
            matrix, intercepts = self.weights[start:end].reshape(wide, narrow), self.weights[end : end + narrow]
            if start:
                activity = expit(activity)
            activity, start = activity @ matrix + intercepts, end + narrow
        shares: Doubles = softmax(activity, axis=1)
        return shares


def initial_weights(layers: Sequence[int], *, seed: int) -> Doubles:
    """Random matrices whose outputs have the deviation of their inputs, intercepts of zero.

    MLlib's own start is uniform within 2.4 / inputs, which leaves hidden units close to each other for long.
    """
    rng = np.random.default_rng(seed)
    parts = []
    for wide, narrow in pairwise(layers):
        parts += [rng.normal(size=wide * narrow) / np.sqrt(wide), np.zeros(narrow)]
    return np.concatenate(parts)


def training_frame(spark: SparkSession, rows: Doubles, classes: NDArray[np.int64]) -> DataFrame:
    """``features, label`` of rows (n, d) and their classes 0, 1, ..., cached; unpersist it after use."""
    table = pd.DataFrame({"values": list(rows), "label": classes.astype(np.float64)})
    partitions = 1 + len(rows) // ROWS_OF_A_PARTITION
    frame = spark.createDataFrame(table).select(array_to_vector(F.col("values")).alias("features"), "label")
    return frame.coalesce(partitions).persist()


def trained_net(
    frame: DataFrame, *, layers: Sequence[int], iterations: int, start: Doubles, block_rows: int = BLOCK_ROWS
) -> Net:
    """The net after some iterations of l-bfgs from ``start``.

    Fewer iterations are the regularisation: MLlib's perceptron has no penalty on its weights.
    """
    estimator = MultilayerPerceptronClassifier(
        layers=list(layers),
        maxIter=iterations,
        tol=0.0,
        blockSize=block_rows,
        solver="l-bfgs",
        initialWeights=Vectors.dense(start),
    )
    return Net(tuple(layers), np.array(estimator.fit(frame).weights.toArray()))
