"""Models whose parts are given, not learned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from spotistream.models.als import Als, FoldIn
from spotistream.models.contract import Recommender
from spotistream.models.hybrid import Hybrid
from spotistream.models.popularity import Popularity
from spotistream.models.served import ServedModel
from spotistream.models.sound_likeness import SoundLikeness
from spotistream.models.weighting import Normalisation

WEIGHTS = {"als": 1.0, "content": 0.4, "popularity": 0.1}


def served_model(
    track_ids: Sequence[str],
    *,
    factors: object = None,
    sounds: object = None,
    popularity: object = None,
    artist_ids: Sequence[str] | None = None,
    playable: Sequence[bool] | None = None,
    duration_ms: Sequence[float] | None = None,
    topics: Sequence[str] | None = None,
    weights: Mapping[str, float] = WEIGHTS,
    version: str = "m1",
) -> ServedModel:
    """A hybrid of the parts for which there is something: ``als`` of ``factors``, ``content`` of ``sounds``."""
    n = len(track_ids)
    scale = Normalisation("log", 0.0, 0.0, np.ones(n, dtype=np.float32), 1.0, 1.0)
    shares = np.zeros(n) if popularity is None else popularity
    parts: dict[str, Recommender] = {"popularity": Popularity(np.asarray(shares, dtype=np.float32))}
    if factors is not None:
        vectors = np.asarray(factors, dtype=np.float32)
        parts["als"] = Als(vectors, FoldIn(20.0, 0.1, by_count=False), scale, np.zeros((0, 0), dtype=np.float32))
    if sounds is not None:
        parts["content"] = SoundLikeness(np.asarray(sounds, dtype=np.float32), scale)
    return ServedModel(
        version=version,
        feature_spec="fast-1",
        sounds_version="s1",
        track_ids=np.array(track_ids),
        artist_ids=np.array(artist_ids or [f"a:{track_id}" for track_id in track_ids]),
        playable=np.ones(n, dtype=bool) if playable is None else np.array(playable, dtype=bool),
        duration_ms=np.full(n, 1000.0, dtype=np.float32) if duration_ms is None else np.array(duration_ms, np.float32),
        topics=np.array(topics or [""] * n),
        hybrid=Hybrid(parts, {name: weights[name] for name in parts}),
    )
