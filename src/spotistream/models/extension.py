"""A trained model with tracks that came, changed or went since: nothing is trained again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spotistream.models.hybrid import HybridModel


@dataclass(frozen=True)
class TrackFacts:
    """What a model holds of tracks that it has not learned from plays.

    track_ids, artist_ids : (m,) str, each track once
    playable : (m,) bool
    duration_ms : (m,) float32, NaN where unknown
    sounds : (m, d) float32 of the model's own ``sounds_version``, zero rows for tracks without
    """

    track_ids: NDArray[np.str_]
    artist_ids: NDArray[np.str_]
    playable: NDArray[np.bool_]
    duration_ms: NDArray[np.float32]
    sounds: NDArray[np.float32]


def extended(model: HybridModel, facts: TrackFacts, *, version: str) -> HybridModel:
    """The model with these tracks as they are now, under a version of its own.

    A track the model knew keeps its factors and popularity. A new one has neither: it is recommended for its sound.
    """
    old = np.array([model.index.get(track_id, -1) for track_id in facts.track_ids.tolist()], dtype=np.int64)
    known, new = old >= 0, old < 0
    given = {name: getattr(facts, name) for name in ("artist_ids", "playable", "duration_ms", "sounds")}
    columns: dict[str, NDArray[Any]] = {"track_ids": np.concatenate([model.track_ids, facts.track_ids[new]])}
    for name, values in given.items():
        before = getattr(model, name).copy().astype(np.promote_types(getattr(model, name).dtype, values.dtype))
        before[old[known]] = values[known]
        columns[name] = np.concatenate([before, values[new]])
    for name in ("factors", "popularity"):
        before = getattr(model, name)
        columns[name] = np.concatenate([before, np.zeros((int(new.sum()), *before.shape[1:]), dtype=before.dtype)])
    order = np.argsort(columns["track_ids"], kind="stable")
    ordered: dict[str, Any] = {name: values[order] for name, values in columns.items()}
    return replace(model, version=version, **ordered)


def differs(model: HybridModel, facts: TrackFacts) -> NDArray[np.bool_]:
    """Which of the tracks are new to the model or not as it knows them: bool (m,).

    A track that cannot be played, has no sound and is unknown to the model is of no use to it.
    """
    different = np.zeros(len(facts.track_ids), dtype=np.bool_)
    for row, track_id in enumerate(facts.track_ids.tolist()):
        i = model.index.get(track_id)
        if i is None:
            different[row] = bool(facts.playable[row]) or bool(facts.sounds[row].any())
        else:
            different[row] = (
                facts.playable[row] != model.playable[i]
                or facts.artist_ids[row] != model.artist_ids[i]
                or not np.array_equal(facts.duration_ms[row], model.duration_ms[i], equal_nan=True)
                or not np.array_equal(facts.sounds[row], model.sounds[i])
            )
    return different


def chosen(facts: TrackFacts, rows: NDArray[np.bool_]) -> TrackFacts:
    """Some of the tracks."""
    return TrackFacts(**{name: getattr(facts, name)[rows] for name in TrackFacts.__dataclass_fields__})
