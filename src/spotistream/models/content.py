"""Vectors of which only the direction counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def unit_rows(matrix: NDArray[np.floating]) -> NDArray[np.float32]:
    """Rows scaled to length one; a row of zeros stays."""
    length = np.linalg.norm(matrix, axis=1, keepdims=True)
    return (matrix / np.where(length > 0, length, 1.0)).astype(np.float32)
