"""New, changed and gone tracks into the model in use, as a version of its own, and into the similar tracks."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from spotistream.config import Config
from spotistream.errors import ModelError
from spotistream.io import artefacts, delta, documents
from spotistream.models.extension import TrackFacts, chosen, differs, extended
from spotistream.models.reasons import NO_TOPIC
from spotistream.models.served import ServedModel
from spotistream.pipelines.current_model import load_model
from spotistream.pipelines.shelf_documents import neighbours, rows_near, similar_documents
from spotistream.services.locking import locked
from spotistream.tables import SIMILAR_TRACKS, TRACK_FEATURES, TRACK_SOUNDS, TRACK_TOPICS, TRACKS

log = logging.getLogger(__name__)


@contextmanager
def model_in_hand(cfg: Config) -> Iterator[None]:
    """Nobody else makes a model current meanwhile: an extension of the old one must not hide a newly trained one."""
    with locked(Path(cfg.paths.models) / artefacts.LOCK):
        yield


def extend_model(spark: SparkSession, cfg: Config, tracks: DataFrame | None = None) -> int:
    """Bring the current model up to date with these tracks (``track_id``), or with all; how many were not as it knew.

    Without a model there is nothing to do: the first training reads the tables. A model that cannot be read is left to
    the next training, with a line in the log.
    """
    models = Path(cfg.paths.models)
    if artefacts.current_version(models) is None:
        return 0
    with model_in_hand(cfg):
        parent = artefacts.current_version(models) or ""
        try:
            model = load_model(models, parent)
        except ModelError as exc:
            log.error("%s; new tracks wait for it", exc)
            return 0
        facts = track_facts(spark, cfg, model, tracks)
        facts = chosen(facts, differs(model, facts))
        if not len(facts.track_ids):
            return 0
        new = extended(model, facts, version=_version(parent))
        manifest = artefacts.load_manifest(models, parent)
        versions = {table.name: delta.table_version(cfg, table) for table in (TRACKS, TRACK_FEATURES)}
        manifest |= {
            "version": new.version,
            "created_at": datetime.now(UTC).isoformat(),
            "extends": parent,
            "tracks": len(new.track_ids),
            "data_versions": {**manifest.get("data_versions", {}), **versions},
        }
        artefacts.save_artefact(models, new.arrays(), manifest)
        changed = np.array([new.index[track_id] for track_id in facts.track_ids.tolist()], dtype=np.int64)
        with documents.database(cfg.mongo) as db:
            rows = rows_near(new, changed)
            near = neighbours(new, n=cfg.model.similar, exact_tracks=cfg.model.exact_tracks, rows=rows)
            documents.replace_documents(db, SIMILAR_TRACKS, similar_documents(new, *near, rows=rows))
    log.info("model %s extends %s by %d new or changed tracks", new.version, parent, len(changed))
    return len(changed)


def track_facts(spark: SparkSession, cfg: Config, model: ServedModel, tracks: DataFrame | None) -> TrackFacts:
    """What the tables say of these tracks, or of all. A sound of another version than the model's counts as none."""
    rows = delta.read_table(spark, cfg, TRACKS)
    if tracks is not None:
        rows = rows.join(tracks.select("track_id").distinct(), on="track_id", how="left_semi")
    sounds = delta.read_table(spark, cfg, TRACK_SOUNDS).where(F.col("sounds_version") == model.sounds_version)
    topics = delta.read_table(spark, cfg, TRACK_TOPICS).select("track_id", "music_topic_id")
    artist = F.coalesce("artist_id", "track_id").alias("artist_id")
    frame = delta.to_pandas(
        rows.join(sounds.select("track_id", "sound"), on="track_id", how="left")
        .join(topics, on="track_id", how="left")
        .select("track_id", artist, "playable", "duration_s", "sound", "music_topic_id")
        .orderBy("track_id")
    )
    return TrackFacts(
        track_ids=frame["track_id"].to_numpy(dtype=np.str_),
        artist_ids=frame["artist_id"].to_numpy(dtype=np.str_),
        playable=frame["playable"].to_numpy(dtype=np.bool_),
        duration_ms=(frame["duration_s"].astype("float64") * 1000).to_numpy(dtype=np.float32),
        topics=frame["music_topic_id"].fillna(NO_TOPIC).to_numpy(dtype=np.str_),
        sounds=_matrix(frame["sound"], width=model.sounds.shape[1]),
    )


def _matrix(sounds: pd.Series, *, width: int) -> np.ndarray:
    matrix = np.zeros((len(sounds), width), dtype=np.float32)
    for row, sound in enumerate(sounds):
        if sound is not None and len(sound) == width:
            matrix[row] = sound
    return matrix


def _version(parent: str) -> str:
    """Now, and the digest of what was learned from plays, which is the parent's."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-{parent.rpartition('-')[2]}"
