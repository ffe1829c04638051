"""The normalisation of features: what is learned, what comes out in batch and stream, what is refused."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyspark.sql import DataFrame, SparkSession

from spotistream.config import Config
from spotistream.errors import InputError, ModelError
from spotistream.io import delta
from spotistream.io.artefacts import load_manifest
from spotistream.io.fitted_sounds import current_sounds, sounds_folder
from spotistream.models.sounds import explained_variance, sounds, sounds_pipeline
from spotistream.pipelines import fit_sounds
from spotistream.tables import TRACK_FEATURES, TRACK_SOUNDS


def features(spark: SparkSession, vectors: list[list[float | None]], *, spec: str = "fast-1") -> DataFrame:
    schema = ", ".join(f"`{column.name}` {column.type}" for column in TRACK_FEATURES.fields)
    rows: list[dict[str, Any]] = [
        {"track_id": f"t:{i:03}", "feature_spec": spec, "content_hash": f"{i:03}", "vector": vector}
        for i, vector in enumerate(vectors)
    ]
    return spark.createDataFrame([tuple(row.get(name) for name in TRACK_FEATURES.columns) for row in rows], schema)


def random_vectors(n: int = 60, size: int = 6) -> list[list[float]]:
    """Two hidden causes behind six features of very different units."""
    rng = np.random.default_rng(3)
    causes = rng.normal(size=(n, 2)) @ rng.normal(size=(2, size)) + 0.05 * rng.normal(size=(n, size))
    return (causes * np.logspace(-3, 4, size) + 50).astype(np.float32).tolist()


def by_track(frame: DataFrame) -> dict[str, np.ndarray]:
    return {row["track_id"]: np.array(row["sound"], dtype=np.float32) for row in frame.collect()}


def test_sounds_are_the_principal_components_of_the_standardised_features(spark: SparkSession) -> None:
    vectors = random_vectors()
    fitted = sounds_pipeline(components=2).fit(features(spark, vectors))
    found = np.stack(list(by_track(sounds(fitted, features(spark, vectors)).orderBy("track_id")).values()))
    values = np.array(vectors, dtype=np.float64)
    standardised = ((values - values.mean(axis=0)) / values.std(axis=0, ddof=1)).clip(-5, 5)
    _, scale, axes = np.linalg.svd(standardised - standardised.mean(axis=0), full_matrices=False)
    expected = standardised @ axes[:2].T
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    assert found @ found.T == pytest.approx(expected @ expected.T, abs=1e-5)
    assert explained_variance(fitted) == pytest.approx((scale**2 / (scale**2).sum())[:2], rel=1e-9)
    assert sum(explained_variance(fitted)) > 0.98


def test_a_missing_value_becomes_the_mean_and_is_counted(spark: SparkSession) -> None:
    vectors: list[list[float | None]] = [*random_vectors()]
    vectors[0] = [None, math.nan, *vectors[0][2:]]
    vectors[1] = [math.inf, *vectors[1][1:]]
    vectors[2] = [None, None, None, math.nan, *vectors[2][4:]]
    fitted = sounds_pipeline(components=2).fit(features(spark, vectors))
    rows = {row["track_id"]: row["missing"] for row in sounds(fitted, features(spark, vectors)).collect()}
    assert (rows["t:000"], rows["t:001"], rows["t:003"]) == (2, 1, 0)
    assert "t:002" not in rows
    there = [row[0] for row in vectors if row[0] is not None and math.isfinite(row[0])]
    assert fitted.stages[0].getOrDefault("means")[0] == pytest.approx(np.mean(there, dtype=np.float64))


def test_a_feature_that_never_varies_says_nothing(spark: SparkSession) -> None:
    vectors = [[*row, 7.0] for row in random_vectors()]
    fitted = sounds_pipeline(components=7).fit(features(spark, vectors))
    assert all(np.isfinite(sound).all() for sound in by_track(sounds(fitted, features(spark, vectors))).values())


def test_the_saved_pipeline_gives_the_same_in_batch_and_stream(
    spark: SparkSession, cfg: Config, tmp_path: Path
) -> None:
    frame = features(spark, [*random_vectors()])
    delta.merge(spark, cfg, TRACK_FEATURES, frame)
    summary = fit_sounds.run(spark, cfg)
    assert "60 tracks, 60 of them new; 0 with missing values" in summary
    batch = by_track(delta.existing_table(spark, cfg, TRACK_SOUNDS))
    fitted = current_sounds(cfg)
    assert fitted is not None
    source, out = str(tmp_path / "source"), {}
    frame.write.parquet(source)

    def keep(part: DataFrame, _: int) -> None:
        out.update(by_track(sounds(fitted.pipeline, part)))

    query = spark.readStream.schema(frame.schema).parquet(source).writeStream.foreachBatch(keep)
    query = query.trigger(availableNow=True).option("checkpointLocation", str(tmp_path / "checkpoint"))
    query.start().awaitTermination()
    assert out.keys() == batch.keys()
    assert all(np.array_equal(out[track], batch[track]) for track in batch)
    manifest = load_manifest(sounds_folder(cfg), fitted.version)
    assert (manifest["feature_spec"], manifest["tracks"], len(manifest["explained_variance"])) == ("fast-1", 60, 6)


def test_it_is_fitted_again_only_when_the_catalogue_has_outgrown_it(spark: SparkSession, cfg: Config) -> None:
    vectors = random_vectors(80)
    delta.merge(spark, cfg, TRACK_FEATURES, features(spark, [*vectors[:60]]))
    fit_sounds.run(spark, cfg)
    first = current_sounds(cfg)
    delta.merge(spark, cfg, TRACK_FEATURES, features(spark, [*vectors[:70]]))
    assert "70 tracks, 10 of them new" in fit_sounds.run(spark, cfg)
    assert current_sounds(cfg).version == first.version
    delta.merge(spark, cfg, TRACK_FEATURES, features(spark, [*vectors]))
    assert "80 tracks, 80 of them new" in fit_sounds.run(spark, cfg)
    assert current_sounds(cfg).version != first.version
    versions = {row["sounds_version"] for row in delta.existing_table(spark, cfg, TRACK_SOUNDS).collect()}
    assert versions == {current_sounds(cfg).version}


@pytest.mark.parametrize("n", [1, 2])
def test_one_or_two_tracks_have_no_components_and_no_error(spark: SparkSession, cfg: Config, n: int) -> None:
    delta.merge(spark, cfg, TRACK_FEATURES, features(spark, [*random_vectors(n)]))
    assert f"no PCA: too few tracks; {n:,} tracks" in fit_sounds.run(spark, cfg)


def test_vectors_of_two_specs_are_refused_in_one_line(spark: SparkSession, cfg: Config) -> None:
    vectors = random_vectors(3)
    delta.merge(spark, cfg, TRACK_FEATURES, features(spark, [*vectors]))
    other = features(spark, [vectors[0]], spec="full-1")
    delta.merge(spark, cfg, TRACK_FEATURES, other)
    with pytest.raises(InputError) as refused:
        fit_sounds.run(spark, cfg)
    assert str(refused.value) == (
        "table track_features: holds vectors of several specs, which do not compare: fast-1 for 2 tracks, full-1 for "
        "1 tracks; extract or import them again with one spec (setting audio.preset)"
    )


def test_a_damaged_pipeline_is_named_and_fitted_again(spark: SparkSession, cfg: Config) -> None:
    delta.merge(spark, cfg, TRACK_FEATURES, features(spark, [*random_vectors()]))
    fit_sounds.run(spark, cfg)
    broken = current_sounds(cfg).version
    for part in (sounds_folder(cfg) / broken / "pipeline" / "metadata").iterdir():
        part.unlink()
    with pytest.raises(ModelError, match="it cannot be read"):
        current_sounds(cfg)
    assert "60 tracks, 60 of them new" in fit_sounds.run(spark, cfg)
    assert current_sounds(cfg).version != broken


def test_other_components_are_fitted_anew(spark: SparkSession, cfg: Config) -> None:
    delta.merge(spark, cfg, TRACK_FEATURES, features(spark, [*random_vectors()]))
    fit_sounds.run(spark, cfg)
    narrow = replace(cfg, catalogue=replace(cfg.catalogue, sound_components=3))
    assert "3 components" in fit_sounds.run(spark, narrow)
    assert {len(sound) for sound in by_track(delta.existing_table(spark, cfg, TRACK_SOUNDS)).values()} == {3}
