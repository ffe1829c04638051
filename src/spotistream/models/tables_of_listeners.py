"""A listener's table: the best tracks by the model in use, what was heard lately left out, and why each is offered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from spotistream.models.interactions import Floats
from spotistream.models.served import ServedModel
from spotistream.models.sound_likeness import SoundLikeness
from spotistream.models.taste import Taste

CAPPED_RANKS = 10
"""The ranks in which an artist, or for a newcomer a topic, stands at most so many times."""
NEWCOMER_PER_TOPIC = 2
NO_TOPIC = ""
BLOCK_NUMBERS = 16_000_000
"""Scores computed at a time: 64 MB for each part of the model."""


@dataclass(frozen=True)
class Recommendation:
    """One row of a listener's table.

    reason : ``because_played``, ``because_liked``, ``sounds_like`` (of ``reason_track_id``, the heard track that gave
        most of the score), ``popular_in_topic`` (of ``reason_topic_id``) or ``popular``
    """

    rank: int
    track_id: str
    score: float
    reason: str
    reason_track_id: str | None = None
    reason_topic_id: str | None = None


def recommend(
    model: ServedModel, tastes: Sequence[Taste], *, top_n: int, max_per_artist: int, exclude_recent: int
) -> list[list[Recommendation]]:
    """The best ``top_n`` tracks for each listener, best first; ties go to the smaller track id.

    A listener of whom nothing is known gets the popular ones of different artists and topics.
    """
    block = max(1, BLOCK_NUMBERS // max(1, len(model.track_ids)))
    tables: list[list[Recommendation]] = []
    for begin in range(0, len(tastes), block):
        some = tastes[begin : begin + block]
        heard = histories(model, some)
        scores, spreads = model.hybrid.scored(heard)
        for row, taste in enumerate(some):
            left_out = _left_out(model, taste, exclude_recent=exclude_recent)
            own = np.where(left_out, -np.inf, scores[row])
            history = heard[row]
            topics = model.topics if not history.nnz else None
            chosen = top_tracks(own, model.artists, top_n=top_n, max_per_artist=max_per_artist, topics=topics)
            share = {name: float(found[row, 0]) for name, found in spreads.items()}
            reasons = _reasons(model, taste, np.array(chosen, dtype=np.int64), history, share)
            tables.append([
                Recommendation(rank, str(model.track_ids[i]), round(float(own[i]), 6), *reason)
                for rank, (i, reason) in enumerate(zip(chosen, reasons, strict=True), start=1)
            ])  # fmt: skip
    return tables


def histories(model: ServedModel, tastes: Sequence[Taste]) -> csr_matrix:
    """Weights of the listeners on the tracks of the model: (b, n); tracks it does not know are left out."""
    rows, columns, weights = [], [], []
    for row, taste in enumerate(tastes):
        for track_id, weight in taste.weights.items():
            if weight and track_id in model.index:
                rows.append(row)
                columns.append(model.index[track_id])
                weights.append(weight)
    shape = (len(tastes), len(model.track_ids))
    found = csr_matrix((np.array(weights, dtype=np.float32), (rows, columns)), shape=shape, dtype=np.float32)
    found.sort_indices()
    return found


def top_tracks(
    scores: Floats,
    artists: NDArray[np.int64],
    *,
    top_n: int,
    max_per_artist: int,
    topics: NDArray[np.str_] | None = None,
) -> list[int]:
    """Indices of the best scores, best first, an artist at most ``max_per_artist`` times among the first ten.

    What the cap holds back follows in order; with too few artists to fill ten places it fills them all the same. With
    ``topics`` each of them stands at most NEWCOMER_PER_TOPIC times among the first ten, too, and an artist once.
    """
    finite = np.flatnonzero(np.isfinite(scores))
    wanted = min(len(finite), top_n + CAPPED_RANKS * (4 if topics is None else 40))
    if not wanted:
        return []
    if wanted < len(finite):
        least = np.partition(scores[finite], len(finite) - wanted)[len(finite) - wanted]
        finite = finite[scores[finite] >= least]
    order = finite[np.lexsort((finite, -scores[finite]))][:wanted].tolist()
    most = max_per_artist if topics is None else 1
    first: list[int] = []
    held_back: list[int] = []
    taken: dict[int | str, int] = {}
    for i in order:
        artist, topic = int(artists[i]), NO_TOPIC if topics is None else str(topics[i])
        full = taken.get(artist, 0) >= most or (topic != NO_TOPIC and taken.get(topic, 0) >= NEWCOMER_PER_TOPIC)
        if len(first) < CAPPED_RANKS and full:
            held_back.append(i)
            continue
        first.append(i)
        taken[artist] = taken.get(artist, 0) + 1
        taken[topic] = taken.get(topic, 0) + 1
    capped, rest = first[:CAPPED_RANKS], first[CAPPED_RANKS:]
    rest = sorted([*held_back, *rest], key=lambda i: (-scores[i], i))
    return (capped + rest)[:top_n]


def _left_out(model: ServedModel, taste: Taste, *, exclude_recent: int) -> NDArray[np.bool_]:
    """What is not offered: no audio, disliked, heard lately (of a small catalogue at most half)."""
    left_out = ~model.playable
    most = min(exclude_recent, int(model.playable.sum()) // 2)
    known = [model.index[t] for t in taste.heard if t in model.index and model.playable[model.index[t]]][:most]
    known += [model.index[t] for t in taste.disliked if t in model.index]
    left_out[known] = True
    return left_out


def _reasons(
    model: ServedModel, taste: Taste, chosen: NDArray[np.int64], history: csr_matrix, spreads: dict[str, float]
) -> list[tuple[str, str | None, str | None]]:
    """For each chosen track: why, and the heard track or the topic behind it."""
    hybrid = model.hybrid
    popular = hybrid.weights["popularity"] * model.popularity[chosen] / spreads["popularity"]
    wanted = np.flatnonzero(history.data > 0)
    if not len(wanted):
        return [("popular", None, None)] * len(chosen)
    by_part = {
        name: part.contributions(history, chosen)[:, wanted] * (hybrid.weights[name] / spreads[name])
        for name, part in hybrid.parts.items()
    }
    by_sound = by_part.pop(SoundLikeness.name, np.zeros((len(chosen), len(wanted))))
    by_listeners = sum(by_part.values(), np.zeros((len(chosen), len(wanted))))
    total = by_listeners + by_sound
    heard = history.indices[wanted]
    topics = set(model.topics[heard].tolist()) - {NO_TOPIC}
    reasons: list[tuple[str, str | None, str | None]] = []
    for i, j in enumerate(total.argmax(axis=1).tolist()):
        track_id, topic = str(model.track_ids[heard[j]]), str(model.topics[chosen[i]])
        if total[i].clip(min=0).sum() <= popular[i]:
            reasons.append(("popular_in_topic", None, topic) if topic in topics else ("popular", None, None))
        elif track_id in taste.liked:
            reasons.append(("because_liked", track_id, None))
        else:
            reasons.append(("sounds_like" if by_sound[i, j] > by_listeners[i, j] else "because_played", track_id, None))
    return reasons
