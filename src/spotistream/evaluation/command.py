"""``spotistream evaluate`` on files: no service, no Spark."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spotistream.errors import InputError

if TYPE_CHECKING:
    from spotistream.evaluation.contest import Asked

EXAMPLES = """FILE has lines of user, item[, weight[, time]], separated by comma, tab, semicolon, '::' or space, with
a header or without, gzipped or not; or one line for each user: user item item item ... Without --test a fifth is held
out: the newest of each user where there are times, else at random by the seed.

examples:
  spotistream evaluate --train plays.csv
  spotistream evaluate --train train.tsv --test test.tsv --k 10 --json
  spotistream evaluate --train plays.tsv.gz --minutes 10 --model hybrid,peers
  spotistream evaluate --k 10                           the plays of this home
"""
FORMS = ("auto", "pairs", "lists")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes, apart from what every command takes."""
    parser.add_argument(
        "--train", type=Path, metavar="FILE", help="interactions to learn from (else this home's plays)"
    )
    parser.add_argument("--test", type=Path, metavar="FILE", help="interactions held out (else a fifth of --train)")
    parser.add_argument("--valid", type=Path, metavar="FILE", help="to choose settings by; learned from in the end")
    parser.add_argument("--k", type=int, default=20, metavar="K", help="length of a list (else 20)")
    parser.add_argument(
        "--model", default="all", metavar="NAME", help="all (default), peers, or names separated by commas"
    )
    parser.add_argument("--minutes", type=float, metavar="M", help="tune models and peers first, for M minutes in all")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of splits, models and intervals (else 0)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.add_argument("--form", choices=FORMS, default="auto", help="how lines are laid out, where it is not clear")
    parser.add_argument(
        "--sampled-negatives", type=int, default=0, metavar="N",
        help="also rank each held-out item among N random ones, 99 as a rule: not comparable with the other figures",
    )  # fmt: skip


def check(arguments: argparse.Namespace) -> None:
    """Raises ``InputError`` for values that cannot be used."""
    for option, other in (("test", "train"), ("valid", "test")):
        if getattr(arguments, option) is not None and getattr(arguments, other) is None:
            raise InputError(f"--{option}", f"goes with --{other}", remedy=f"name the {other} file")
    if arguments.k < 1:
        raise InputError(f"--k {arguments.k}", "is not the length of a list", remedy="give 1 or more")
    if arguments.seed < 0:
        raise InputError(f"--seed {arguments.seed}", "is negative", remedy="give 0 or more")
    if arguments.minutes is not None and not (math.isfinite(arguments.minutes) and arguments.minutes > 0):
        raise InputError(f"--minutes {arguments.minutes}", "is not a time", remedy="give more than 0")
    if arguments.sampled_negatives < 0:
        raise InputError("--sampled-negatives", "is negative", remedy="give 99, or leave it out")


def asked(arguments: argparse.Namespace) -> Asked:
    """What is to be compared. Raises ``InputError`` for a name that no model has."""
    from spotistream.evaluation.contest import Asked, entrants
    from spotistream.evaluation.protocol import Protocol

    names = tuple(arguments.model.split(","))
    entrants(names, sounds=True)
    return Asked(names, Protocol(arguments.k, arguments.seed, arguments.sampled_negatives), arguments.minutes)


def evaluate_files(arguments: argparse.Namespace) -> str:
    """What is printed: a table, or a JSON object. Progress goes to standard error."""
    from spotistream.evaluation import contest, held_out
    from spotistream.evaluation.reading import read_observations

    wanted = asked(arguments)
    observations, layout = read_observations(arguments.train, form=arguments.form, say=say)
    form = "lists" if layout.lists else arguments.form
    if arguments.test is None:
        data, learned = held_out.split(observations, seed=arguments.seed, say=say)
    else:
        test, _ = read_observations(arguments.test, form=form, say=say)
        valid = None if arguments.valid is None else read_observations(arguments.valid, form=form, say=say)[0]
        data = held_out.from_observations(observations, test, valid, say)
        learned = observations
    found = contest.results(
        data, lambda: held_out.with_validation(data, learned, seed=arguments.seed + 1), wanted, say=say
    )
    return shown(found, arguments)


def shown(found: Mapping[str, Mapping[str, Any]], arguments: argparse.Namespace) -> str:
    """The figures as a table, or as JSON where that was asked for."""
    from spotistream.evaluation import report

    return report.as_json(found) if arguments.json else report.as_table(found, k=arguments.k)


def say(line: str) -> None:
    """One line of progress."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
