"""Which batch jobs have something new to do: a fingerprint of what each reads, kept when it has succeeded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from spotistream.audio.spec import spec_of
from spotistream.catalogue.folder import is_uri
from spotistream.config import Config
from spotistream.errors import ModelError
from spotistream.files import replace_text
from spotistream.io import artefacts
from spotistream.io.delta import table_version
from spotistream.serving.positions import messages_in
from spotistream.tables import PLAYS_TOPIC, TRACK_FEATURES, TRACK_FILES, TRACK_METADATA, TRACK_SOUNDS, TRACKS

FILE = "fingerprints.json"
FOR_TRAINING = ("ingest_tracks", "ingest_plays", "train_model")


def fingerprint(cfg: Config, job: str) -> str | None:
    """What the job would read now; ``None`` for a job that is not judged by it. Taken before the job runs."""
    if job == "extract_features" and cfg.audio.folder and not is_uri(cfg.audio.folder):
        return _digest(
            [cfg.audio.folder, _files(Path(cfg.audio.folder)), asdict(cfg.audio), spec_of(cfg.audio.preset).id]
        )
    if job == "publish":
        return _digest([table_version(cfg, table) for table in (TRACK_FILES, TRACK_METADATA, TRACK_FEATURES)])
    if job == "find_topics":  # it makes the sounds itself
        return _digest([table_version(cfg, table) for table in (TRACK_FEATURES, TRACKS)])
    if job == "train_genres":
        wanted = [cfg.catalogue.genre_tracks, cfg.catalogue.genre_probability]
        return _digest([*wanted, *(table_version(cfg, table) for table in (TRACK_FEATURES, TRACKS))])
    if job == "map_tracks":
        return _digest([table_version(cfg, table) for table in (TRACK_SOUNDS, TRACKS)])
    if job == "import_metadata" and cfg.catalogue.metadata:
        return _digest([cfg.catalogue.metadata, _files(Path(cfg.catalogue.metadata))])
    return None


def is_stale(cfg: Config, job: str, found: str | None) -> bool:
    """Whether the job has something new to do.

    Training, and what is ingested for its sake, has when the current model is no longer good enough; a job with a
    fingerprint when it did not succeed on that yet; any other always.
    """
    if job in FOR_TRAINING:
        return not model_is_good(cfg)
    if job == "find_topics" and not model_is_good(cfg):  # what is popular in each follows the plays as training does
        return True
    return found is None or _stored(cfg).get(job) != found


def remember(cfg: Config, job: str, found: str) -> None:
    """Note that the job has succeeded on what this fingerprint stands for."""
    replace_text(cfg.home / "run" / FILE, json.dumps({**_stored(cfg), job: found}, indent=1))


def model_is_good(cfg: Config) -> bool:
    """Training would hardly give a better one.

    The current model, or one trained after it that was refused, has these settings and features, and plays grew by at
    most ``model.retrain_share`` since; or an operator has pinned the current one, and it can be read.
    """
    models = Path(cfg.paths.models)
    version = artefacts.current_version(models)
    if version is None:
        return False
    try:
        manifest = artefacts.load_manifest(models, version)
    except ModelError:
        return False
    if artefacts.pinned_version(models) is not None:
        return True
    refused = [one.manifest for one in artefacts.versions(models, verify=False) if one.refused is not None]
    return any(_is_up_to_date(cfg, trained) for trained in (manifest, *refused))


def _is_up_to_date(cfg: Config, manifest: Mapping[str, Any]) -> bool:
    """What the manifest says it was trained on is what there is."""
    if manifest.get("settings") != asdict(cfg.model):
        return False
    if manifest.get("data_versions", {}).get(TRACK_FEATURES.name) != table_version(cfg, TRACK_FEATURES):
        return False
    seen = manifest.get("messages")
    if seen is None:
        return False
    grown = messages_in(cfg.kafka, PLAYS_TOPIC) - seen
    return bool(0 <= grown <= cfg.model.retrain_share * max(1, seen))


def _files(folder: Path) -> list[tuple[str, int, int]]:
    """Every file with its size in bytes and time of change in ns; a file stands for itself."""
    paths = sorted(folder.rglob("*")) if folder.is_dir() else [folder]
    found = ((path, path.stat()) for path in paths if path.is_file())
    return [(str(path.relative_to(folder)), stat.st_size, stat.st_mtime_ns) for path, stat in found]


def _stored(cfg: Config) -> Mapping[str, str]:
    try:
        stored = json.loads((cfg.home / "run" / FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return stored if isinstance(stored, dict) else {}


def _digest(facts: Any) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
