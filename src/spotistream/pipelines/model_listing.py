"""Versions of the model side by side: a row for each, and how two of them differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from spotistream.io.versions import Version
from spotistream.models.card import report_of

MEASURE = "ndcg@20"
GONE = "its folder is gone"


@dataclass(frozen=True)
class InUse:
    """The names that the pointers of a folder of models hold."""

    current: str | None
    previous: str | None
    pinned: str | None


def rows(found: Sequence[Version], pointers: InUse) -> list[dict[str, Any]]:
    """What is told of each version, newest first. A current one whose folder is gone has a row too."""
    listed = list(found)
    if pointers.current is not None and pointers.current not in {one.name for one in found}:
        listed.insert(0, Version(pointers.current, 0.0, {}, GONE))
    return [_row(one, pointers) for one in listed]


def _row(one: Version, pointers: InUse) -> dict[str, Any]:
    figures = metrics(one.manifest)
    current = one.name == pointers.current
    return {
        "version": one.name,
        "made_at": datetime.fromtimestamp(one.made, UTC).isoformat(timespec="seconds") if one.made else None,
        "extends": one.extends,
        **{key: one.manifest.get(key) for key in ("plays", "listeners", "tracks")},
        MEASURE: figures.get(MEASURE),
        f"{MEASURE}_interval": figures.get(f"{MEASURE}_interval"),
        "state": _state(one, pointers),
        "current": current,
        "pinned": current and pointers.pinned is not None,
        "reason": one.problem or one.refused,
    }


def _state(one: Version, pointers: InUse) -> str:
    if one.problem is not None:
        return "broken"
    if one.name == pointers.current:
        return "current"
    if one.refused is not None:
        return "refused"
    return "previous" if one.name == pointers.previous else "kept"


def metrics(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    """The figures of a version by name, ``ndcg@20`` and the like; from its report where they do not stand alone."""
    alone = manifest.get("metrics")
    if isinstance(alone, Mapping):
        return alone
    report = report_of(manifest)
    return {} if report is None else report.metrics


def as_table(listed: Sequence[Mapping[str, Any]]) -> str:
    """One line for each row."""
    if not listed:
        return "no model was trained yet; run: spotistream run train_model"
    head = ["version", "made", "plays", "listeners", "tracks", "NDCG@20", "95 %", "state"]
    return "\n".join(aligned([head, *([*_cells(row), _told(row)] for row in listed)], left=(0, 1, 7)))


def _cells(row: Mapping[str, Any]) -> list[str]:
    made = str(row["made_at"] or "-")[:16].replace("T", " ")
    counts = ["-" if row[key] is None else f"{row[key]:,}" for key in ("plays", "listeners", "tracks")]
    return [row["version"], made, *counts, _figure(row[MEASURE]), _interval(row[f"{MEASURE}_interval"])]


def _told(row: Mapping[str, Any]) -> str:
    words = [row["state"]]
    words += ["current"] if row["current"] and row["state"] != "current" else []
    words += ["pinned"] if row["pinned"] else []
    reason = f": {_line(row['reason'])}" if row["state"] in ("broken", "refused") else ""
    extends = f"; extends {row['extends']}" if row["extends"] else ""
    return ", ".join(words) + reason + extends


def differences(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Facts of two manifests that are not the same, both values of each: settings, figures, data, libraries."""
    facts = [_facts(manifest) for manifest in (a, b)]
    names = dict.fromkeys([*facts[0], *facts[1]])
    return {name: [part.get(name) for part in facts] for name in names if facts[0].get(name) != facts[1].get(name)}


def _facts(manifest: Mapping[str, Any]) -> dict[str, Any]:
    told = ("created_at", "extends", "plays", "listeners", "tracks", "first_play", "last_play", "feature_spec",
            "sounds_version", "messages")  # fmt: skip
    facts = {name: manifest[name] for name in told if name in manifest}
    for name in ("sources", "data_versions", "settings"):
        facts |= _flat(manifest.get(name), f"{name}.")
    facts |= {f"metrics.{name}": value for name, value in metrics(manifest).items()}
    return facts | _flat(manifest.get("libraries"), "libraries.")


def _flat(value: Any, before: str) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, part in value.items() if isinstance(value, Mapping) else ():
        flat |= _flat(part, f"{before}{key}.") if isinstance(part, Mapping) else {f"{before}{key}": part}
    return flat


def differences_table(names: Sequence[str], found: Mapping[str, Sequence[Any]]) -> str:
    """A line for each fact that differs."""
    if not found:
        return f"{names[0]} and {names[1]}: no setting, figure or count differs"
    return "\n".join(aligned([["", *names], *([name, *map(_shown, both)] for name, both in found.items())], left=(0,)))


def aligned(lines: Sequence[Sequence[str]], *, left: Sequence[int]) -> list[str]:
    """Columns of one width each; those not ``left`` are flush right."""
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    return [
        "  ".join(
            cell.ljust(width) if at in left else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]


def _shown(value: Any) -> str:
    if isinstance(value, list) and len(value) == 2:
        return _interval(value)
    if isinstance(value, float):
        return f"{value:.4g}"
    return "-" if value is None else f"{value:,}" if isinstance(value, int) else _line(value)


def _figure(value: Any) -> str:
    return f"{value:.4f}" if isinstance(value, float) else "-"


def _interval(low_high: Any) -> str:
    return f"{low_high[0]:.4f}-{low_high[1]:.4f}" if isinstance(low_high, list) and len(low_high) == 2 else "-"


def _line(value: Any) -> str:
    return " ".join(str(value).split())
