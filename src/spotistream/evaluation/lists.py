"""What ranked lists are like, whether or not they hit: how new, how varied, how much of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags

from spotistream.evaluation.groups import HEAD, popularity_group

LISTS = ("novelty", "diversity", "popular_share")
"""What ``list_metrics`` gives of each listener."""
LISTENERS_AT_ONCE = 128


def list_metrics(ranked: NDArray[np.int64], learned: csr_matrix) -> Mapping[str, NDArray[np.float64]]:
    """Each of ``LISTS`` for each of ``u`` lists: (u,); NaN for a list without items, diversity from two items on.

    ranked : (u, k) items, best first, -1 where there is none
    learned : (m, n) sparse, the training data

    Novelty is the mean self-information of the items, -log2(listeners of the item / m), in bits (Zhou and others,
    2010); an item nobody played counts as played by one. Diversity is one less the mean cosine of the listeners of two
    items of the list (Ziegler and others, 2005). The share of the popular is that of items of the head, as in
    ``groups.popularity_group``.
    """
    there = ranked >= 0
    length = there.sum(axis=1)
    listeners = np.diff(learned.tocsc().indptr)
    information = -np.log2(np.maximum(listeners, 1) / max(learned.shape[0], 1))
    head = popularity_group(learned) == HEAD
    some = np.where(length > 0, length, np.nan)
    return {
        "novelty": np.where(there, information[ranked], 0.0).sum(axis=1) / some,
        "diversity": _diversity(ranked, learned),
        "popular_share": (there & head[ranked]).sum(axis=1) / some,
    }


def coverage(ranked: NDArray[np.int64], size: int) -> float:
    """The share of the catalogue's ``size`` items that comes in any of the lists."""
    return len(np.unique(ranked[ranked >= 0])) / max(size, 1)


def _diversity(ranked: NDArray[np.int64], learned: csr_matrix) -> NDArray[np.float64]:
    """1 - the mean cosine over the pairs of a list: the squared length of the sum of unit columns holds them all."""
    columns = (learned != 0).astype(np.float64).T.tocsr()
    length = np.sqrt(np.diff(columns.indptr))
    units = (diags(1 / np.maximum(length, 1)) @ columns).tocsr()
    parts = [np.empty(0)]
    for at in range(0, len(ranked), LISTENERS_AT_ONCE):
        part = ranked[at : at + LISTENERS_AT_ONCE]
        there = part >= 0
        rows, _ = np.nonzero(there)
        items = part[there]
        lists = csr_matrix((np.ones(len(items)), (rows, items)), shape=(len(part), columns.shape[0]))
        together = np.asarray((lists @ units).power(2).sum(axis=1)).ravel()
        alone = lists @ (length > 0).astype(np.float64)
        count = there.sum(axis=1)
        pairs = np.where(count > 1, count * (count - 1), np.nan)
        parts.append(1 - (together - alone) / pairs)
    return np.concatenate(parts)
