"""Groups of listeners and items in which models differ."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

HEAD, MID, TAIL = 0, 1, 2
POPULARITY = ("head", "mid", "tail")
HEAD_SHARE = TAIL_SHARE = 0.2
HISTORIES = ((1, 4), (5, 9), (10, 19), (20, 49), (50, None))
"""Training items of a listener, both included."""
COLD = ((0, 0), (1, 4))
"""Training listeners of an item, both included."""


def popularity_group(learned: csr_matrix) -> NDArray[np.int64]:
    """``HEAD``, ``MID`` or ``TAIL`` for each item: (n,).

    The head is the most played items that together take 20 % of the training interactions, the tail the least played
    that take 20 %, the rest is between (Abdollahpouri and others, 2021). Who plays an item how often does not matter.
    An item with which the share is reached belongs to the group; equally played items count in order; an item nobody
    played is of the tail.
    """
    listeners = np.diff(learned.tocsc().indptr)
    order = np.argsort(-listeners, kind="stable")
    reached = np.cumsum(listeners[order])
    total = max(int(listeners.sum()), 1)
    group = np.full(len(listeners), MID)
    group[order[total - reached < TAIL_SHARE * total]] = TAIL
    group[order[reached - listeners[order] < HEAD_SHARE * total]] = HEAD
    group[listeners == 0] = TAIL
    return group


def between(counts: NDArray[np.int64], low: int, high: int | None) -> NDArray[np.bool_]:
    """Which counts are from ``low`` to ``high``, both included."""
    return (counts >= low) & (counts <= (np.iinfo(np.int64).max if high is None else high))


def label(low: int, high: int | None) -> str:
    """As in reports.

    >>> label(0, 0), label(1, 4), label(50, None)
    ('0', '1-4', '50+')
    """
    return f"{low}+" if high is None else str(low) if low == high else f"{low}-{high}"
