"""``evaluate``, ``evaluate-genres``, ``models`` and ``tune``: how good models are, which is used, better settings."""

from __future__ import annotations

import argparse
from pathlib import Path

from spotistream.commands.command import Command
from spotistream.config import load_config
from spotistream.evaluation import command as evaluation
from spotistream.jobs import JOBS
from spotistream.launch import add_home_arguments, configured, running_session, say, services_for
from spotistream.pipelines import genre_command, models_command, tune_command


def _evaluate(arguments: argparse.Namespace) -> None:
    evaluation.check(arguments)
    if arguments.train is not None:
        say(evaluation.evaluate_files(arguments))
        return
    from spotistream.pipelines import evaluate_model

    cfg = configured(arguments)
    with services_for(cfg, [JOBS["evaluate_model"]]) as cfg, running_session(cfg, "evaluate_model") as spark:
        say(evaluation.shown(evaluate_model.compared(spark, cfg, evaluation.asked(arguments)), arguments))


def _evaluate_genres(arguments: argparse.Namespace) -> None:
    table = genre_command.table_asked(arguments)
    cfg = genre_command.with_fast_java(load_config(profile=arguments.profile))
    with running_session(cfg, "evaluate-genres") as spark:
        say(genre_command.answered(spark, table, arguments))


def _models(arguments: argparse.Namespace) -> None:
    cfg = load_config(home=arguments.home, profile=arguments.profile)
    say(models_command.answered(Path(cfg.paths.models), arguments))


def _tune(arguments: argparse.Namespace) -> None:
    tune_command.check(arguments)
    cfg = tune_command.quiet(configured(arguments))
    with services_for(cfg, [JOBS["tune_model"]]) as cfg, running_session(cfg, "tune_model") as spark:
        found = tune_command.answered(spark, cfg, arguments)
    say(tune_command.shown(found, as_json=arguments.json))
    if found.interrupted:
        raise KeyboardInterrupt


EVALUATE = Command(
    "evaluate",
    "how good the models are, beside their peers",
    _evaluate,
    (evaluation.add_arguments, add_home_arguments),
    epilog=evaluation.EXAMPLES,
)
EVALUATE_GENRES = Command(
    "evaluate-genres",
    "how well genres are told from any labelled table of features",
    _evaluate_genres,
    (genre_command.add_arguments,),
    epilog=genre_command.EXAMPLES,
)
MODELS = Command(
    "models",
    "versions of the model: list, compare, go back, card",
    _models,
    (models_command.add_arguments, add_home_arguments),
    epilog=models_command.EXAMPLES,
)
TUNE = Command(
    "tune",
    "better settings of the models, for the next training",
    _tune,
    (tune_command.add_arguments, add_home_arguments),
    epilog=tune_command.EXAMPLES,
)
