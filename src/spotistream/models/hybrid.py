"""The model that serves: factors of implicit ALS, the sound of the tracks and their popularity, blended.

For a listener with weights on the tracks they heard:

- collaborative: their vector is folded in, i.e. one step of implicit ALS with the track factors held fixed (Hu, Koren
  and Volinsky, 2008, equation 4), and multiplied with all track factors;
- content: the weighted mean of the unit feature vectors of what they heard, cosine with all tracks;
- popularity: share of plays, so that a listener of whom nothing is known is offered something.

Every score is a sum over the tracks that were heard, which is where the reason comes from: the heard track that
contributed most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spotistream.models.taste import Taste

Floats = NDArray[np.float32]
ARRAYS = ("track_ids", "artist_ids", "playable", "duration_ms", "factors", "sounds", "popularity")
CAPPED_RANKS = 10
"""The ranks in which an artist stands at most ``max_per_artist`` times."""


@dataclass(frozen=True)
class Weights:
    """Shares of the three parts in a score."""

    collaborative: float
    content: float
    popularity: float


@dataclass(frozen=True)
class HybridModel:
    """A trained model of ``n`` tracks.

    track_ids : (n,) str, sorted
    artist_ids : (n,) str
    playable : (n,) bool
    duration_ms : (n,) float32, NaN where unknown
    factors : (n, f) float32, zero rows for tracks nobody played; f may be 0
    sounds : (n, d) float32, unit rows, zero rows for tracks without audio; d may be 0
    popularity : (n,) float32 in [0, 1], decayed plays relative to the most played track
    artists : (n,) int64, an index per artist
    """

    version: str
    feature_spec: str
    sounds_version: str
    alpha: float
    regularisation: float
    track_ids: NDArray[np.str_]
    artist_ids: NDArray[np.str_]
    playable: NDArray[np.bool_]
    duration_ms: Floats
    factors: Floats
    sounds: Floats
    popularity: Floats
    index: Mapping[str, int] = field(init=False, repr=False)
    artists: NDArray[np.int64] = field(init=False, repr=False)
    gram: NDArray[np.float64] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", {track_id: i for i, track_id in enumerate(self.track_ids.tolist())})
        object.__setattr__(self, "artists", np.unique(self.artist_ids, return_inverse=True)[1])
        wide = self.factors.astype(np.float64)
        object.__setattr__(self, "gram", wide.T @ wide)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Everything of the model that is not in its manifest."""
        return {name: getattr(self, name) for name in ARRAYS}

    @classmethod
    def from_parts(cls, arrays: Mapping[str, NDArray[Any]], manifest: Mapping[str, Any]) -> HybridModel:
        """The model whose ``arrays()`` and manifest these are. Raises ``KeyError`` where a part is missing."""
        return cls(
            version=manifest["version"],
            feature_spec=manifest["feature_spec"],
            sounds_version=manifest["sounds_version"],
            alpha=manifest["settings"]["alpha"],
            regularisation=manifest["settings"]["regularisation"],
            **{name: arrays[name] for name in ARRAYS},
        )

    def duration_of(self, track_id: str) -> float | None:
        """Length of the track in milliseconds; ``None`` where it is unknown."""
        i = self.index.get(track_id)
        return None if i is None or np.isnan(self.duration_ms[i]) else float(self.duration_ms[i])


@dataclass(frozen=True)
class Recommendation:
    """One row of a listener's table. ``reason_track_id`` is the heard track behind it, if one is."""

    rank: int
    track_id: str
    score: float
    reason: str
    reason_track_id: str | None


def recommend(
    model: HybridModel,
    tastes: Sequence[Taste],
    *,
    weights: Weights,
    top_n: int,
    max_per_artist: int,
    exclude_recent: int,
) -> list[list[Recommendation]]:
    """The best ``top_n`` tracks for each listener, best first; ties go to the smaller track id."""
    heard = [_heard(model, taste) for taste in tastes]
    vectors = np.zeros((len(tastes), model.factors.shape[1]))
    inverses = np.zeros((len(tastes), *model.gram.shape))
    for row, (rows, confidence) in enumerate(heard):
        vectors[row], inverses[row] = fold_in(model, rows, confidence)
    profiles = np.stack([_profile(model, *pair) for pair in heard]) if tastes else np.zeros((0, model.sounds.shape[1]))
    scores = (
        weights.collaborative * (vectors.astype(np.float32) @ model.factors.T)
        + weights.content * (profiles.astype(np.float32) @ model.sounds.T)
        + weights.popularity * model.popularity
    )
    tables = []
    for row, taste in enumerate(tastes):
        left_out = _left_out(model, taste, exclude_recent=exclude_recent)
        chosen = top_tracks(
            np.where(left_out, -np.inf, scores[row]), model.artists, top_n=top_n, max_per_artist=max_per_artist
        )
        reasons = _reasons(model, taste, chosen, *heard[row], inverse=inverses[row], weights=weights)
        tables.append([
            Recommendation(rank, str(model.track_ids[i]), round(float(scores[row, i]), 6), *reason)
            for rank, (i, reason) in enumerate(zip(chosen, reasons, strict=True), start=1)
        ])  # fmt: skip
    return tables


