"""A trained model with tracks that came, changed or went since: nothing is trained again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spotistream.models.served import ServedModel


@dataclass(frozen=True)
class TrackFacts:
    """What a model holds of tracks that it has not learned from plays.

    track_ids, artist_ids : (m,) str, each track once
    playable : (m,) bool
    duration_ms : (m,) float32, NaN where unknown
    topics : (m,) str, empty for tracks in none
    sounds : (m, d) float32 of the model's own ``sounds_version``, zero rows for tracks without
    """

    track_ids: NDArray[np.str_]
    artist_ids: NDArray[np.str_]
    playable: NDArray[np.bool_]
    duration_ms: NDArray[np.float32]
    topics: NDArray[np.str_]
    sounds: NDArray[np.float32]


COLUMNS = ("artist_ids", "playable", "duration_ms", "topics", "sounds")
"""What an extension takes from the facts."""


def extended(model: ServedModel, facts: TrackFacts, *, version: str) -> ServedModel:
    """The model with these tracks as they are now, under a version of its own.

    A track the model knew keeps what was learned of it. Of a new one only the sound is known, which also gives it a
    vector among those of the played ones.
    """
    track_ids = np.union1d(model.track_ids, facts.track_ids)
    origin = np.array([model.index.get(track_id, -1) for track_id in track_ids.tolist()], dtype=np.int64)
    given = np.searchsorted(track_ids, facts.track_ids)
    columns: dict[str, Any] = {}
    for name in COLUMNS:
        before, values = getattr(model, name), getattr(facts, name)
        wide = np.promote_types(before.dtype, values.dtype)
        columns[name] = np.zeros((len(track_ids), *before.shape[1:]), dtype=wide)
        columns[name][origin >= 0] = before[origin[origin >= 0]]
        columns[name][given] = values
    hybrid = model.hybrid.with_items(origin, columns.pop("sounds"))
    return replace(model, version=version, track_ids=track_ids, hybrid=hybrid, **columns)


def differs(model: ServedModel, facts: TrackFacts) -> NDArray[np.bool_]:
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
                or facts.topics[row] != model.topics[i]
                or not np.array_equal(facts.duration_ms[row], model.duration_ms[i], equal_nan=True)
                or not np.array_equal(facts.sounds[row], model.sounds[i])
            )
    return different


def chosen(facts: TrackFacts, rows: NDArray[np.bool_]) -> TrackFacts:
    """Some of the tracks."""
    return TrackFacts(**{name: getattr(facts, name)[rows] for name in TrackFacts.__dataclass_fields__})
