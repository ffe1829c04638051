"""``spotistream tune``: arguments, and what is printed."""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from spotistream.config import Config
from spotistream.errors import InputError
from spotistream.evaluation.command import FORMS, say

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from spotistream.pipelines.tune_model import Tuned

EXAMPLES = """Models are tuned on the plays of this home, and its next training uses what was found. What is found on
FILE, which is laid out as for evaluate, is kept apart; with --use the next training uses it, too.

Each call goes on where the last one on the same data ended, however it ended. Ctrl-C ends it and keeps what was found.

examples:
  spotistream tune --minutes 30                         the model that serves, and its parts
  spotistream tune --minutes 60 --model all
  spotistream tune --minutes 5 --model ease --json
  spotistream tune --minutes 10 --train plays.csv --model cosine
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes, apart from what every command takes."""
    parser.add_argument("--minutes", type=float, required=True, metavar="M", help="for all models together")
    parser.add_argument("--model", metavar="NAME", help="a model, or all (else the one that serves, with its parts)")
    parser.add_argument("--train", type=Path, metavar="FILE", help="interactions to tune on (else this home's plays)")
    parser.add_argument("--form", choices=FORMS, default="auto", help="how lines of FILE are laid out, if not clear")
    parser.add_argument("--use", action="store_true", help="with --train: the next training of this home uses it")
    parser.add_argument("--workers", type=int, metavar="N", help="trials at a time (else as many as Spark has cores)")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of what is held out and tried (else 0)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")


def quiet(cfg: Config) -> Config:
    """The configuration for a session whose tasks are cancelled when the time is over."""
    return replace(cfg, spark=replace(cfg.spark, log_level="ERROR"))


def check(arguments: argparse.Namespace) -> None:
    """Raises ``InputError`` for values that cannot be used."""
    if not (math.isfinite(arguments.minutes) and arguments.minutes > 0):
        raise InputError(f"--minutes {arguments.minutes}", "is not a time", remedy="give more than 0")
    if arguments.workers is not None and arguments.workers < 1:
        raise InputError(f"--workers {arguments.workers}", "is too few", remedy="give 1 or more")
    if not 0 <= arguments.seed < 2**31:
        raise InputError(f"--seed {arguments.seed}", "is out of range", remedy="give 0 to 2147483647")
    if arguments.train is None and (arguments.use or arguments.form != "auto"):
        option = "--use" if arguments.use else "--form"
        raise InputError(option, "goes with --train", remedy="name the file, or leave it out")
    if arguments.model is not None:
        from spotistream.pipelines.tune_model import chosen_models

        chosen_models(arguments.model, sounds=arguments.train is None)


def answered(spark: SparkSession, cfg: Config, arguments: argparse.Namespace) -> Tuned:
    """Tune as asked. Progress goes to standard error."""
    from spotistream.evaluation.reading import read_observations
    from spotistream.io.tuned import tuning_folder
    from spotistream.models.registry import DEFAULT
    from spotistream.pipelines import tune_model

    asked = tune_model.Asked(arguments.model or DEFAULT, arguments.minutes, arguments.workers, arguments.seed)
    if arguments.train is None:
        question = tune_model.question_of_plays(spark, cfg, seed=asked.seed)
        return tune_model.tuned(spark, question, asked, folder=tuning_folder(cfg))
    observations, _ = read_observations(arguments.train, form=arguments.form, say=say)
    question = tune_model.question_of_file(observations, seed=asked.seed)
    folder = tuning_folder(cfg) if arguments.use else tune_model.folder_of_files(cfg, question)
    return tune_model.tuned(spark, question, asked, folder=folder, source=arguments.train.name)


def shown(found: Tuned, *, as_json: bool) -> str:
    """Tables, or one JSON object: what was found by the name of the model."""
    return json.dumps(found.results, indent=2) if as_json else "\n\n".join(found.tables)
