"""Implicit ALS where the data fit one machine: by the library ``implicit``."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from spotistream.models.interactions import Floats


def item_factors(
    weights: csr_matrix, *, factors: int, alpha: float, regularisation: float, iterations: int, seed: int
) -> Floats:
    """Vectors of items: (n, f) float32, zero rows for those nobody played.

    weights : (m, n) float32, sparse, > 0: each is an observation with confidence 1 + alpha w
    regularisation : of every vector, whatever its number of observations
    """
    from implicit.cpu.als import AlternatingLeastSquares  # a second of compiled code

    confidence = csr_matrix(weights, dtype=np.float32, copy=True)
    confidence.data = 1 + alpha * confidence.data
    with threadpool_limits(1, "blas"):  # the library's own threads are enough
        model = AlternatingLeastSquares(
            factors=factors,
            regularization=regularisation,
            iterations=iterations,
            random_state=seed,
            dtype=np.float32,
        )
        model.fit(confidence, show_progress=False)
    found = np.array(model.item_factors, dtype=np.float32)
    found[np.diff(weights.tocsc().indptr) == 0] = 0.0
    return found
