"""``spotistream evaluate-genres``: arguments, and what is printed."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spotistream.config import Config
from spotistream.errors import InputError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from spotistream.pipelines.labelled_table import LabelledTable

EXAMPLES = """FILE is a CSV or TSV with a header, a row for each track. Features are its numeric columns; text, columns
with one value only, and whole numbers named like an id (id, track_id, index) are left out. Standard error says which.

examples:
  spotistream evaluate-genres --features features.csv --label genre
  spotistream evaluate-genres --features features.csv --label genre --group artist --folds 5 --json
"""
FAST_JAVA = "-XX:+UseSerialGC -Xss4m"
"""With the second compiler: training is long loops of arithmetic, unlike the micro-batches of a service."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--features", type=Path, required=True, metavar="FILE", help="a table with a label in each row")
    parser.add_argument("--label", required=True, metavar="COLUMN", help="the column that holds the genre")
    parser.add_argument("--group", metavar="COLUMN", help="rows of the same value, an artist's, are in one fold only")
    parser.add_argument("--folds", type=int, default=10, metavar="N", help="of the cross-validation (else 10)")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of folds and nets (else 0)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.add_argument("--profile", metavar="NAME", help="conf/NAME.toml: local (default) or cluster")


def table_asked(arguments: argparse.Namespace) -> LabelledTable:
    """The table that is named; what is left out of it is said on standard error. Raises ``InputError``."""
    from spotistream.pipelines.labelled_table import labelled_table

    if arguments.folds < 2:
        raise InputError(f"--folds {arguments.folds}", "is too few to test anything", remedy="give 2 or more")
    if not 0 <= arguments.seed < 2**31:
        raise InputError(f"--seed {arguments.seed}", "is out of range", remedy="give 0 to 2147483647")
    table = labelled_table(arguments.features, label=arguments.label, group=arguments.group, least=arguments.folds)
    found = f"{len(table.classes):,} rows, {len(table.columns):,} features, {len(table.labels):,} labels"
    for line in (*table.notes, found):
        print(line, file=sys.stderr, flush=True)  # noqa: T201
    if table.groups is not None and len(set(table.groups.tolist())) < arguments.folds:
        raise InputError(
            f"{arguments.features}", f"column {arguments.group!r} has fewer values than {arguments.folds} folds",
            remedy="ask for fewer --folds",
        )  # fmt: skip
    return table


def with_fast_java(cfg: Config) -> Config:
    """The configuration for a session that only trains."""
    return replace(cfg, spark=replace(cfg.spark, driver_java_options=FAST_JAVA, log_level="ERROR"))


def answered(spark: SparkSession, table: LabelledTable, arguments: argparse.Namespace) -> str:
    """What the command prints: one JSON object, or a table of a few lines."""
    from spotistream.pipelines.evaluate_genres import Protocol, evaluated, steps
    from spotistream.pipelines.progress import Progress

    protocol = Protocol(folds=arguments.folds, seed=arguments.seed)
    with Progress("trained", total=steps(table, protocol)) as progress:
        found = evaluated(spark, table, protocol, advance=progress.advance)
    return json.dumps(found) if arguments.json else shown(found)


def shown(found: dict[str, Any]) -> str:
    """The figures for a person."""
    lines = [f"{'':22}{'accuracy':>10}{'95 %':>18}{'macro F1':>10}{'95 %':>18}"]
    rows = {"committee of MLlib's": found, **{f"scikit-learn {name}": each for name, each in found["peers"].items()}}
    for (name, figures), bounds in zip(rows.items(), found["intervals"].values(), strict=True):
        cells = [
            f"{figures[figure]:>10.4f}{'{:.4f} to {:.4f}'.format(*bounds[figure]):>18}"
            for figure in ("accuracy", "macro_f1")
        ]
        lines.append(f"{name:22}{''.join(cells)}")
    return "\n".join(lines)
