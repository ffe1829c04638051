"""Files of the fitted pipelines behind table ``track_sounds``: a folder for each version, a pointer to the current."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pyspark.ml import PipelineModel

from spotistream.config import Config
from spotistream.errors import ModelError
from spotistream.io import artefacts

FOLDER, PIPELINE = "sounds", "pipeline"
REMEDY = "fit it again: spotistream run fit_sounds"


@dataclass(frozen=True)
class FittedSounds:
    """A fitted pipeline and what it was fitted on.

    version : names it in table ``track_sounds``
    feature_spec : of the vectors it takes
    tracks : number of vectors it was fitted on
    components : asked of the PCA
    """

    version: str
    feature_spec: str
    tracks: int
    components: int
    pipeline: PipelineModel


def sounds_folder(cfg: Config) -> Path:
    """Where the versions are."""
    return Path(cfg.paths.models) / FOLDER


def save_sounds(cfg: Config, pipeline: PipelineModel, manifest: dict[str, Any]) -> str:
    """Keep a fitted pipeline with its manifest and make it the current one; its version.

    The pipeline is complete before the pointer names it, so a reader never meets half of one.
    """
    folder = sounds_folder(cfg)
    version = f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-{manifest['feature_spec']}"
    draft = folder / f".draft-{version}"
    try:
        pipeline.write().overwrite().save((draft / PIPELINE).as_uri())
        text = json.dumps({**manifest, "version": version}, indent=1, sort_keys=True)
        (draft / artefacts.MANIFEST_FILE).write_text(text, encoding="utf-8")
        draft.rename(folder / version)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    artefacts.point_to(folder, version)
    return version


def current_sounds(cfg: Config) -> FittedSounds | None:
    """The pipeline in use, ``None`` where none was fitted yet. Raises ``ModelError`` where it cannot be read."""
    folder = sounds_folder(cfg)
    version = artefacts.current_version(folder)
    if version is None:
        return None
    manifest = artefacts.load_manifest(folder, version)
    try:
        pipeline = PipelineModel.load((folder / version / PIPELINE).as_uri())
        return FittedSounds(version, manifest["feature_spec"], manifest["tracks"], manifest["components"], pipeline)
    except KeyError as exc:
        raise ModelError(folder / version, f"its manifest lacks {exc}", remedy=REMEDY) from exc
    except Exception as exc:  # whatever Spark makes of a missing or damaged file
        raise ModelError(folder / version, f"it cannot be read ({str(exc).splitlines()[0]})", remedy=REMEDY) from exc
