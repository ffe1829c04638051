"""The model that serves: the hybrid of a training, and what the catalogue says of its tracks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spotistream.models.candidate_search import CandidateSearch
from spotistream.models.contract import Recommender
from spotistream.models.hybrid import Hybrid
from spotistream.models.interactions import Floats
from spotistream.models.sound_likeness import SoundLikeness

FACTS = ("track_ids", "artist_ids", "playable", "duration_ms", "topics")
BY_LISTENERS = ("ease", "als", "cooccurrence")
"""Parts that know which tracks the same listeners play, the one to ask first."""


@dataclass(frozen=True)
class ServedModel:
    """A trained model of ``n`` tracks.

    sounds_version : of the normalisation its sounds come from; empty without
    track_ids : (n,) str, sorted
    artist_ids : (n,) str
    playable : (n,) bool
    duration_ms : (n,) float32, NaN where unknown
    topics : (n,) str, the topic of music a track is in; empty where it is in none
    artists : (n,) int64, an index per artist
    """

    version: str
    feature_spec: str
    sounds_version: str
    track_ids: NDArray[np.str_]
    artist_ids: NDArray[np.str_]
    playable: NDArray[np.bool_]
    duration_ms: Floats
    topics: NDArray[np.str_]
    hybrid: Hybrid
    index: Mapping[str, int] = field(init=False, repr=False)
    artists: NDArray[np.int64] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", {track_id: i for i, track_id in enumerate(self.track_ids.tolist())})
        object.__setattr__(self, "artists", np.unique(self.artist_ids, return_inverse=True)[1])

    @cached_property
    def search(self) -> CandidateSearch:
        """Finds the best playable tracks; laid out at its first use, in a second for a hundred thousand tracks."""
        return CandidateSearch(self.hybrid, self.playable)

    @cached_property
    def playable_count(self) -> int:
        return int(self.playable.sum())

    @property
    def sounds(self) -> Floats:
        """(n, d) float32: unit rows, zero rows for tracks without audio; d may be 0."""
        content = self.hybrid.parts.get(SoundLikeness.name)
        if isinstance(content, SoundLikeness):
            return content.sounds
        return np.zeros((len(self.track_ids), 0), dtype=np.float32)

    @property
    def popularity(self) -> Floats:
        """(n,) float32 in [0, 1]: decayed plays relative to the most played track."""
        return self.hybrid.popularity.shares

    @property
    def by_listeners(self) -> Recommender | None:
        """The part that says which tracks the same listeners play; None where plays are too few to have one."""
        return next((self.hybrid.parts[name] for name in BY_LISTENERS if name in self.hybrid.parts), None)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Everything of the model that is not in its manifest."""
        return {**{name: getattr(self, name) for name in FACTS}, **self.hybrid.arrays()}

    @classmethod
    def from_parts(cls, arrays: Mapping[str, NDArray[Any]], manifest: Mapping[str, Any]) -> ServedModel:
        """The model whose ``arrays()`` and manifest these are. Raises ``KeyError`` where a part is missing."""
        return cls(
            version=manifest["version"],
            feature_spec=manifest["feature_spec"],
            sounds_version=manifest["sounds_version"],
            hybrid=Hybrid.from_arrays(arrays),
            **{name: arrays[name] for name in FACTS},
        )

    def duration_of(self, track_id: str) -> float | None:
        """Length of the track in milliseconds; ``None`` where it is unknown."""
        i = self.index.get(track_id)
        return None if i is None or np.isnan(self.duration_ms[i]) else float(self.duration_ms[i])
