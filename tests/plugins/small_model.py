"""A model of made-up tracks, saved as the one in use: no training, the same for the same seed."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from spotistream.config import Config
from spotistream.io import artefacts

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "unit"))
from model_fixtures import served_model


def publish_small_model(cfg: Config, *, tracks: int = 300, version: str = "m1", seed: int = 7) -> list[str]:
    """Make a model of so many tracks the current one, where it is not yet; the ids of the tracks."""
    random = np.random.default_rng(seed)
    track_ids = [f"t:{number:04}" for number in range(tracks)]
    if artefacts.current_version(Path(cfg.paths.models)) == version:
        return track_ids
    sounds = random.normal(size=(tracks, 8))
    model = served_model(
        track_ids,
        factors=random.normal(size=(tracks, 16)) / 4,
        sounds=sounds / np.linalg.norm(sounds, axis=1, keepdims=True),
        popularity=random.random(tracks),
        artist_ids=[f"a:{number % (tracks // 4)}" for number in range(tracks)],
        duration_ms=random.integers(60_000, 400_000, tracks).tolist(),
        version=version,
    )
    manifest = {"version": version, "feature_spec": model.feature_spec, "sounds_version": model.sounds_version}
    artefacts.save_artefact(Path(cfg.paths.models), model.arrays(), manifest)
    return track_ids
