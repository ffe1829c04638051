"""Clusters found anew and those known from before: which is which, so that ids and names stay."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

NOBODY = -1
"""In place of the number of an old cluster, for one that was not there before."""
LEAST_AGREEMENT = 0.5
"""Below this two clusters are different things, whatever else would be left to match."""


def agreement(
    shared: NDArray[np.integer], *, old_centres: NDArray[np.floating], new_centres: NDArray[np.floating]
) -> NDArray[np.float64]:
    """How much each old cluster is each new one: (p, q) in [0, 1], from 1 for the same tracks around the same centre.

    The mean of two views: the share of the tracks in either that are in both (Jaccard), over the tracks that were
    there before; and the cosine of the centres, where it is positive. Two clusters without a track in common do not
    agree at all.

    shared : (p, q) how many tracks are in both
    old_centres, new_centres : (p, d) and (q, d), rows of length one in the same space
    """
    either = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0, keepdims=True) - shared
    jaccard = np.divide(shared, either, out=np.zeros(shared.shape), where=either > 0)
    cosine = np.clip(old_centres @ new_centres.T, 0.0, 1.0)
    return np.where(shared > 0, (jaccard + cosine) / 2, 0.0)


def matched(agreements: NDArray[np.floating]) -> list[int]:
    """For each new cluster the old one that it is, or NOBODY: one to one, the sum of the agreements as high as can be.

    Kuhn (1955), by scipy. Pairs that agree by less than LEAST_AGREEMENT are not made.

    agreements : (p, q)
    """
    found = [NOBODY] * agreements.shape[1]
    allowed = np.where(agreements >= LEAST_AGREEMENT, agreements, 0.0)
    for before, after in zip(*linear_sum_assignment(-allowed), strict=True):
        if allowed[before, after] > 0:
            found[after] = int(before)
    return found


def kept_ids(before: Sequence[int], ids: Sequence[str], *, used: Sequence[str], prefix: str = "") -> list[str]:
    """The id of each new cluster: that of the old one it is, else the next number that no cluster ever had.

    before : of each new cluster, the old one or NOBODY
    ids : of the old clusters
    used : every id there ever was, retired ones too
    prefix : what ids begin with, ``"3."`` for those inside cluster 3

    >>> kept_ids([1, -1], ["1", "2"], used=["1", "2", "5"])
    ['2', '6']
    """
    numbers = [int(each.removeprefix(prefix)) for each in used if each.startswith(prefix)]
    following = max(numbers, default=0)
    found = []
    for old in before:
        if old == NOBODY:
            following += 1
        found.append(ids[old] if old != NOBODY else f"{prefix}{following}")
    return found
