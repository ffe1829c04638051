"""What a file of interactions holds, one row for each observation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Observations:
    """``r`` times a listener had to do with an item; a pair may come more than once.

    users, items : (r,) int64, positions in the names
    weights : (r,) float64, > 0
    times : (r,) float64, seconds since 1970 (UTC); None where the source has none
    user_names, item_names : str, each once
    """

    users: Rows
    items: Rows
    weights: NDArray[np.float64]
    times: NDArray[np.float64] | None
    user_names: NDArray[np.str_]
    item_names: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.users)

    def chosen(self, rows: NDArray[np.bool_]) -> Observations:
        """Some of the rows, with the same names."""
        times = None if self.times is None else self.times[rows]
        return Observations(
            self.users[rows], self.items[rows], self.weights[rows], times, self.user_names, self.item_names
        )
