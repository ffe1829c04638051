"""Which batch jobs have something new to do: a fingerprint of what each reads, kept when it has succeeded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from spotistream.config import Config
from spotistream.io import artefacts
from spotistream.io.delta import table_version
from spotistream.serving.positions import messages_in
from spotistream.tables import PLAYS_TOPIC, TRACK_FEATURES, TRACK_FILES

FILE = "fingerprints.json"


def extract_features(cfg: Config) -> str:
    """Every file of the folder with its size and time of change, and how features are computed."""
    folder = Path(cfg.audio.folder)
    files = [
        (str(path.relative_to(folder)), stat.st_size, stat.st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and (stat := path.stat())
    ]
    return _digest([str(folder), files, asdict(cfg.audio)])


def publish(cfg: Config) -> str:
    """Versions of the tables it reads."""
    return _digest([table_version(cfg, TRACK_FILES), table_version(cfg, TRACK_FEATURES)])


def simulate_past(cfg: Config) -> str:
    """Settings of the simulation and the folder whose tracks it plays."""
    return _digest([asdict(cfg.simulation), cfg.audio.folder])


def train_model(cfg: Config) -> str:
    """The current model itself where it is good enough, else nothing it could equal.

    It is good enough while settings and features are the same and plays grew by no more than ``model.retrain_share``.
    """
    models = Path(cfg.paths.models)
    version = artefacts.current_version(models)
    manifest = artefacts.load_manifest(models, version) if version else None
    if manifest is None or manifest["settings"] != asdict(cfg.model):
        return "stale"
    if manifest["data_versions"][TRACK_FEATURES.name] != table_version(cfg, TRACK_FEATURES):
        return "stale"
    grown = messages_in(cfg.kafka, PLAYS_TOPIC) - manifest["plays"]
    return "stale" if grown > cfg.model.retrain_share * max(1, manifest["plays"]) else f"model {version}"


def is_stale(cfg: Config, job: str, fingerprint: str) -> bool:
    """The job did not succeed yet on what this fingerprint stands for."""
    if job == "train_model":
        return fingerprint == "stale"
    return _stored(cfg).get(job) != fingerprint


def remember(cfg: Config, job: str, fingerprint: str) -> None:
    """Note that the job has succeeded on what this fingerprint stands for."""
    folder = cfg.home / "run"
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{FILE}"
    draft.write_text(json.dumps({**_stored(cfg), job: fingerprint}, indent=1), encoding="utf-8")
    draft.replace(folder / FILE)


def _stored(cfg: Config) -> Mapping[str, str]:
    try:
        stored = json.loads((cfg.home / "run" / FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return stored if isinstance(stored, dict) else {}


def _digest(facts: Any) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
