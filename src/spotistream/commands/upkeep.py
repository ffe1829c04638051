"""``status``, ``checkpoint``, ``recompute`` and ``rebuild-store``: is all well, and putting right what is not."""

from __future__ import annotations

import argparse

from spotistream.commands.command import Command
from spotistream.config import load_config
from spotistream.jobs import JOBS
from spotistream.launch import add_home_arguments, configured, running_session, say, services_for
from spotistream.pipelines import checkpoint_command, recompute_command, status_command


def _status(arguments: argparse.Namespace) -> None:
    from spotistream.pipelines.status import health

    found = health(load_config(home=arguments.home, profile=arguments.profile))
    say(status_command.shown(found, as_json=arguments.json))
    if not found.is_well:
        raise SystemExit(status_command.NOT_WELL)


def _checkpoint(arguments: argparse.Namespace) -> None:
    text, code = checkpoint_command.answered(load_config(home=arguments.home, profile=arguments.profile), arguments)
    say(text)
    if code:
        raise SystemExit(code)


def _recompute(arguments: argparse.Namespace) -> None:
    recompute_command.offsets(arguments.until)
    cfg = configured(arguments)
    with services_for(cfg, [JOBS["refresh_recommendations"]]) as cfg, running_session(cfg, "recompute") as spark:
        found = recompute_command.answered(spark, cfg, arguments)
    say(recompute_command.shown(found, as_json=arguments.json))
    if arguments.compare and found.rows_different:
        raise SystemExit(1)


def _rebuild_store(arguments: argparse.Namespace) -> None:
    from spotistream.pipelines import rebuild_store

    cfg = configured(arguments)
    with services_for(cfg, [JOBS["refresh_recommendations"]]) as cfg, running_session(cfg, "rebuild-store") as spark:
        say(f"rebuilt: {rebuild_store.run(spark, cfg)}")


STATUS = Command(
    "status",
    "how the streams are, and what to do",
    _status,
    (status_command.add_arguments, add_home_arguments),
    epilog=status_command.EXAMPLES,
)
CHECKPOINT = Command(
    "checkpoint",
    "how far the streams have read: list, explain, reset, migrate",
    _checkpoint,
    (checkpoint_command.add_arguments, add_home_arguments),
    epilog=checkpoint_command.EXAMPLES,
)
RECOMPUTE = Command(
    "recompute",
    "every listener's table again, from Delta plays",
    _recompute,
    (recompute_command.add_arguments, add_home_arguments),
    epilog=recompute_command.EXAMPLES,
)
REBUILD_STORE = Command(
    "rebuild-store",
    "the document store again, from Kafka, Delta and the model",
    _rebuild_store,
    (add_home_arguments,),
)
