"""A picture of a search: what each trial reached, and by which settings."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from spotistream.evaluation.study import Finished
from spotistream.evaluation.tuned_model import Found
from spotistream.models.space import Choice, Space

COLUMNS = 4
TRIED, BEST, PRUNED, DEFAULT = "#2b6cb0", "#b8470b", "#9a93a3", "#0d7a54"


def tuning_picture(found: Found, space: Space, *, k: int) -> bytes:
    """A PNG: NDCG by trial with the best so far, then by each setting. Needs a best and a default."""
    rows = -(-len(space) // COLUMNS)
    figure = Figure(figsize=(13, 4 + 2.7 * rows), layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(1 + rows, COLUMNS, height_ratios=[1.5, *[1] * rows])
    _history(figure.add_subplot(grid[0, :]), found, k)
    for at, (name, where) in enumerate(space.items()):
        axes = figure.add_subplot(grid[1 + at // COLUMNS, at % COLUMNS])
        _setting(axes, found, name, where)
        if at % COLUMNS == 0:
            axes.set_ylabel(f"NDCG@{k}")
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=110)
    return picture.getvalue()


def _history(axes: Any, found: Found, k: int) -> None:
    whole, pruned = _parts(found)
    numbers = np.array([one.number for one in whole])
    values = np.array([one.value for one in whole])
    if pruned:
        axes.scatter(
            [one.number for one in pruned], [one.value for one in pruned],
            marker="x", s=22, linewidths=1, color=PRUNED, label="pruned: on the listeners of its last rung",
        )  # fmt: skip
    axes.scatter(numbers, values, s=26, color=TRIED, label="on all listeners", zorder=3)
    axes.step(numbers, np.maximum.accumulate(values), where="post", color=BEST, lw=1.6, label="best so far")
    if found.default is not None:
        axes.axhline(found.default.value, color=DEFAULT, lw=1.2, ls="--", label="defaults")
    if found.best is not None:
        axes.scatter([found.best.number], [found.best.value], s=120, marker="*", color=BEST, zorder=4)
    axes.set_title(f"{found.model}: {len(found.trials):,} trials", loc="left")
    axes.set_xlabel("trial")
    axes.set_ylabel(f"NDCG@{k}")
    axes.legend(frameon=False, fontsize=8, loc="lower right", ncols=2)
    _plain(axes)


def _setting(axes: Any, found: Found, name: str, where: Any) -> None:
    whole, _ = _parts(found)
    if isinstance(where, Choice):
        place = {value: at for at, value in enumerate(where.values)}
        spots = np.array([place[one.settings[name]] for one in whole], dtype=float)
        nudge = np.random.default_rng(0).uniform(-0.18, 0.18, len(spots))  # or equal ones hide each other
        axes.set_xticks(range(len(place)), [str(value) for value in place])
        axes.set_xlim(-0.5, len(place) - 0.5)
    else:
        spots = np.array([one.settings[name] for one in whole], dtype=float)
        nudge = np.zeros(len(spots))
        if where.log:
            axes.set_xscale("log")
            axes.xaxis.set_major_locator(LogLocator(subs=(1, 3)))
            axes.xaxis.set_major_formatter("{x:g}")
            axes.xaxis.set_minor_formatter(NullFormatter())
        edge = (where.high - where.low) * 0.03
        axes.set_xlim(*((where.low / 1.15, where.high * 1.15) if where.log else (where.low - edge, where.high + edge)))
    axes.scatter(spots + nudge, [one.value for one in whole], s=14, color=TRIED, alpha=0.75)
    for one, colour, marker in ((found.default, DEFAULT, "D"), (found.best, BEST, "*")):
        if one is not None:
            at = where.values.index(one.settings[name]) if isinstance(where, Choice) else one.settings[name]
            axes.scatter([at], [one.value], s=90 if marker == "*" else 34, color=colour, marker=marker, zorder=4)
    share = found.importance.get(name)
    axes.set_title(name if share is None else f"{name} ({share:.0%})", fontsize=9, loc="left")
    _plain(axes)


def _parts(found: Found) -> tuple[list[Finished], list[Finished]]:
    return [one for one in found.trials if not one.pruned], [one for one in found.trials if one.pruned]


def _plain(axes: Any) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8)
    axes.grid(axis="y", color="#e6e0dc", lw=0.6)
    axes.set_axisbelow(True)
