"""Which observations are held out of training."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spotistream.evaluation.observations import Observations

SHARE = 0.2
"""Of each listener's observations, held out."""


def held_out_rows(observations: Observations, *, seed: int, share: float = SHARE) -> NDArray[np.bool_]:
    """Which rows are held out: of each listener the newest where there are times, else some at random.

    Of ``c`` rows of a listener round(share * c) are held out, at least one from two rows on and never all. Rows of one
    time come in random order, the same for the same seed. Without times a pair that comes twice is in one part.
    """
    if observations.times is None:
        pairs, pair_of_row = np.unique(
            np.stack([observations.users, observations.items], 1), axis=0, return_inverse=True
        )
        return _newest(pairs[:, 0], np.zeros(len(pairs)), seed=seed, share=share)[pair_of_row.ravel()]
    return _newest(observations.users, observations.times, seed=seed, share=share)


def _newest(users: NDArray[np.int64], times: NDArray[np.float64], *, seed: int, share: float) -> NDArray[np.bool_]:
    """The last ``share`` of each user's rows in order of time, at random among equals."""
    order = np.lexsort((np.random.default_rng(seed).random(len(users)), times, users))
    ordered = users[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    counts = np.diff(np.r_[starts, len(ordered)])
    held = np.minimum(np.maximum(np.rint(share * counts), counts > 1), counts - 1).astype(np.int64)
    place = np.arange(len(ordered)) - np.repeat(starts, counts)
    result = np.zeros(len(users), dtype=np.bool_)
    result[order] = place >= np.repeat(counts - held, counts)
    return result
