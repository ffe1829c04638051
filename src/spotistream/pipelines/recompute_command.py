"""``spotistream recompute``: arguments, and what is printed."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from spotistream.config import Config
from spotistream.errors import InputError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from spotistream.pipelines.recompute import Recomputed
    from spotistream.pipelines.recomputed_trending import TrendingCompared

EXAMPLES = """The streams must have caught up, else tables differ because events are still on their way.

examples:
  spotistream recompute --compare                       does each table follow from its listener's plays?
  spotistream recompute                                 write those that do not, or are of another model
  spotistream recompute --until 0:1200,1:1187 --compare
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes, apart from what every command takes."""
    parser.add_argument(
        "--until", metavar="OFFSETS", help="partition:offset of topic plays, by commas: messages before it (else all)"
    )
    parser.add_argument("--compare", action="store_true", help="write nothing; exit with 1 where a table differs")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a sentence")


def offsets(text: str | None) -> dict[int, int] | None:
    """``0:12,1:40`` as partition -> offset; None where nothing is given. Raises ``InputError``."""
    if text is None:
        return None
    pairs = [pair.strip() for pair in text.split(",")]
    found = {int(pair.partition(":")[0]): int(pair.partition(":")[2]) for pair in pairs if _is_pair(pair)}
    if len(found) < len(pairs):
        raise InputError(f"--until {text}", "is not a list of partition:offset", remedy="write it as 0:1200,1:1187")
    return found


def answered(spark: SparkSession, cfg: Config, arguments: argparse.Namespace) -> Recomputed:
    """Recompute as asked; trending only where all plays are taken in."""
    from spotistream.pipelines.recompute import recompute
    from spotistream.pipelines.recomputed_trending import compare_trending

    until, write = offsets(arguments.until), not arguments.compare
    found = recompute(spark, cfg, until=until, write=write)
    return found if until is not None else replace(found, trending=compare_trending(spark, cfg, write=write))


def shown(found: Recomputed, *, as_json: bool) -> str:
    """A sentence, or one JSON object."""
    if as_json:
        return json.dumps(found.record())
    until = ", ".join(f"{partition}:{offset}" for partition, offset in sorted(found.until.items())) or "the beginning"
    counts = {
        "the same": found.same,
        "different": found.different,
        "missing": found.missing,
        "of another model": found.other_model,
        "already newer": found.newer,
        "without plays": found.only_in_store,
    }
    said = _listed(counts)
    written = "; the others are written" if found.written else ""
    examples = f"; such as {', '.join(found.differing)}" if found.differing else ""
    tables = f"tables by model {found.model_version} of the plays before {until}: {said}{written}{examples}"
    trending = shown_trending(found.trending)
    return f"{tables}\n{trending}" if trending else tables


def shown_trending(found: TrendingCompared) -> str:
    """A sentence; empty where there was nothing to compare."""
    if found.behind:
        return "trending: not compared, ingest_plays is behind trending_tracks; wait until it has caught up"
    if not found.windows and not found.shelves_different:
        return ""
    counts = {
        "rows the same": found.same,
        "may lack listens that came too late": found.late,
        "different": found.different,
        "shelves different": found.shelves_different,
    }
    said = _listed(counts)
    written = "; their windows are written anew" if found.written else ""
    examples = f"; such as {' and '.join(found.differing)}" if found.differing else ""
    return f"trending, {found.windows:,} windows counted again: {said}{written}{examples}"


def _listed(counts: Mapping[str, int]) -> str:
    """The first, and of the others those that there are."""
    first = next(iter(counts))
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count or name == first)


def _is_pair(text: str) -> bool:
    return re.fullmatch(r"\d{1,9}:\d{1,18}", text, re.ASCII) is not None
