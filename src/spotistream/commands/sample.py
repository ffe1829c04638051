"""``sample``: a part of a large archive of music."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from spotistream.commands.command import Command
from spotistream.errors import InputError
from spotistream.launch import say
from spotistream.signals import stop_requested

EXAMPLES = """examples:
  spotistream sample fma_large.zip ~/fma --max-files 2000          2,000 clips, always the same ones
  spotistream sample fma_large.zip ~/fma --max-gb 10               10 GB of them
  spotistream sample fma_large.zip ~/fma --max-files 2000 --per-genre --metadata fma_metadata.zip
                                                                   as many rock as jazz
The same command goes on where it was interrupted, and a higher limit adds to what is there.
"""


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("archive", type=Path, metavar="ARCHIVE", help="a ZIP archive of music, such as fma_large.zip")
    parser.add_argument("out", type=Path, metavar="OUT", help="folder to extract to; what is there is not repeated")
    parser.add_argument("--max-files", type=int, metavar="N", help="at most N files")
    parser.add_argument("--max-gb", type=float, metavar="G", help="at most G times 10^9 bytes, unpacked")
    parser.add_argument("--per-genre", action="store_true", help="as many files of each top genre, as far as there are")
    parser.add_argument(
        "--metadata", type=Path, metavar="PATH",
        help="FMA's fma_metadata.zip, its folder or tracks.csv, for --per-genre (else the one beside ARCHIVE)",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="another S draws other files (else 0)")


def _sample(arguments: argparse.Namespace) -> None:
    from spotistream.catalogue import sampling
    from spotistream.catalogue.fma.source import metadata_beside
    from spotistream.catalogue.fma.top_genres import top_genres
    from spotistream.pipelines.progress import Progress

    genre_of = None
    if arguments.metadata and not arguments.per_genre:
        raise InputError("--metadata", "is for samples balanced by genre", remedy="add --per-genre, or leave it out")
    if arguments.per_genre:
        genre_of = top_genres(arguments.metadata or metadata_beside(arguments.archive))
    limits = sampling.limits(max_files=arguments.max_files, max_gb=arguments.max_gb)
    plan = sampling.plan_sample(arguments.archive, arguments.out, limits=limits, seed=arguments.seed, genre_of=genre_of)
    with stop_requested() as asked, Progress("files", total=len(plan.chosen)) as progress:
        sample = sampling.extract(plan, advance=progress.advance, stopped=asked.is_set)
    for line in sampling.refusal_lines(sample.refusals):
        print(line, file=sys.stderr)  # noqa: T201
    say(str(sample))
    if sample.interrupted:
        raise KeyboardInterrupt


SAMPLE = Command(
    "sample",
    "a part of a large ZIP of music, FMA's for one",
    _sample,
    (_add_arguments,),
    description="Extracts audio of a ZIP archive, drawn at random, up to the first limit; all without limits.",
    epilog=EXAMPLES,
)
