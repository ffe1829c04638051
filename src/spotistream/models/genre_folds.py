"""Splits of labelled rows: each class in proportion, and a group, such as an artist, on one side only.

Tracks of an artist sound alike; a classifier tested on artists it was trained on looks better than it is (Pampalk,
Flexer and Widmer, 2005).
"""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

Numbers = NDArray[np.int64]
Split = tuple[Numbers, Numbers]


def folds_of(classes: Numbers, groups: Numbers | None, *, folds: int, seed: int) -> list[Split]:
    """Row numbers for training and for testing, once for each fold; each row is tested once.

    classes, groups : (n,) numbers; without groups every row is its own
    """
    splitter = (StratifiedKFold if groups is None else StratifiedGroupKFold)(folds, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a class smaller than the folds: the caller has said so
        return [(train, test) for train, test in splitter.split(np.zeros(len(classes)), classes, groups)]


def sampled(rows: int, *, most: int, seed: int) -> Numbers:
    """Numbers of at most so many rows, drawn at random, in order."""
    if rows <= most:
        return np.arange(rows)
    return np.sort(np.random.default_rng(seed).permutation(rows)[:most])
