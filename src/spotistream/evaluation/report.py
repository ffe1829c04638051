"""Results of an evaluation as text."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from spotistream.models.ranking import ACCURACY

LISTS = ("coverage", "novelty", "diversity", "popular_share")


def as_json(results: Mapping[str, Mapping[str, Any]]) -> str:
    """One JSON object: the figures by the name of the model. What is no number becomes null."""
    return json.dumps(_plain(results), indent=2, ensure_ascii=False, allow_nan=False)


def as_table(results: Mapping[str, Mapping[str, Any]], *, k: int) -> str:
    """One line for each model, the highest NDCG first, and what they have in common below."""
    names = [f"{name}@{k}" for name in (*ACCURACY, *LISTS)]
    order = sorted(results, key=lambda name: (-results[name][f"ndcg@{k}"], name))
    head = ["model", *names, f"ndcg@{k}, 95 %", "rmse", "fit s"]
    rows = [[_title(name, results[name]), *(_figure(results[name][column]) for column in names),
             _interval(results[name][f"ndcg@{k}_interval"]), _figure(results[name]["rmse"]),
             f"{results[name]['fit_seconds']:.1f}"] for name in order]  # fmt: skip
    lines = _aligned([head, *rows])
    for name in order:
        if (ratio := results[name].get(f"ndcg@{k}_over_best_peer")) is not None:
            peer, low_high = results[name]["best_peer"], _interval(results[name][f"ndcg@{k}_over_best_peer_interval"])
            lines.append(f"{name}: NDCG@{k} is {ratio:.4f} times that of {peer}, the best peer; 95 %: {low_high}")
    return "\n".join([*lines, *_slice_lines(results, order, k)])


def _slice_lines(results: Mapping[str, Mapping[str, Any]], order: list[str], k: int) -> list[str]:
    """NDCG in each slice: one table, a column for each group."""
    first = results[order[0]]["slices"]
    groups = [(kind, group) for kind, found in first.items() for group in found]
    if not groups:
        return []
    head = [f"ndcg@{k} by", *(f"{kind.replace('_', ' ')} {group}" for kind, group in groups)]
    rows = [
        [name, *(_figure(results[name]["slices"][kind][group][f"ndcg@{k}"]) for kind, group in groups)]
        for name in order
    ]
    users = ["(users)", *(f"{first[kind][group]['users']:,}" for kind, group in groups)]
    return ["", *_aligned([head, *rows, users])]


def _aligned(rows: list[list[str]]) -> list[str]:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]


def _title(name: str, result: Mapping[str, Any]) -> str:
    return f"{name} (peer)" if result["peer"] else name


def _figure(value: float | None) -> str:
    return "-" if value is None or not math.isfinite(value) else f"{value:.4f}"


def _interval(low_high: list[float] | None) -> str:
    return "-" if low_high is None else f"{low_high[0]:.4f}-{low_high[1]:.4f}"


def _plain(value: Any) -> Any:
    """The same without numpy's types, and with null for what JSON has no number for."""
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if hasattr(value, "item"):
        return _plain(value.item())
    return None if isinstance(value, float) and not math.isfinite(value) else value
