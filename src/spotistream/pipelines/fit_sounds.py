"""Delta ``track_features`` -> fitted normalisation (standardise, PCA, length one) and Delta ``track_sounds``."""

from __future__ import annotations

import logging

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from spotistream.config import Config
from spotistream.errors import InputError, ModelError
from spotistream.io import delta
from spotistream.io.fitted_sounds import FittedSounds, current_sounds, save_sounds
from spotistream.models.sounds import explained_variance, sounds, sounds_pipeline
from spotistream.tables import TRACK_FEATURES, TRACK_SOUNDS

log = logging.getLogger(__name__)

FEWEST_TRACKS = 3
"""With fewer vectors there are no principal components."""


def run(spark: SparkSession, cfg: Config) -> str:
    """Fit when there is a reason to, then give every track that lacks one its sound.

    Raises InputError where there are no features, or of several specs.
    """
    features = delta.read_table(spark, cfg, TRACK_FEATURES)
    spec, tracks = _one_spec(features)
    fitted = _current(cfg)
    if fitted is None or _outgrown(fitted, cfg, spec=spec, tracks=tracks):
        features = features.persist()
        try:
            fitted = _fit(cfg, features, spec=spec, tracks=tracks)
        finally:
            features.unpersist()
    written = write_sounds(spark, cfg, fitted, features)
    have = delta.existing_table(spark, cfg, TRACK_SOUNDS).where(F.col("sounds_version") == fitted.version)
    row = have.agg(F.count("*").alias("tracks"), F.count_if(F.col("missing") > 0).alias("filled")).collect()[0]
    shares = explained_variance(fitted.pipeline)
    reduced = f"{len(shares)} components with {sum(shares):.1%} of the variance" if shares else "no PCA: too few tracks"
    return (
        f"{fitted.version}: {reduced}; {row['tracks']:,} tracks, {written:,} of them new; {row['filled']:,} with "
        f"missing values filled by the mean, {tracks - row['tracks']:,} left out because most are missing"
    )


def write_sounds(spark: SparkSession, cfg: Config, fitted: FittedSounds, features: DataFrame) -> int:
    """Write the sound of each of these rows of ``track_features`` that has none by this version; how many."""
    delta.create_table(spark, cfg, TRACK_SOUNDS)
    known = delta.existing_table(spark, cfg, TRACK_SOUNDS).where(F.col("sounds_version") == fitted.version)
    same_bytes = F.col("new.content_hash").eqNullSafe(F.col("old.content_hash"))
    lacking = (
        features.where(F.col("feature_spec") == fitted.feature_spec)
        .alias("new")
        .join(known.alias("old"), on=(F.col("new.track_id") == F.col("old.track_id")) & same_bytes, how="left_anti")
    )
    rows = sounds(fitted.pipeline, lacking).withColumn("sounds_version", F.lit(fitted.version)).persist()
    try:
        count = rows.count()
        if count:
            delta.merge(spark, cfg, TRACK_SOUNDS, rows)
    finally:
        rows.unpersist()
    return count


def _one_spec(features: DataFrame) -> tuple[str, int]:
    """The spec of all vectors and how many there are."""
    counted = features.groupBy("feature_spec").count().orderBy("feature_spec").collect()
    if not counted:
        raise InputError("table track_features", "is empty", remedy="run: spotistream run extract_features")
    if len(counted) > 1:
        found = ", ".join(f"{row['feature_spec']} for {row['count']:,} tracks" for row in counted)
        raise InputError(
            "table track_features",
            f"holds vectors of several specs, which do not compare: {found}",
            remedy="extract or import them again with one spec (setting audio.preset)",
        )
    return counted[0]["feature_spec"], counted[0]["count"]


def _current(cfg: Config) -> FittedSounds | None:
    try:
        return current_sounds(cfg)
    except ModelError as exc:
        log.warning("%s; it is fitted again", exc)
        return None


def _outgrown(fitted: FittedSounds, cfg: Config, *, spec: str, tracks: int) -> bool:
    """Of another spec or size, or the catalogue is no longer the one it was fitted on."""
    grown = abs(tracks - fitted.tracks) > cfg.catalogue.refit_share * fitted.tracks
    return fitted.feature_spec != spec or fitted.components != cfg.catalogue.sound_components or grown


def _fit(cfg: Config, features: DataFrame, *, spec: str, tracks: int) -> FittedSounds:
    size = len(features.select("vector").head()["vector"])  # type: ignore[index]
    components = min(cfg.catalogue.sound_components, size) if tracks >= FEWEST_TRACKS else None
    pipeline = sounds_pipeline(components=components).fit(features.select("track_id", "content_hash", "vector"))
    manifest = {
        "feature_spec": spec,
        "tracks": tracks,
        "features": size,
        "components": cfg.catalogue.sound_components,
        "explained_variance": explained_variance(pipeline),
    }
    version = save_sounds(cfg, pipeline, manifest)
    return FittedSounds(version, spec, tracks, cfg.catalogue.sound_components, pipeline)
