"""Delta ``plays``, ``tracks`` and ``track_features`` -> model artefact, and the store's similar and popular tracks."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import logging
from collections.abc import Iterator
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
from spotistream.models.als import track_factors
from spotistream.models.content import nearest, sound_vectors, unit_rows
from spotistream.models.hybrid import HybridModel
from spotistream.serving.positions import messages_in
from spotistream.tables import (
    PLAYS,
    PLAYS_TOPIC,
    POPULAR_OVERALL,
    POPULAR_TRACKS,
    SIMILAR_FIELDS,
    SIMILAR_TRACKS,
    TRACK_FEATURES,
    TRACKS,
)
from spotistream.transforms.listens import listen_weights, popularity

log = logging.getLogger(__name__)

POPULAR_KEPT = 100
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
    artefacts.save_artefact(Path(cfg.paths.models), model.arrays(), manifest)
    with documents.database(cfg.mongo) as db:
        documents.replace_documents(db, SIMILAR_TRACKS, similar_documents(model, n=cfg.model.similar))
        documents.delete_others(db, SIMILAR_TRACKS, model_version=model.version)
        documents.replace_documents(db, POPULAR_TRACKS, [popular_document(model)])
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
    spec, sounds = _sounds(delta.read_table(spark, cfg, TRACK_FEATURES), catalogue)
    counted = delta.to_pandas(popularity(weights)).set_index("track_id")["popularity"]
    popular = counted.reindex(catalogue["track_id"]).fillna(0.0).to_numpy(dtype=np.float32)
    track_ids = catalogue["track_id"].to_numpy(dtype=np.str_)
    model = HybridModel(
        version=_version(cfg, track_ids, factors, sounds, popular),
        feature_spec=spec,
        alpha=cfg.model.alpha,
        regularisation=cfg.model.regularisation,
        track_ids=track_ids,
        artists=pd.factorize(catalogue["artist_id"])[0].astype(np.int32),
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


def _sounds(features: DataFrame, catalogue: pd.DataFrame) -> tuple[str, NDArray[np.float32]]:
    """Feature spec and unit vectors (n, d) of the catalogue. Raises ``InputError`` where specs are mixed."""
    specs = sorted(row["feature_spec"] for row in features.select("feature_spec").distinct().collect())
    if len(specs) > 1:
        raise InputError(
            "table track_features", f"holds vectors of several specs ({', '.join(specs)})", remedy="extract them again"
        )
    frame = delta.to_pandas(features.select("track_id", "vector").orderBy("track_id"))
    known = frame[frame["track_id"].isin(set(catalogue["track_id"]))]
    if known.empty:
        return "", np.zeros((len(catalogue), 0), dtype=np.float32)
    vectors = sound_vectors(np.stack(known["vector"].to_list()).astype(np.float32))
    sounds = dict(zip(known["track_id"], vectors, strict=True))
    return specs[0], _rows(catalogue["track_id"].to_numpy(dtype=np.str_), sounds, width=vectors.shape[1])


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
        "settings": asdict(cfg.model),
        "messages": messages,
        "plays": plays,
        "listeners": listeners,
        "tracks": len(model.track_ids),
        "data_versions": {t.name: delta.table_version(cfg, t) for t in (PLAYS, TRACKS, TRACK_FEATURES)},
        "libraries": {name: importlib.metadata.version(name) for name in LIBRARIES},
    }


def similar_documents(model: HybridModel, *, n: int) -> Iterator[dict[str, Any]]:
    """For each track its ``n`` nearest playable tracks by sound and by listeners."""
    by_sound = nearest(model.sounds, model.playable, n=n)
    by_listeners = nearest(unit_rows(model.factors), model.playable, n=n)
    for i, track_id in enumerate(model.track_ids.tolist()):
        lists = [
            [{"track_id": str(model.track_ids[j]), "score": score} for j, score in neighbours[i]]
            for neighbours in (by_sound, by_listeners)
        ]
        yield {"_id": track_id, "model_version": model.version, **dict(zip(SIMILAR_FIELDS, lists, strict=True))}


def popular_document(model: HybridModel) -> dict[str, Any]:
    """The most played playable tracks of all listeners; those nobody played follow in order of their ids."""
    playable = np.flatnonzero(model.playable)
    order = playable[np.lexsort((playable, -model.popularity[playable]))][:POPULAR_KEPT]
    tracks = [
        {"track_id": str(model.track_ids[i]), "score": round(float(model.popularity[i]), 6)} for i in order.tolist()
    ]
    return {"_id": POPULAR_OVERALL, "model_version": model.version, "tracks": tracks}
