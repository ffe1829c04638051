"""A listener's table: the best tracks by the model in use, what was heard lately left out, and why each is offered."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from spotistream.models.hybrid import FoldedHybrid
from spotistream.models.interactions import Floats, entries
from spotistream.models.one_thread import one_thread
from spotistream.models.popularity import Popularity
from spotistream.models.reasons import NO_TOPIC, reasons_of
from spotistream.models.served import ServedModel
from spotistream.models.taste import Taste

CAPPED_RANKS = 10
"""The ranks in which an artist, or for a newcomer a topic, stands at most so many times."""
NEWCOMER_PER_TOPIC = 2
SPARE, SPARE_FOR_NEWCOMERS = 4 * CAPPED_RANKS, 40 * CAPPED_RANKS
"""Tracks that are looked at beyond a table's length, so that others can stand where an artist or topic may not."""
BLOCK_LISTENERS = 64
"""Ranked at a time in a thread."""
FEWEST_LISTENERS = 16
"""In a block before there is another one: the vectors of the catalogue come from memory once for each block."""


class Recommendation(NamedTuple):
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


Table = list[Recommendation]


@dataclass(frozen=True)
class Rules:
    """top_n : length of a table; the others as in the section ``recommend`` of the settings"""

    top_n: int
    max_per_artist: int
    exclude_recent: int


def recommend(
    model: ServedModel, tastes: Sequence[Taste], *, top_n: int, max_per_artist: int, exclude_recent: int
) -> list[Table]:
    """The best ``top_n`` tracks for each listener, best first; ties go to the smaller track id.

    A listener of whom nothing is known gets the popular ones of different artists and topics. A table does not depend
    on whom else it is computed with. Listeners are shared out over the cores this process may use.
    """
    rules = Rules(top_n, max_per_artist, exclude_recent)
    known = histories(model, tastes)
    newcomer = np.diff(known.indptr) == 0
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    blocks = [
        block for group in (np.flatnonzero(newcomer), np.flatnonzero(~newcomer))
        for block in _blocks(group, cores=cores)
    ]  # fmt: skip
    search = model.search  # made at its first use, which is not for several threads

    def ranked(block: NDArray[np.int64]) -> list[Table]:
        some = [tastes[i] for i in block.tolist()]
        left_out = _left_out(model, some, exclude_recent=exclude_recent)
        spare = SPARE_FOR_NEWCOMERS if newcomer[block[0]] else SPARE
        found, folded = search.found(known[block], left_out=left_out, kept=top_n + spare)
        return [
            _table(model, taste, entries(known, i), folded, row, found[row], rules)
            for row, (i, taste) in enumerate(zip(block.tolist(), some, strict=True))
        ]

    with one_thread():
        if len(blocks) > 1 and cores > 1:
            with ThreadPoolExecutor(min(cores, len(blocks))) as pool:
                of_blocks = list(pool.map(ranked, blocks))
        else:
            of_blocks = [ranked(block) for block in blocks]
    by_listener = {
        i: table for block, tables in zip(blocks, of_blocks, strict=True)
        for i, table in zip(block.tolist(), tables, strict=True)
    }  # fmt: skip
    return [by_listener[i] for i in range(len(tastes))]


def _blocks(listeners: NDArray[np.int64], *, cores: int) -> list[NDArray[np.int64]]:
    """Listeners in parts of one size, at least one for each core where there are enough for that."""
    if not len(listeners):
        return []
    count = max(ceil(len(listeners) / BLOCK_LISTENERS), min(cores, len(listeners) // FEWEST_LISTENERS), 1)
    return np.array_split(listeners, count)


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
    order: list[int] = finite[np.lexsort((finite, -scores[finite]))].tolist()
    most = max_per_artist if topics is None else 1
    first: list[int] = []
    held_back: list[int] = []
    taken: dict[int | str, int] = {}
    for place, i in enumerate(order):
        if len(first) == CAPPED_RANKS:
            return (first + held_back + order[place:])[:top_n]
        artist, topic = int(artists[i]), NO_TOPIC if topics is None else str(topics[i])
        if taken.get(artist, 0) >= most or (topic != NO_TOPIC and taken.get(topic, 0) >= NEWCOMER_PER_TOPIC):
            held_back.append(i)
            continue
        first.append(i)
        taken[artist] = taken.get(artist, 0) + 1
        taken[topic] = taken.get(topic, 0) + 1
    return (first + held_back)[:top_n]


def _left_out(model: ServedModel, tastes: Sequence[Taste], *, exclude_recent: int) -> csr_matrix:
    """What is not offered to whom beside tracks without audio: disliked, or heard lately: (b, n).

    Of a small catalogue at most half is left out as heard.
    """
    index, playable = model.index, model.playable
    most = min(exclude_recent, model.playable_count // 2)
    starts, columns = [0], []
    for taste in tastes:
        heard = [at for at in (index.get(track_id) for track_id in taste.heard) if at is not None and playable[at]]
        columns += heard[:most]
        columns += [index[track_id] for track_id in taste.disliked if track_id in index]
        starts.append(len(columns))
    shape = (len(tastes), len(model.track_ids))
    return csr_matrix((np.ones(len(columns), dtype=bool), columns, starts), shape=shape)


def _table(
    model: ServedModel,
    taste: Taste,
    history: tuple[NDArray[np.int32], NDArray[np.float64]],
    folded: FoldedHybrid,
    row: int,
    found: NDArray[np.int64],
    rules: Rules,
) -> Table:
    """The table of the listener at ``row``, from the tracks that were found to be the best."""
    said = folded.by_part(row, found)
    popular = folded.shares[Popularity.name][row] * model.popularity[found].astype(np.float64)
    scores = popular + sum(part.sum(axis=1) for part in said.values())
    topics = None if len(history[0]) else model.topics[found]
    chosen = top_tracks(
        scores, model.artists[found], top_n=rules.top_n, max_per_artist=rules.max_per_artist, topics=topics
    )
    by_part = {name: part[chosen] for name, part in said.items()}
    reasons = reasons_of(model, taste, found[chosen], history, by_part, popular[chosen])
    columns = model.track_ids[found[chosen]].tolist(), scores[chosen].round(6).tolist(), reasons
    return [
        Recommendation(rank, track_id, score, *reason)
        for rank, (track_id, score, reason) in enumerate(zip(*columns, strict=True), start=1)
    ]