def fold_in(
    model: HybridModel, rows: NDArray[np.int64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A listener's vector (f,) from the tracks they heard, and the inverse (f, f) it was solved with.

    A positive weight w is an observation of 1 with confidence 1 + alpha w, a negative one of 0 with the confidence of
    its size. Regularisation is scaled by the number of observations, as Spark's ALS does.
    """
    items = model.factors[rows].astype(np.float64)
    known = items.any(axis=1)
    items, weights = items[known], weights[known]
    size = model.gram.shape[0]
    if not len(items):
        return np.zeros(size), np.zeros((size, size))
    extra = model.alpha * np.abs(weights)
    ridge = model.regularisation * max(1, int((weights > 0).sum()))
    inverse = np.linalg.inv(model.gram + items.T @ (extra[:, None] * items) + ridge * np.eye(size))
    target = items.T @ np.where(weights > 0, 1 + extra, 0.0)
    return inverse @ target, np.asarray(inverse, dtype=np.float64)


def top_tracks(
    scores: NDArray[np.floating], artists: NDArray[np.int64], *, top_n: int, max_per_artist: int
) -> list[int]:
    """Indices of the best scores, best first, an artist at most ``max_per_artist`` times among the first ten.

    What the cap holds back follows in order; with too few artists to fill ten places it fills them all the same.
    """
    finite = np.flatnonzero(np.isfinite(scores))
    wanted = min(len(finite), top_n + CAPPED_RANKS * 4)
    if not wanted:
        return []
    if wanted < len(finite):
        least = np.partition(scores[finite], len(finite) - wanted)[len(finite) - wanted]
        finite = finite[scores[finite] >= least]
    order = finite[np.lexsort((finite, -scores[finite]))][:wanted]
    first: list[int] = []
    held_back: list[int] = []
    taken: dict[int, int] = {}
    for i in order.tolist():
        artist = int(artists[i])
        if len(first) < CAPPED_RANKS and taken.get(artist, 0) >= max_per_artist:
            held_back.append(i)
            continue
        first.append(i)
        taken[artist] = taken.get(artist, 0) + 1
    capped, rest = first[:CAPPED_RANKS], first[CAPPED_RANKS:]
    rest = sorted([*held_back, *rest], key=lambda i: (-scores[i], i))
    return (capped + rest)[:top_n]


def _heard(model: HybridModel, taste: Taste) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Rows of the model and weights of the tracks a listener heard; tracks the model does not know are left out."""
    pairs = [(model.index[t], w) for t, w in taste.weights.items() if w and t in model.index]
    pairs.sort()
    return np.array([i for i, _ in pairs], dtype=np.int64), np.array([w for _, w in pairs], dtype=np.float64)


def _profile(model: HybridModel, rows: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The listener's place among the sounds (d,), scaled so that its parts are shares of what they heard."""
    total = np.abs(weights).sum()
    if not total:
        return np.zeros(model.sounds.shape[1])
    return (weights / total) @ model.sounds[rows].astype(np.float64)


def _left_out(model: HybridModel, taste: Taste, *, exclude_recent: int) -> NDArray[np.bool_]:
    """What is not offered: no audio, disliked, heard lately (of a small catalogue at most half)."""
    left_out = ~model.playable
    most = min(exclude_recent, int(model.playable.sum()) // 2)
    known = [model.index[t] for t in taste.heard if t in model.index and model.playable[model.index[t]]][:most]
    known += [model.index[t] for t in taste.disliked if t in model.index]
    left_out[known] = True
    return left_out


def _reasons(
    model: HybridModel,
    taste: Taste,
    chosen: Sequence[int],
    rows: NDArray[np.int64],
    confidence: NDArray[np.float64],
    *,
    inverse: NDArray[np.float64],
    weights: Weights,
) -> list[tuple[str, str | None]]:
    """For each chosen track: why, and the heard track that gave most of its score."""
    popular = weights.popularity * model.popularity[list(chosen)]
    positive = confidence > 0
    heard, strength = rows[positive], confidence[positive]
    if not len(heard):
        return [("popular", None)] * len(chosen)
    by_listeners = np.zeros((len(chosen), len(heard)))
    if inverse.any():
        pulled = model.factors[heard] * (1 + model.alpha * strength)[:, None]
        by_listeners = weights.collaborative * (model.factors[list(chosen)] @ inverse @ pulled.T)
    shares = strength / np.abs(confidence).sum()
    by_sound = weights.content * (model.sounds[list(chosen)] @ (model.sounds[heard] * shares[:, None]).T)
    total = by_listeners + by_sound
    best = total.argmax(axis=1)
    reasons: list[tuple[str, str | None]] = []
    for i, j in enumerate(best.tolist()):
        track_id = str(model.track_ids[heard[j]])
        if total[i].clip(min=0).sum() <= popular[i]:
            reasons.append(("popular", None))
        elif track_id in taste.liked:
            reasons.append(("because_liked", track_id))
        else:
            reasons.append(("sounds_like" if by_sound[i, j] > by_listeners[i, j] else "because_played", track_id))
    return reasons
