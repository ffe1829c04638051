"""Which genres are taken for which, as a picture."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy.cluster.hierarchy import leaves_list, linkage, optimal_leaf_ordering
from scipy.spatial.distance import squareform

MOST_NUMBERS = 20
"""With more genres than this the cells are too small for numbers."""
LONGEST_NAME = 24
SHADES = LinearSegmentedColormap.from_list("confusion", ("#ffffff", "#f3b27a", "#c2405f", "#3b1747"))


def confusion_picture(counts: NDArray[np.int64], genres: Sequence[str], *, heading: str) -> bytes:
    """A PNG of the confusion (k, k) of ``genres``: rows are what a track is, columns what it was taken for.

    Each row is in percent of its tracks, so the diagonal is the recall; genres that are often confused stand together.
    """
    order = _order(counts)
    rows = counts[np.ix_(order, order)]
    sizes = rows.sum(axis=1)
    percent = 100.0 * rows / sizes.clip(1)[:, None]
    names = [_short(genres[i]) for i in order]
    side = max(5.0, 2.2 + 0.45 * len(names))
    figure = Figure(figsize=(side + 1.2, side), dpi=110, layout="constrained")
    axes = figure.subplots()
    image = axes.imshow(percent, cmap=SHADES, vmin=0, vmax=100)
    axes.set_xticks(range(len(names)), names, rotation=45, ha="right", rotation_mode="anchor", parse_math=False)
    axes.set_yticks(
        range(len(names)), [f"{name} ({size:,})" for name, size in zip(names, sizes, strict=True)], parse_math=False
    )
    axes.set_xlabel("taken for")
    axes.set_ylabel("is (tracks tested)")
    axes.set_title(heading, loc="left", fontsize=11, parse_math=False)
    axes.tick_params(length=0)
    if len(names) <= MOST_NUMBERS:
        for i, j in zip(*np.nonzero(rows), strict=True):
            colour = "white" if percent[i, j] > 45 else "#222222"
            axes.text(j, i, f"{percent[i, j]:.0f}", ha="center", va="center", color=colour, fontsize=8)
    figure.colorbar(image, ax=axes, label="% of the row", shrink=0.8)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()


def _order(counts: NDArray[np.int64]) -> list[int]:
    """Genres so that those confused with each other are neighbours."""
    k = len(counts)
    if k < 3:
        return list(range(k))
    shares = counts / counts.sum(axis=1).clip(1)[:, None]
    distances = squareform(1.0 - (shares + shares.T) / 2, checks=False)
    return [int(i) for i in leaves_list(optimal_leaf_ordering(linkage(distances, "average"), distances))]


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
