"""Files of model artefacts: a folder per version with its arrays and manifest, and a pointer to the current one.

A version is written under a temporary name, brought to the disk and renamed when it is complete, and the pointer is
replaced in one step, so neither a reader nor a power cut ever meets half of either.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spotistream.errors import ModelError
from spotistream.io.durable import replace_durably, sync_folder, write_durably
from spotistream.io.versions import Version, superfluous

log = logging.getLogger(__name__)

ARRAYS_FILE, MANIFEST_FILE = "arrays.npz", "manifest.json"
POINTER, PREVIOUS, PIN = "current", "previous", "pinned"
LOCK = ".lock"
"""Held by whoever makes another version current."""
_DRAFT, _GONE = ".draft-", ".gone-"
_LEFT_BEHIND_S = 24 * 3600.0
"""A draft of that age was left by a process that was killed."""
_RETRAIN = "train it again: spotistream run train_model"


def save_artefact(
    models: Path,
    arrays: Mapping[str, NDArray[Any]],
    manifest: Mapping[str, Any],
    *,
    make_current: bool = True,
    unpin: bool = False,
) -> Path:
    """Write a version (``manifest["version"]`` names it), make it the current one, and remove what nobody wants again.

    make_current : without, it is only kept; a trained version does not replace a pinned one either
    unpin : what is pinned is released, so this one replaces it
    ``manifest["extends"]`` names the version it is with other tracks; ``trained_version`` is added: the one at the
    beginning of that line, itself where it was trained.
    """
    models.mkdir(parents=True, exist_ok=True)
    version = manifest["version"]
    draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=models))
    try:
        _write(draft, arrays, {**manifest, "trained_version": _trained_version(manifest)})
        draft.chmod(0o755)
        draft.rename(models / version)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    sync_folder(models)
    if unpin:
        release(models)
    pinned = pinned_version(models)
    if make_current and pinned is not None and "extends" not in manifest:
        log.warning("model %s is kept and not used: %s is pinned", version, pinned)
    elif make_current:
        point_to(models, version)
    _remove_superfluous(models, version)
    return models / version


def _write(folder: Path, arrays: Mapping[str, NDArray[Any]], manifest: Mapping[str, Any]) -> None:
    with (folder / ARRAYS_FILE).open("w+b") as file:
        np.savez(file, **dict[str, Any](arrays))
        file.flush()
        os.fsync(file.fileno())
        size = file.tell()
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    complete = {**manifest, "arrays_sha256": digest, "arrays_bytes": size}
    write_durably(folder / MANIFEST_FILE, json.dumps(complete, indent=1, sort_keys=True).encode())
    sync_folder(folder)


def _trained_version(manifest: Mapping[str, Any]) -> str:
    if "extends" not in manifest:
        return str(manifest["version"])
    return str(manifest.get("trained_version") or manifest["extends"])


def _remove_superfluous(models: Path, written: str) -> None:
    """Each addition to the catalogue makes a version: those that nobody will go back to are removed.

    A folder loses its name first, so nobody meets half of one.
    """
    in_use = (written, current_version(models), previous_version(models), pinned_version(models))
    for name in superfluous(versions(models, verify=False), in_use=in_use):
        gone = Path(tempfile.mkdtemp(prefix=_GONE, dir=models))
        try:
            (models / name).rename(gone / name)
        except FileNotFoundError:
            log.debug("model %s was removed by another process", name)
        shutil.rmtree(gone, ignore_errors=True)
    for prefix in (_DRAFT, _GONE):
        for left in models.glob(f"{prefix}*"):
            if _age_s(left) > _LEFT_BEHIND_S:
                shutil.rmtree(left, ignore_errors=True)


def _age_s(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def point_to(models: Path, version: str) -> None:
    """Make ``version`` the current one, and note which one was before."""
    before = current_version(models)
    if before == version:
        return
    models.mkdir(parents=True, exist_ok=True)
    if before is not None:
        replace_durably(models / PREVIOUS, before.encode())
    replace_durably(models / POINTER, version.encode())


def pin(models: Path, version: str) -> None:
    """Make ``version`` the current one until ``release``: no training replaces it, extensions of it do."""
    replace_durably(models / PIN, version.encode())
    point_to(models, version)


def release(models: Path) -> None:
    """The next training may replace the current version again."""
    (models / PIN).unlink(missing_ok=True)


def current_version(models: Path) -> str | None:
    """The version in use, ``None`` where nothing was trained yet."""
    return _name_in(models / POINTER)


def previous_version(models: Path) -> str | None:
    """The version that was in use before the current one, ``None`` where there was none."""
    return _name_in(models / PREVIOUS)


def pinned_version(models: Path) -> str | None:
    """The version an operator chose to stay, ``None`` where training decides."""
    return _name_in(models / PIN)


def _name_in(pointer: Path) -> str | None:
    try:
        return pointer.read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def versions(models: Path, *, verify: bool = True) -> list[Version]:
    """Every version there is, newest first, broken ones with their problem.

    verify : the checksums too, which reads every file; without, manifests and sizes
    Folders that hold neither arrays nor a manifest are something else and are left out.
    """
    folders = [path for path in models.iterdir() if not path.name.startswith(".")] if models.is_dir() else []
    held = [path for path in folders if (path / ARRAYS_FILE).exists() or (path / MANIFEST_FILE).exists()]
    found = [version_in(models, path.name, verify=verify) for path in held]
    there = [one for one in found if (models / one.name).is_dir()]  # another process may have removed some meanwhile
    return sorted(there, key=lambda one: (-one.made, one.name))


def version_in(models: Path, name: str, *, verify: bool = True) -> Version:
    """One of them."""
    folder = models / name
    manifest: dict[str, Any] = {}
    made = _written(folder)
    try:
        manifest = load_manifest(models, name)
        if "created_at" in manifest:
            made = datetime.fromisoformat(manifest["created_at"]).timestamp()
        _check_arrays(folder / ARRAYS_FILE, manifest, verify=verify)
    except ModelError as exc:
        return Version(name, made, manifest, exc.problem)
    except (TypeError, ValueError) as exc:
        return Version(name, made, manifest, f"its manifest cannot be used ({exc})")
    return Version(name, made, manifest)


def _written(folder: Path) -> float:
    """When the files of a version were written, seconds since 1970; other files beside them do not count."""
    times = [0.0]
    for name in (ARRAYS_FILE, MANIFEST_FILE):
        with suppress(FileNotFoundError):
            times.append((folder / name).stat().st_mtime)
    return max(times)


def _check_arrays(file: Path, manifest: Mapping[str, Any], *, verify: bool) -> None:
    try:
        size = file.stat().st_size
        if size != manifest.get("arrays_bytes", size):
            raise ModelError(file, f"{ARRAYS_FILE} has {size:,} bytes, not the manifest's", remedy=_RETRAIN)
        if verify:
            with file.open("rb") as stored:
                digest = hashlib.file_digest(stored, "sha256").hexdigest()
            if digest != manifest.get("arrays_sha256"):
                raise ModelError(file, f"the checksum of {ARRAYS_FILE} is not the manifest's", remedy=_RETRAIN)
    except OSError as exc:
        raise ModelError(file, f"{ARRAYS_FILE} cannot be read ({exc.strerror})", remedy=_RETRAIN) from exc


def load_manifest(models: Path, version: str) -> dict[str, Any]:
    """What the manifest of a version says."""
    try:
        manifest = json.loads((models / version / MANIFEST_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise ModelError(models / version, f"its manifest cannot be read ({exc})", remedy=_RETRAIN) from exc
    if not isinstance(manifest, dict):
        raise ModelError(models / version, "its manifest is none", remedy=_RETRAIN)
    if manifest.get("version", version) != version:
        raise ModelError(models / version, f"its manifest is that of {manifest['version']}", remedy=_RETRAIN)
    return manifest


def load_artefact(models: Path, version: str) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Arrays and manifest of a version. Raises ``ModelError`` where a file is missing or was changed."""
    manifest = load_manifest(models, version)
    path = models / version / ARRAYS_FILE
    try:
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != manifest.get("arrays_sha256"):
                raise ModelError(path, "its checksum is not the manifest's", remedy=_RETRAIN)
            file.seek(0)
            with np.load(file, allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as exc:
        raise ModelError(path, f"it cannot be read ({exc})", remedy=_RETRAIN) from exc
    return arrays, manifest
