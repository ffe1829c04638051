"""Delta ``plays``, ``tracks``, ``track_sounds`` -> model artefact with card; store similar_tracks, popular_tracks."""

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
from numpy.typing import NDArray
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from spotistream.config import Config
from spotistream.evaluation.model_report import ndcg_of_listeners
from spotistream.io import artefacts, delta
from spotistream.models.blend import hidden_part
from spotistream.models.card import write_card
from spotistream.models.gate import LEAST_LISTENERS, Measured, Verdict, not_worse
from spotistream.models.hybrid import HIDDEN_SHARE, Hybrid
from spotistream.models.interactions import Interactions
from spotistream.models.served import ServedModel
from spotistream.pipelines import fit_sounds
from spotistream.pipelines.current_model import model_in_use
from spotistream.pipelines.extend_model import extend_model, model_in_hand
from spotistream.pipelines.model_documents import write_model_documents
from spotistream.pipelines.model_versions import genre_confusion
from spotistream.pipelines.train_on_spark import hybrid_on_spark
from spotistream.pipelines.training_data import Catalogue, bucket_of, held_buckets, interactions, read_catalogue
from spotistream.pipelines.training_report import Trained, report_of
from spotistream.pipelines.tuned import tuned_settings_of
from spotistream.serving.positions import messages_in
from spotistream.tables import (
    PLAYS,
    PLAYS_TOPIC,
    TRACK_FEATURES,
    TRACKS,
)
from spotistream.transforms.listens import listen_weights
from spotistream.transforms.sittings import sittings

log = logging.getLogger(__name__)

LIBRARIES = ("spotistream", "pyspark", "delta-spark", "numpy", "scipy", "implicit", "librosa")


def run(spark: SparkSession, cfg: Config, *, force: bool = False) -> str:
    """Train, and where the model is not worse than the current one make it that, with the shelves read from it.

    force : it becomes the current one whatever it is like, and whatever is pinned
    """
    messages = messages_in(cfg.kafka, PLAYS_TOPIC)
    if not delta.read_table(spark, cfg, TRACK_FEATURES).isEmpty():
        log.info("fit_sounds: %s", fit_sounds.run(spark, cfg))
    catalogue = read_catalogue(spark, cfg)
    plays, tracks = delta.read_table(spark, cfg, PLAYS), delta.read_table(spark, cfg, TRACKS)
    weights = listen_weights(plays, tracks, half_life_days=cfg.model.half_life_days).where(F.col("weight") > 0)
    weights = weights.withColumn("bucket", bucket_of()).persist()
    try:
        trained = _trained(spark, cfg, catalogue, weights, sittings(plays, tracks))
    finally:
        weights.unpersist()
    model = _served(cfg, catalogue, trained)
    with model_in_hand(cfg):
        verdict = _verdict(cfg, model, trained)
        verdict = verdict.forced() if force else verdict
        manifest = {**_manifest(cfg, model, trained, verdict), **_facts(plays), "messages": messages}
        folder = artefacts.save_artefact(
            Path(cfg.paths.models), model.arrays(), manifest, make_current=verdict.accepted, unpin=force
        )
        write_card(folder, manifest, confusion=genre_confusion(Path(cfg.paths.models)))
        in_use = artefacts.current_version(Path(cfg.paths.models)) == model.version
    if not in_use:
        extend_model(spark, cfg)  # the one that stays in use takes up tracks that came since
        pinned = artefacts.pinned_version(Path(cfg.paths.models))
        why = f"{pinned} is pinned" if verdict.accepted else verdict.reason
        return f"model {model.version} is kept and not used: {why}; to use it: spotistream models use {model.version}"
    write_model_documents(cfg, model)
    extend_model(spark, cfg)  # tracks that came while it was trained
    shares = ", ".join(f"{name} {weight:.2f}" for name, weight in model.hybrid.weights.items())
    return f"model {model.version}: {len(model.track_ids):,} tracks, {trained.listeners:,} listeners; {shares}"


def _trained(
    spark: SparkSession, cfg: Config, catalogue: Catalogue, weights: DataFrame, played_together: DataFrame
) -> Trained:
    """Fitted where it fits: on the driver up to ``model.local_listens`` pairs of listener and track, else by Spark."""
    row = weights.agg(F.count("*").alias("pairs"), F.countDistinct("user_id").alias("listeners")).collect()[0]
    held = held_buckets(row["listeners"])
    on_spark = cfg.model.solver == "spark" or (cfg.model.solver == "auto" and row["pairs"] > cfg.model.local_listens)
    learned = weights.where(F.col("bucket") >= held)
    judges = interactions(weights.where(F.col("bucket") < held), catalogue)
    known, hidden = hidden_part(judges, share=HIDDEN_SHARE, seed=cfg.model.seed)
    settings = tuned_settings_of(cfg, Hybrid.name)
    if on_spark and held:
        # Every other judge helps to find the weights of the parts instead, and judges no more.
        spark.sparkContext.setCheckpointDir(f"{cfg.paths.checkpoints.rstrip('/')}/train_model")
        sample, judges = _halves(judges)
        known, hidden = hidden_part(judges, share=HIDDEN_SHARE, seed=cfg.model.seed)
        without = (F.col("bucket") >= held) if held else F.lit(True)
        hybrid = hybrid_on_spark(
            spark,
            weights.where(without).select("user_id", "track_id", "weight"),
            _of_learned(played_together, held),
            sample,
            settings,
            seed=cfg.model.seed,
            blocks=cfg.spark.shuffle_partitions,
        )
        return Trained(hybrid, judges, known.weights, hidden, row["listeners"], "spark", None)
    data = interactions(learned, catalogue, _of_learned(played_together, held))
    if row["listeners"] < cfg.model.min_listeners:
        log.info("%d listeners are too few for collaborative filtering: content alone recommends", row["listeners"])
    hybrid = Hybrid.fit(data, {**settings, "min_listeners": cfg.model.min_listeners}, seed=cfg.model.seed)
    return Trained(hybrid, judges, known.weights, hidden, row["listeners"], "implicit", data)


