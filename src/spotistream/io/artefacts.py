"""Files of model artefacts: a folder per version with its arrays and manifest, and a pointer to the current one.

A version is written under a temporary name and renamed when it is complete, and the pointer is replaced in one step,
so a reader never meets half of either.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spotistream.errors import ModelError
from spotistream.files import replace_text

ARRAYS_FILE, MANIFEST_FILE, POINTER = "arrays.npz", "manifest.json", "current"
KEPT_VERSIONS = 5
"""Versions kept beside the current one, to go back to."""
_RETRAIN = "train it again: spotistream run train_model"


def save_artefact(models: Path, arrays: Mapping[str, NDArray[Any]], manifest: Mapping[str, Any]) -> Path:
    """Write a version (``manifest["version"]`` names it) and make it the current one."""
    models.mkdir(parents=True, exist_ok=True)
    version = manifest["version"]
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=models))
    try:
        np.savez(draft / ARRAYS_FILE, **dict[str, Any](arrays))
        digest = hashlib.sha256((draft / ARRAYS_FILE).read_bytes()).hexdigest()
        complete = {**manifest, "arrays_sha256": digest}
        (draft / MANIFEST_FILE).write_text(json.dumps(complete, indent=1, sort_keys=True), encoding="utf-8")
        draft.chmod(0o755)
        draft.rename(models / version)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    point_to(models, version)
    _remove_old(models, version)
    return models / version


def _remove_old(models: Path, current: str) -> None:
    """Keep the newest versions only: each addition to the catalogue makes one."""
    folders = {path: path.stat().st_mtime_ns for path in models.iterdir() if (path / ARRAYS_FILE).is_file()}
    folders.pop(models / current, None)
    for path in sorted(folders, key=folders.__getitem__)[: -KEPT_VERSIONS or None]:
        shutil.rmtree(path, ignore_errors=True)


def point_to(models: Path, version: str) -> None:
    """Make ``version`` the current one."""
    replace_text(models / POINTER, version)


def current_version(models: Path) -> str | None:
    """The version in use, ``None`` where nothing was trained yet."""
    try:
        return (models / POINTER).read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def load_manifest(models: Path, version: str) -> dict[str, Any]:
    """What the manifest of a version says."""
    try:
        manifest = json.loads((models / version / MANIFEST_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise ModelError(models / version, f"its manifest cannot be read ({exc})", remedy=_RETRAIN) from exc
    if not isinstance(manifest, dict):
        raise ModelError(models / version, "its manifest is none", remedy=_RETRAIN)
    return manifest


def load_artefact(models: Path, version: str) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Arrays and manifest of a version. Raises ``ModelError`` where a file is missing or was changed."""
    manifest = load_manifest(models, version)
    file = models / version / ARRAYS_FILE
    try:
        content = file.read_bytes()
        if hashlib.sha256(content).hexdigest() != manifest.get("arrays_sha256"):
            raise ModelError(file, "its checksum is not the manifest's", remedy=_RETRAIN)
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except (OSError, ValueError) as exc:
        raise ModelError(file, f"it cannot be read ({exc})", remedy=_RETRAIN) from exc
    return arrays, manifest
