"""``import-plays``, ``replay-rejected`` and ``simulate``: events that no browser sends."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from spotistream.commands.command import Command
from spotistream.jobs import JOBS
from spotistream.launch import add_common_arguments, add_home_arguments, configured, running_session, say, services_for
from spotistream.pipelines import replay_command
from spotistream.signals import stop_requested


def _add_import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=Path, metavar="FILE|FOLDER", help="a history, or a folder of histories")
    parser.add_argument("--user", metavar="ID", help="whose history it is (else as the file says)")
    parser.add_argument("--rate", type=float, metavar="N", help="events a second (else as fast as it goes)")


def _add_simulate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rate", type=float, metavar="N", help="events a minute (else as configured)")


def _import_plays(arguments: argparse.Namespace) -> None:
    from spotistream.pipelines import import_plays

    cfg = configured(arguments)
    listens, rejected = import_plays.read_histories(arguments.path, user_id=arguments.user)
    with services_for(cfg, [JOBS["refresh_recommendations"]]) as cfg:
        say(import_plays.send(cfg, listens, rejected, rate=arguments.rate, progress=True))


def _replay_rejected(arguments: argparse.Namespace) -> None:
    from spotistream.pipelines.replay_rejected import replay

    since = replay_command.moment(arguments.since)
    cfg = configured(arguments)
    needed = [] if arguments.dry_run else [JOBS["ingest_plays"]]  # as that job, it needs the broker only
    with services_for(cfg, needed) as cfg, running_session(cfg, "replay-rejected") as spark:
        chosen = {name: getattr(arguments, name) for name in ("reason", "again", "dry_run")}
        say(replay(spark, cfg, since=since, **chosen))


def _simulate(arguments: argparse.Namespace) -> None:
    from spotistream.pipelines import simulate

    cfg = configured(arguments)
    if arguments.rate is not None:
        cfg = replace(cfg, simulation=replace(cfg.simulation, live_events_per_minute=arguments.rate))
    with services_for(cfg, [JOBS["refresh_recommendations"]]) as cfg, stop_requested() as asked:
        simulate.run_live(cfg, stop=asked)


IMPORT_PLAYS = Command(
    "import-plays",
    "replay a listening history through Kafka",
    _import_plays,
    (_add_import_arguments, add_common_arguments),
)
REPLAY_REJECTED = Command(
    "replay-rejected",
    "send rejected events through the streams again, after a fix",
    _replay_rejected,
    (replay_command.add_arguments, add_home_arguments),
    epilog=replay_command.EXAMPLES,
)
SIMULATE = Command(
    "simulate",
    "simulated listeners keep playing until stopped",
    _simulate,
    (_add_simulate_arguments, add_common_arguments),
)
