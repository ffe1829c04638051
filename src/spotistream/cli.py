"""The command ``spotistream``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from spotistream import __version__
from spotistream.commands import events, jobs, models, sample, service, tracks, upkeep
from spotistream.commands.command import command_parser
from spotistream.launch import guarded

COMMANDS = (
    service.DEMO,
    service.UP,
    jobs.RUN,
    events.IMPORT_PLAYS,
    events.REPLAY_REJECTED,
    sample.SAMPLE,
    tracks.ADD,
    tracks.PLOT_TRACK,
    jobs.PACKAGE,
    models.EVALUATE,
    models.EVALUATE_GENRES,
    models.MODELS,
    upkeep.STATUS,
    upkeep.CHECKPOINT,
    models.TUNE,
    upkeep.RECOMPUTE,
    upkeep.REBUILD_STORE,
    events.SIMULATE,
)
"""In the order in which the help shows them."""

EXAMPLES = """examples:
  spotistream demo                                      the whole service on generated music and simulated listeners
  spotistream up --audio ~/Music                        the whole service on your own music
  spotistream import-plays history.tsv                  replay a listening history
  spotistream run extract_features --audio ~/Music      one job
  spotistream sample fma_large.zip ~/fma --max-gb 10    a part of a large archive of music
  spotistream plot-track song.mp3                       waveform and spectrogram as a large picture
  spotistream evaluate --train plays.csv                how good the models are, beside their peers
  spotistream models                                    the versions of the model
  spotistream status                                    how the streams are, and what to do
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point."""
    parsed = build_parser().parse_args(arguments)
    sys.exit(guarded(lambda: parsed.command(parsed)))


def build_parser() -> argparse.ArgumentParser:
    """All commands and their arguments."""
    return command_parser(
        COMMANDS,
        description="Music streaming whose recommendations follow the listener while the music plays.",
        epilog=EXAMPLES,
        version=__version__,
    )


if __name__ == "__main__":
    main()