def _of_learned(played_together: DataFrame, held: int) -> DataFrame:
    """Sittings of listeners who are not held out."""
    user = F.substring_index("sitting", "/", 1)
    return played_together.withColumn("user_id", user).where(bucket_of() >= held).select("sitting", "track_id")


def _halves(data: Interactions) -> tuple[Interactions, Interactions]:
    rows = np.arange(len(data.users)) % 2 == 0
    first, second = (
        Interactions(data.users[part], data.items, data.weights[np.flatnonzero(part)], data.sounds, data.artists)
        for part in (rows, ~rows)
    )
    return first, second


def _served(cfg: Config, catalogue: Catalogue, trained: Trained) -> ServedModel:
    fitted = catalogue.fitted
    return ServedModel(
        version=_version(cfg, catalogue, trained.hybrid),
        feature_spec=fitted.feature_spec if fitted else "",
        sounds_version=fitted.version if fitted else "",
        track_ids=catalogue.track_ids,
        artist_ids=catalogue.artist_ids,
        playable=catalogue.playable,
        duration_ms=catalogue.duration_ms,
        topics=catalogue.topics,
        hybrid=trained.hybrid,
    )


def _verdict(cfg: Config, model: ServedModel, trained: Trained) -> Verdict:
    """The new model beside the one in use, on the listeners neither has learned from."""
    current = model_in_use(cfg)
    if current is None:
        return Verdict(True, "the first model")
    if len(trained.held.users) < LEAST_LISTENERS:
        return Verdict(True, f"not judged: fewer than {LEAST_LISTENERS} held-out listeners")
    origin = np.array([current.index.get(track_id, -1) for track_id in model.track_ids.tolist()], dtype=np.int64)
    sounds = model.sounds if current.sounds_version == model.sounds_version else _sounds_as_before(current, origin)
    old = current.hybrid.with_items(origin, sounds)
    before, now = (
        Measured(version, ndcg_of_listeners(hybrid, trained.shown, trained.hidden))
        for version, hybrid in ((current.version, old), (model.version, model.hybrid))
    )
    return not_worse(now, before, tolerance=cfg.model.tolerance, seed=cfg.model.seed)


def _sounds_as_before(current: ServedModel, origin: NDArray[np.int64]) -> NDArray[np.float32]:
    """Of another normalisation than the new model's: tracks that came since have none by the old one."""
    return np.where((origin >= 0)[:, None], current.sounds[origin], np.float32(0))


def _version(cfg: Config, catalogue: Catalogue, hybrid: Hybrid) -> str:
    """Time of training and a digest of what was learned."""
    digest = hashlib.sha256(json.dumps(asdict(cfg.model), sort_keys=True).encode())
    digest.update("\n".join(catalogue.track_ids.tolist()).encode())
    for _, array in sorted(hybrid.arrays().items()):
        digest.update(np.ascontiguousarray(array).tobytes())
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{digest.hexdigest()[:8]}"


def _facts(plays: DataFrame) -> dict[str, Any]:
    """What the plays are."""
    rows = plays.groupBy("source").agg(
        F.count("*").alias("plays"), F.min("event_time").alias("first"), F.max("event_time").alias("last")
    )
    found = sorted(rows.collect(), key=lambda row: str(row["source"]))
    times = {}
    if found:
        first, last = min(row["first"] for row in found), max(row["last"] for row in found)
        times = {"first_play": first.isoformat(timespec="seconds"), "last_play": last.isoformat(timespec="seconds")}
    return {
        "plays": sum(row["plays"] for row in found),
        "sources": {row["source"]: row["plays"] for row in found},
        **times,
    }


def _manifest(cfg: Config, model: ServedModel, trained: Trained, verdict: Verdict) -> dict[str, Any]:
    """What the model was made from, and how good it is."""
    report = report_of(model, trained, seed=cfg.model.seed)
    manifest: dict[str, Any] = {
        "version": model.version,
        "created_at": datetime.now(UTC).isoformat(),
        "feature_spec": model.feature_spec,
        "sounds_version": model.sounds_version,
        "settings": asdict(cfg.model),
        "chosen": dict(model.hybrid.settings),
        "weights": dict(model.hybrid.weights),
        "solver": trained.solver,
        "listeners": trained.listeners,
        "held_out_listeners": len(trained.held.users),
        "tracks": len(model.track_ids),
        "verdict": verdict.as_json(),
        "data_versions": {t.name: delta.table_version(cfg, t) for t in (PLAYS, TRACKS, TRACK_FEATURES)},
        "libraries": {name: importlib.metadata.version(name) for name in LIBRARIES},
    }
    if report is not None:
        manifest |= {"report": report.as_json(), "metrics": report.metrics}
    return manifest
