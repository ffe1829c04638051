"""``add`` and ``plot-track``: music into the catalogue, and a picture of one track."""

from __future__ import annotations

import argparse
from pathlib import Path

from spotistream.commands.command import Command
from spotistream.config import load_config
from spotistream.jobs import JOBS
from spotistream.launch import add_home_arguments, configured, say, services_for

ADD_EXAMPLES = """Files are copied into the folder of music; files that are in it already stay where they are.

examples:
  spotistream add song.mp3 another.flac
  spotistream add ~/Downloads/An\\ Album --home ~/spotistream
"""


def _add_paths(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE|FOLDER", help="audio files, or folders of them")


def _add_plot_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", metavar="TRACK_ID|FILE", help="a track of the catalogue, such as fma:2, or an audio file"
    )
    parser.add_argument("--out", type=Path, metavar="PICTURE", help="a .png or .svg (else the title, in this folder)")


def _add(arguments: argparse.Namespace) -> None:
    from spotistream.additions import add

    for line in add(configured(arguments), arguments.paths):
        say(line)


def _plot_track(arguments: argparse.Namespace) -> None:
    from spotistream.pipelines import plot_track

    out = plot_track.checked_out(arguments.out)
    if plot_track.is_track_id(arguments.what):
        cfg = configured(arguments)
        with services_for(cfg, [JOBS["map_tracks"]]) as cfg:  # as that job, it needs the document store only
            subject = plot_track.subject_of_track(cfg, arguments.what)
    else:
        cfg = load_config(home=arguments.home, profile=arguments.profile)
        subject = plot_track.subject_of_file(Path(arguments.what))
    say(f"{plot_track.draw(subject, out=out, cfg=cfg)}")


ADD = Command(
    "add",
    "music into the catalogue of a service, running or not",
    _add,
    (_add_paths, add_home_arguments),
    epilog=ADD_EXAMPLES,
)
PLOT_TRACK = Command(
    "plot-track",
    "waveform and mel spectrogram of a track as a large picture",
    _plot_track,
    (_add_plot_arguments, add_home_arguments),
)
