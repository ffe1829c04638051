"""The genre classifier on disk: versions in a folder of their own, a picture of its confusion beside its arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spotistream.config import Config
from spotistream.errors import ModelError
from spotistream.io import artefacts
from spotistream.models.genres import GenreClassifier

FOLDER, PICTURE = "genres", "confusion.png"
REMEDY = "train it again: spotistream run train_genres"


@dataclass(frozen=True, eq=False)
class StoredClassifier:
    """The classifier in use, and what its manifest says of it."""

    version: str
    manifest: Mapping[str, Any]
    classifier: GenreClassifier


def classifier_folder(cfg: Config) -> Path:
    """Where the versions are."""
    return Path(cfg.paths.models) / FOLDER


def save_classifier(cfg: Config, classifier: GenreClassifier, manifest: Mapping[str, Any], picture: bytes) -> Path:
    """Keep a classifier under its manifest's ``version`` and make it the current one; its folder."""
    folder = artefacts.save_artefact(classifier_folder(cfg), classifier.arrays(), manifest)
    (folder / PICTURE).write_bytes(picture)
    return folder


def current_classifier(cfg: Config) -> StoredClassifier | None:
    """The classifier in use, None where none was trained yet. Raises ``ModelError`` where it cannot be read."""
    folder = classifier_folder(cfg)
    version = artefacts.current_version(folder)
    if version is None:
        return None
    try:
        arrays, manifest = artefacts.load_artefact(folder, version)
        return StoredClassifier(version, manifest, GenreClassifier.from_arrays(arrays))
    except KeyError as exc:
        raise ModelError(folder / version, f"it lacks {exc}", remedy=REMEDY) from exc
    except ModelError as exc:
        raise ModelError(exc.path, exc.problem, remedy=REMEDY) from exc
