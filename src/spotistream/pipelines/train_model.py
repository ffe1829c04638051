"""Delta ``plays``, ``tracks`` and ``track_sounds`` -> model artefact, and the store's similar and popular tracks."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import logging
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from spotistream.config import Config
from spotistream.errors import InputError
from spotistream.io import artefacts, delta, documents
from spotistream.io.fitted_sounds import FittedSounds, current_sounds
from spotistream.models.als import track_factors
from spotistream.models.hybrid import HybridModel
from spotistream.pipelines import fit_sounds
from spotistream.pipelines.extend_model import extend_model, model_in_hand
from spotistream.pipelines.shelf_documents import popular_document, similar_documents
from spotistream.serving.positions import messages_in
from spotistream.tables import (
    PLAYS,
    PLAYS_TOPIC,
    POPULAR_TRACKS,
    SIMILAR_TRACKS,
    TRACK_FEATURES,
    TRACK_SOUNDS,
    TRACKS,
)
from spotistream.transforms.listens import listen_weights, popularity

log = logging.getLogger(__name__)

Floats = NDArray[np.float32]
LIBRARIES = ("spotistream", "pyspark", "delta-spark", "numpy", "librosa")


def run(spark: SparkSession, cfg: Config) -> str:
    """Train, publish the artefact as the current one, then write the shelves that are read from the model alone."""
    tracks = delta.read_table(spark, cfg, TRACKS)
    catalogue = _catalogue(tracks)
    if not catalogue["playable"].any():
        raise InputError(
            "table tracks", "holds no playable track", remedy="run extract_features and publish on a folder of music"
        )
    messages = messages_in(cfg.kafka, PLAYS_TOPIC)
    plays = delta.read_table(spark, cfg, PLAYS)
    weights = listen_weights(plays, tracks, half_life_days=cfg.model.half_life_days).persist()
    try:
        model, listeners = _trained(spark, cfg, catalogue, weights)
    finally:
        weights.unpersist()
    manifest = _manifest(cfg, model, messages=messages, plays=plays.count(), listeners=listeners)
    with model_in_hand(cfg):
        artefacts.save_artefact(Path(cfg.paths.models), model.arrays(), manifest)
    with documents.database(cfg.mongo) as db:
        documents.replace_documents(db, SIMILAR_TRACKS, similar_documents(model, n=cfg.model.similar))
        documents.delete_others(db, SIMILAR_TRACKS, model_version=model.version)
        documents.replace_documents(db, POPULAR_TRACKS, [popular_document(model)])
    extend_model(spark, cfg)  # tracks that came while it was trained
    known = int(model.factors.any(axis=1).sum())
    return (
        f"model {model.version}: {len(model.track_ids):,} tracks, {known:,} with factors from {listeners:,} listeners, "
        f"{int(model.sounds.any(axis=1).sum()):,} with sound"
    )


def _trained(spark: SparkSession, cfg: Config, catalogue: pd.DataFrame, weights: DataFrame) -> tuple[HybridModel, int]:
    listeners = weights.select("user_id").distinct().count()
    factors: dict[str, NDArray[np.float32]] = {}
    if listeners >= cfg.model.min_listeners:
        settings = cfg.model
        spark.sparkContext.setCheckpointDir(f"{cfg.paths.checkpoints.rstrip('/')}/train_model")
        factors = track_factors(
            weights,
            factors=settings.factors,
            alpha=settings.alpha,
            regularisation=settings.regularisation,
            iterations=settings.iterations,
            seed=settings.seed,
            blocks=cfg.spark.shuffle_partitions,
        )
    else:
        log.info("%d listeners are too few for collaborative filtering: content alone recommends", listeners)
    fitted, sounds = _sounds(spark, cfg, catalogue)
    counted = delta.to_pandas(popularity(weights)).set_index("track_id")["popularity"]
    popular = counted.reindex(catalogue["track_id"]).fillna(0.0).to_numpy(dtype=np.float32)
    track_ids = catalogue["track_id"].to_numpy(dtype=np.str_)
    model = HybridModel(
        version=_version(cfg, track_ids, factors, sounds, popular),
        feature_spec=fitted.feature_spec if fitted else "",
        sounds_version=fitted.version if fitted else "",
        alpha=cfg.model.alpha,
        regularisation=cfg.model.regularisation,
        track_ids=track_ids,
        artist_ids=catalogue["artist_id"].to_numpy(dtype=np.str_),
        playable=catalogue["playable"].to_numpy(dtype=np.bool_),
        duration_ms=(catalogue["duration_s"].astype("float64") * 1000).to_numpy(dtype=np.float32),
        factors=_rows(track_ids, factors, width=cfg.model.factors if factors else 0),
        sounds=sounds,
        popularity=popular / popular.max() if popular.any() else popular,
    )
    return model, listeners


def _catalogue(tracks: DataFrame) -> pd.DataFrame:
    """What the model holds of each track, in order of the ids; an unknown artist is nobody's."""
    artist = F.coalesce("artist_id", "track_id").alias("artist_id")
    return delta.to_pandas(tracks.select("track_id", artist, "playable", "duration_s").orderBy("track_id"))


