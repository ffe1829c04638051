"""Delta ``track_features`` and ``tracks`` -> genre classifier; Delta and store ``genre_predictions``."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import logging
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from spotistream.config import Config
from spotistream.errors import ModelError
from spotistream.io import delta
from spotistream.models.confusion_picture import confusion_picture
from spotistream.models.genre_folds import folds_of
from spotistream.models.genre_metrics import accuracy, confusion, f1_scores, macro_f1
from spotistream.models.genre_settings import FEW_ROWS, STANDARD, cross_fitted, mixed, selected
from spotistream.models.genres import Settings, fitted_classifier
from spotistream.pipelines.genre_classifier import StoredClassifier, current_classifier, save_classifier
from spotistream.pipelines.genre_predictions import write_predictions
from spotistream.tables import TRACK_FEATURES, TRACKS

log = logging.getLogger(__name__)

FOLDS = 5
MOST_TRACKS = 20_000
"""Learned from at most: a random part of a larger catalogue, always the same one."""
QUICK = Settings(tuple(replace(member, weight=0.5) for member in STANDARD.members[1:3]))
"""For a small catalogue: a start of the service waits for it."""
LIBRARIES = ("spotistream", "pyspark", "numpy", "scipy")


@dataclass(frozen=True, eq=False)
class Lessons:
    """Tracks to learn from: values (n, d), classes (n,) numbers into genres, artists (n,) numbers."""

    values: NDArray[np.float64]
    classes: NDArray[np.int64]
    artists: NDArray[np.int64]
    genres: tuple[str, ...]
    digest: str


@dataclass(frozen=True, eq=False)
class Tested:
    """Answers to tracks whose artists no net had heard; settings : for a classifier of all tracks."""

    settings: Settings
    truth: NDArray[np.int64]
    answers: NDArray[np.int64]


def run(spark: SparkSession, cfg: Config) -> str:
    """Train, where the tracks that have a genre changed, and predict the genre of those that have none."""
    features = delta.read_table(spark, cfg, TRACK_FEATURES).select("track_id", "feature_spec", "vector")
    tracks = delta.read_table(spark, cfg, TRACKS).select("track_id", "genre", "artist_id")
    known = features.join(tracks, "track_id", "inner").persist()
    try:
        spec = _commonest_spec(known)
        rows = known.where(F.col("feature_spec") == spec)
        lessons = _lessons(rows.where(F.col("genre").isNotNull()), least=cfg.catalogue.genre_tracks)
        if len(lessons.genres) < 2:
            write_predictions(spark, cfg, None, rows.limit(0))
            return (
                f"nothing to learn from: {len(lessons.genres)} genres have {cfg.catalogue.genre_tracks} tracks or more"
            )
        stored = _in_use(cfg, lessons, spec)
        done = "in use already" if stored else "trained"
        if stored is None:
            stored = _trained(spark, cfg, lessons, spec)
        predicted, sure = write_predictions(spark, cfg, stored, rows.where(F.col("genre").isNull()))
    finally:
        known.unpersist()
    figures = stored.manifest["metrics"]
    return (
        f"classifier {stored.version} {done}: {len(stored.classifier.genres)} genres, accuracy "
        f"{figures['accuracy']:.3f}, macro F1 {figures['macro_f1']:.3f} on {figures['tested']:,} tracks; "
        f"{sure:,} of {predicted:,} tracks without a genre have one predicted"
    )


def _commonest_spec(known: DataFrame) -> str:
    counts = known.groupBy("feature_spec").count().orderBy(F.desc("count"), "feature_spec").head(1)
    return counts[0]["feature_spec"] if counts else ""


def _lessons(rows: DataFrame, *, least: int) -> Lessons:
    """Tracks of genres with enough of them, by id."""
    drawn = rows.orderBy(F.xxhash64("track_id"), "track_id").limit(MOST_TRACKS)
    frame = delta.to_pandas(drawn).sort_values("track_id", ignore_index=True)
    sizes = frame["genre"].value_counts()
    frame = frame[frame["genre"].isin(sizes[sizes >= least].index)].reset_index(drop=True)
    genres = sorted(frame["genre"].unique())
    artist = frame["artist_id"].fillna(frame["track_id"])
    return Lessons(
        np.array(frame["vector"].to_list(), dtype=np.float64),
        np.searchsorted(genres, frame["genre"].to_list()).astype(np.int64) if genres else np.zeros(0, np.int64),
        pd.factorize(artist)[0].astype(np.int64),
        tuple(genres),
        hashlib.sha256(json.dumps(frame[["track_id", "genre"]].to_numpy().tolist()).encode()).hexdigest(),
    )


def _in_use(cfg: Config, lessons: Lessons, spec: str) -> StoredClassifier | None:
    """The current classifier, where it learned from the same tracks; None where a new one is needed."""
    try:
        stored = current_classifier(cfg)
    except ModelError as exc:
        log.warning("%s; a new one is trained", exc)
        return None
    if stored is None or stored.manifest.get("learned_from") != lessons.digest:
        return None
    return stored if stored.manifest.get("feature_spec") == spec else None


def _trained(spark: SparkSession, cfg: Config, lessons: Lessons, spec: str) -> StoredClassifier:
    seed = cfg.model.seed
    tested = _tested(spark, lessons, seed=seed)
    classifier = fitted_classifier(spark, lessons.values, lessons.classes, lessons.genres, tested.settings, seed=seed)
    k = len(lessons.genres)
    counts = confusion(tested.truth, tested.answers, k=k)
    metrics = {
        "accuracy": accuracy(tested.truth, tested.answers),
        "macro_f1": macro_f1(tested.truth, tested.answers, k=k),
        "f1": {
            genre: None if np.isnan(score) else float(score)
            for genre, score in zip(lessons.genres, f1_scores(counts), strict=True)
        },
        "tested": len(tested.truth),
        "confusion": counts.tolist(),
    }
    manifest: dict[str, Any] = {
        "version": f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-{lessons.digest[:8]}",
        "created_at": datetime.now(UTC).isoformat(),
        "feature_spec": spec,
        "genres": list(lessons.genres),
        "tracks": len(lessons.classes),
        "learned_from": lessons.digest,
        "metrics": metrics,
        "settings": asdict(tested.settings),
        "data_versions": {table.name: delta.table_version(cfg, table) for table in (TRACKS, TRACK_FEATURES)},
        "libraries": {name: importlib.metadata.version(name) for name in LIBRARIES},
    }
    heading = (
        f"{len(tested.truth):,} tracks of artists that were not learned from: "
        f"accuracy {metrics['accuracy']:.2f}, macro F1 {metrics['macro_f1']:.2f}"
    )
    folder = save_classifier(cfg, classifier, manifest, confusion_picture(counts, lessons.genres, heading=heading))
    log.info("confusion of genres: %s", folder)
    return StoredClassifier(manifest["version"], manifest, classifier)


def _tested(spark: SparkSession, lessons: Lessons, *, seed: int) -> Tested:
    """Cross-validated with every artist in one fold; a small catalogue is tested on one fold only, to be quick."""
    k, classes = len(lessons.genres), lessons.classes
    grouped = len(np.unique(lessons.artists)) >= FOLDS
    folds = folds_of(classes, lessons.artists if grouped else None, folds=FOLDS, seed=seed)
    if len(classes) < FEW_ROWS:
        train, test = folds[0]
        classifier = fitted_classifier(spark, lessons.values[train], classes[train], lessons.genres, QUICK, seed=seed)
        return Tested(QUICK, classes[test], classifier.probabilities(lessons.values[test]).argmax(axis=1))
    trials = cross_fitted(spark, lessons.values, classes, folds, k=k, seed=seed)
    answers = np.zeros_like(classes)
    for train, test in folds:
        settings = selected(trials, classes, train, seed=seed)
        shares = np.bincount(classes[train], minlength=k) / len(train)
        answers[test] = mixed(trials, settings, test, shares).argmax(axis=1)
    return Tested(selected(trials, classes, np.arange(len(classes)), seed=seed), classes, answers)
