"""Delta ``plays``, ``tracks``, ``track_sounds`` -> models and their peers compared; Delta ``model_metrics``."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from spotistream.config import Config
from spotistream.errors import InputError
from spotistream.evaluation.contest import Asked, results
from spotistream.evaluation.held_out import HeldOut, from_observations, with_validation
from spotistream.evaluation.measures import measures
from spotistream.evaluation.observations import Observations
from spotistream.evaluation.report import as_table
from spotistream.evaluation.splits import SHARE
from spotistream.io import delta
from spotistream.io.fitted_sounds import current_sounds
from spotistream.models.registry import MODELS
from spotistream.pipelines.training_data import sounds_of
from spotistream.pipelines.tuned import tuned_settings_of
from spotistream.tables import MODEL_METRICS, PLAYS, TRACKS
from spotistream.transforms.listens import listen_weights
from spotistream.transforms.newest_plays import before_and_after

SPLIT = "time"
"""What the table says of how plays were held out: the newest of each listener."""


def run(spark: SparkSession, cfg: Config) -> str:
    """Compare all models as they were tuned, else as they are; write the figures and say them on standard error."""
    asked = Asked()
    found = compared(spark, cfg, asked)
    k = asked.protocol.k
    _say(as_table(found, k=k))
    best = max(found, key=lambda name: found[name][f"ndcg@{k}"])
    return f"{len(found)} models and peers compared; highest NDCG@{k}: {best}, {found[best][f'ndcg@{k}']:.4f}"


def compared(spark: SparkSession, cfg: Config, asked: Asked) -> Mapping[str, Mapping[str, Any]]:
    """Figures by the name of the model, as ``contest.results`` has them; they are in table ``model_metrics`` then.

    Models have the settings that tuning found for them. What they learn from is collected: a row for each track that a
    listener played, not for each play.
    """
    asked = replace(asked, known={name: tuned_settings_of(cfg, name) for name in MODELS})
    data = held_out_plays(spark, cfg)
    seed = asked.protocol.seed
    found = results(data, lambda: with_validation(data, None, seed=seed + 1), asked, say=_say)
    at = datetime.now(UTC)
    rows = [
        {"evaluated_at": at, "model": name, "split": SPLIT, "seed": seed, **vars(measure)}
        for name, figures in found.items()
        for measure in measures(figures)
    ]
    delta.create_table(spark, cfg, MODEL_METRICS)
    delta.merge(spark, cfg, MODEL_METRICS, spark.createDataFrame(rows, delta.table_schema(MODEL_METRICS)))
    return found


def held_out_plays(spark: SparkSession, cfg: Config) -> HeldOut:
    """The newest plays of each listener held out; items are all tracks of the catalogue."""
    tracks = delta.read_table(spark, cfg, TRACKS)
    plays = delta.read_table(spark, cfg, PLAYS)
    if plays.isEmpty():
        raise _too_little()
    catalogue = delta.to_pandas(
        tracks.select("track_id", F.coalesce("artist_id", "track_id").alias("artist_id")).orderBy("track_id")
    )
    parts = [
        delta.to_pandas(
            listen_weights(part, tracks, half_life_days=cfg.model.half_life_days).where(F.col("weight") > 0)
        )
        for part in before_and_after(plays, share=SHARE)
    ]
    if any(part.empty for part in parts):
        raise _too_little()
    track_ids = catalogue["track_id"].to_numpy(dtype=np.str_)
    learned, asked = (_observations(part, track_ids) for part in parts)
    data = from_observations(learned, asked, None, _say)
    artists = pd.factorize(catalogue["artist_id"])[0].astype(np.int64)
    sounds = sounds_of(spark, cfg, current_sounds(cfg), track_ids)
    return replace(data, train=replace(data.train, artists=artists, sounds=sounds))


def _too_little() -> InputError:
    return InputError(
        "table plays", "holds too little listening to hold some of it out",
        remedy="listen on, or import a history: spotistream import-plays FILE",
    )  # fmt: skip


def _observations(pairs: pd.DataFrame, track_ids: NDArray[np.str_]) -> Observations:
    users, names = pd.factorize(pairs["user_id"], sort=True)
    items = np.searchsorted(track_ids, pairs["track_id"].to_numpy(dtype=np.str_))
    weights = pairs["weight"].to_numpy(dtype=np.float64)
    return Observations(users.astype(np.int64), items, weights, None, names.to_numpy(dtype=np.str_), track_ids)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
