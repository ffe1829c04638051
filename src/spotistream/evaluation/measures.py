"""Figures of a model as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

ALL = "all"
"""The slice that is everything."""
WITHOUT_K = ("rmse",)


@dataclass(frozen=True)
class Measure:
    """One figure; ``k`` is None where the metric has none, ``low`` and ``high`` where it has no interval.

    slice : ``all``, or the grouping and the group: ``history 5-9``
    """

    metric: str
    k: int | None
    slice: str
    value: float
    low: float | None
    high: float | None
    users: int


def measures(figures: Mapping[str, Any]) -> Iterator[Measure]:
    """Every metric of ``protocol.figures``, over all users and in each slice; a metric without a value has no row."""
    yield from _of(figures, ALL)
    for grouping, groups in figures["slices"].items():
        for group, found in groups.items():
            yield from _of(found, f"{grouping} {group}")


def _of(figures: Mapping[str, Any], part: str) -> Iterator[Measure]:
    for name, value in figures.items():
        metric, _, k = name.partition("@")
        if isinstance(value, bool) or not isinstance(value, float) or not (k.isdigit() or metric in WITHOUT_K):
            continue
        low, high = figures.get(f"{name}_interval") or (None, None)
        yield Measure(metric, int(k) if k else None, part, value, low, high, figures["users"])
