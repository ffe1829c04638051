"""``spotistream status``: the health of a service as a table or as JSON."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from spotistream.monitoring.verdicts import duration
from spotistream.pipelines.status import Health, Part, QueryHealth

NOT_WELL = 8
"""Exit code where something is not as it should be."""
EXAMPLES = """It starts and changes nothing. The exit code is 0 where all is well, else 8.

verdicts:
  running       it reads, or waits for something to read
  behind        it needs more than monitoring.behind_seconds to catch up
  stalled       nothing was heard of it for monitoring.stalled_seconds
  failed        it ended by an error, which is shown
  not running   it was stopped, or never started

examples:
  spotistream status                                  the service of the default home
  spotistream status --home ~/music-home              another one
  spotistream status --profile cluster                what runs on the cluster, from the store
  spotistream status --json                           one object, for scripts
  until spotistream status; do sleep 5; done          wait until all is well
"""
_COLUMNS = ("query", "verdict", "behind", "in/s", "done/s", "batch", "latency", "state", "rejected", "seen")
_NONE = "-"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes, apart from home and profile."""
    parser.add_argument("--json", action="store_true", help="one JSON object instead of text")


def shown(found: Health, *, as_json: bool) -> str:
    """What is printed."""
    return json.dumps(found.as_dict(), indent=2) if as_json else as_text(found)


def as_text(found: Health) -> str:
    """A table of the queries, what is around them, and what to do."""
    if found.nothing_runs:
        head = [f"nothing runs on the home {found.home}", ""]
    else:
        head = [f"service   {f'process {found.service}' if found.service else 'no supervisor on this home'}"]
    head += [f"restarts  {name}: {count}" for name, count in found.restarts.items()]
    head += [
        f"broker    {_part(found.broker)}",
        f"store     {_part(found.store)}",
        f"model     {found.model or 'none was trained yet'}{' (pinned)' if found.pinned else ''}",
        "",
    ]
    rows = [_row(one, found.at) for one in found.queries]
    return "\n".join([*head, *_table(rows), *_errors(found), *_to_do(found)])


def _part(part: Part) -> str:
    if not part.address:
        return "not running"
    return f"{part.address} {'answers' if part.answers else 'does not answer'}"


def _row(one: QueryHealth, now: float) -> tuple[str, ...]:
    if one.published is None:
        return (one.query, one.verdict.word, *[_NONE] * (len(_COLUMNS) - 2))
    figures = one.published.figures
    latency = _NONE
    if figures.latency_p50_s is not None and figures.latency_p95_s is not None:
        latency = f"{figures.latency_p50_s:.2f}/{figures.latency_p95_s:.2f} s"
    state = f"{figures.state_rows:,} ({figures.state_bytes / 1e6:.1f} MB)" if figures.state_partitions else _NONE
    return (
        one.query,
        one.verdict.word,
        _NONE if one.lag is None else f"{one.lag:,}",
        _rate(figures.input_rows_per_s),
        _rate(figures.processed_rows_per_s),
        _NONE if figures.batch_s is None else f"{figures.batch_s:.2f} s",
        latency,
        state,
        _NONE if figures.rejected is None else f"{figures.rejected:,}",
        f"{duration(max(0.0, now - figures.seen_at))} ago",
    )


def _rate(value: float | None) -> str:
    return _NONE if value is None else f"{value:,.1f}"


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(_COLUMNS, *rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (_COLUMNS, *rows)
    ]


def _errors(found: Health) -> list[str]:
    """What ended queries that run again."""
    told = []
    for one in found.queries:
        if one.published is not None and one.verdict.is_well and one.published.figures.error_at is not None:
            figures = one.published.figures
            age = duration(max(0.0, found.at - (figures.error_at or found.at)))
            told.append(f"- {one.query}, {age} ago: {figures.error}")
    return ["", "last errors, of queries that were started again since", *told] if told else []


def _to_do(found: Health) -> list[str]:
    if found.is_well:
        return ["", "all is well"]
    advice = []
    if found.nothing_runs:
        return ["", "what to do", "- start the service: spotistream up, or spotistream demo"]
    for name, part, setting in (
        ("broker", found.broker, "kafka.bootstrap_servers"),
        ("store", found.store, "mongo.uri"),
    ):
        if not part.answers and not part.address and found.service is not None:
            advice.append(f"- {name}: the service is starting it again; where that does not help, see its log")
        elif not part.answers:
            advice.append(f"- {name}: start it, or change the setting {setting}; nothing is lost meanwhile")
    if found.model is None:
        advice.append("- model: run spotistream run train_model")
    advice += [f"- {one.query}: {one.verdict.advice}" for one in found.queries if one.verdict.advice]
    return ["", "what to do", *advice]