def _sounds(spark: SparkSession, cfg: Config, catalogue: pd.DataFrame) -> tuple[FittedSounds | None, Floats]:
    """The normalisation and the sounds (n, d) of the catalogue: unit rows, zero for tracks without; d may be 0."""
    if delta.read_table(spark, cfg, TRACK_FEATURES).isEmpty():
        return None, np.zeros((len(catalogue), 0), dtype=np.float32)
    log.info("fit_sounds: %s", fit_sounds.run(spark, cfg))
    fitted = current_sounds(cfg)
    assert fitted is not None  # noqa: S101 - fit_sounds has just seen to it
    written = delta.existing_table(spark, cfg, TRACK_SOUNDS).where(F.col("sounds_version") == fitted.version)
    frame = delta.to_pandas(written.select("track_id", "sound"))
    sounds = {row.track_id: np.asarray(row.sound, dtype=np.float32) for row in frame.itertuples()}
    width = len(next(iter(sounds.values()))) if sounds else 0
    return fitted, _rows(catalogue["track_id"].to_numpy(dtype=np.str_), sounds, width=width)


def _rows(track_ids: NDArray[np.str_], vectors: dict[str, NDArray[np.float32]], *, width: int) -> NDArray[np.float32]:
    matrix = np.zeros((len(track_ids), width), dtype=np.float32)
    for i, track_id in enumerate(track_ids.tolist()):
        if track_id in vectors:
            matrix[i] = vectors[track_id]
    return matrix


def _version(cfg: Config, track_ids: NDArray[np.str_], factors: dict[str, Any], *arrays: NDArray[Any]) -> str:
    """Time of training and a digest of what was learned."""
    digest = hashlib.sha256(json.dumps(asdict(cfg.model), sort_keys=True).encode())
    digest.update("\n".join(track_ids.tolist()).encode())
    for array in (*(factors[key] for key in sorted(factors)), *arrays):
        digest.update(np.ascontiguousarray(array).tobytes())
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{digest.hexdigest()[:8]}"


def _manifest(cfg: Config, model: HybridModel, *, messages: int, plays: int, listeners: int) -> dict[str, Any]:
    """What the model was made from. ``messages`` is how many topic ``plays`` held at the start of training."""
    return {
        "version": model.version,
        "created_at": datetime.now(UTC).isoformat(),
        "feature_spec": model.feature_spec,
        "sounds_version": model.sounds_version,
        "settings": asdict(cfg.model),
        "messages": messages,
        "plays": plays,
        "listeners": listeners,
        "tracks": len(model.track_ids),
        "data_versions": {t.name: delta.table_version(cfg, t) for t in (PLAYS, TRACKS, TRACK_FEATURES)},
        "libraries": {name: importlib.metadata.version(name) for name in LIBRARIES},
    }
