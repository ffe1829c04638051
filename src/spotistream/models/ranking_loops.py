"""The loops of ranking, compiled: over the scores of all items of one listener, and over links."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spotistream.audio.compiled import compiled
from spotistream.models.interactions import Floats

Bools = NDArray[np.bool_]
Numbers = NDArray[np.int32]
Starts = NDArray[np.int64]

SIEVE = 4096
LEAST_VARIANCE = 1e-18
STRIDE = 64
"""Scores looked at together: most are below what is sought, and eight or sixteen are compared in one instruction."""


@compiled
def links_by_tile(
    heard_starts: Starts, heard: Numbers, weights: Floats,
    link_starts: Starts, links: Numbers, values: Floats,
    share: float, n: int, tile: int,
) -> tuple[NDArray[np.float64], Starts, Numbers, Floats]:  # fmt: skip
    """What the links of heard items say for others, times ``share`` over its spread, sorted into tiles of the items.

    heard_starts, heard, weights : (b, n) sparse; link_starts, links, values : (n, n) sparse
    Gives the spreads (b,): the standard deviation over all n items, 1 where all are equal. Then where each tile of each
    row begins (b * tiles + 1,), the items that are named, and what is said for them.
    """
    listeners = len(heard_starts) - 1
    tiles = (n + tile - 1) // tile
    most = 0
    for at in range(len(heard)):
        most += link_starts[heard[at] + 1] - link_starts[heard[at]]
    spreads = np.ones(listeners)
    starts = np.zeros(listeners * tiles + 1, dtype=np.int64)
    items, said = np.empty(most, dtype=np.int32), np.empty(most, dtype=np.float32)
    named, sums = np.empty(most, dtype=np.int32), np.empty(most, dtype=np.float32)
    memory = np.zeros(n, dtype=np.float32)
    place = np.empty(tiles, dtype=np.int64)
    for row in range(listeners):
        own = slice(heard_starts[row], heard_starts[row + 1])
        count = _sum_links(heard[own], weights[own], link_starts, links, values, memory, named, sums)
        total, squares = 0.0, 0.0
        place[:] = 0
        for at in range(count):
            total += float(sums[at])
            squares += float(sums[at]) * float(sums[at])
            place[named[at] // tile] += 1
        variance = squares / n - (total / n) ** 2
        if variance > LEAST_VARIANCE:
            spreads[row] = np.sqrt(variance)
        factor = np.float32(share / spreads[row])
        for at in range(tiles):
            number = row * tiles + at
            starts[number + 1] = starts[number] + place[at]
            place[at] = starts[number]
        for at in range(count):
            number = named[at] // tile
            items[place[number]] = named[at]
            said[place[number]] = factor * sums[at]
            place[number] += 1
    return spreads, starts, items, said


@compiled
def _sum_links(
    heard: Numbers, weights: Floats, link_starts: Starts, links: Numbers, values: Floats,
    memory: Floats, named: Numbers, sums: Floats,
) -> int:  # fmt: skip
    """Write the items that the heard ones are linked to, and the weighted sums of their links; how many.

    memory : (n,) zeros, and zeros again afterwards
    """
    count = 0
    for at in range(len(heard)):
        for link in range(link_starts[heard[at]], link_starts[heard[at] + 1]):
            item = links[link]
            if memory[item] == 0.0:
                named[count] = item
                count += 1
            memory[item] += weights[at] * values[link]
    kept = 0
    for at in range(count):
        item = named[at]
        if memory[item] != 0.0:  # it is nothing where an item was named twice, its sum having come back to nothing
            named[kept], sums[kept] = item, memory[item]
            memory[item] = 0.0
            kept += 1
    return kept


@compiled
def pick_best(scores: Floats, begin: int, allowed: Bools, best: Floats, found: Numbers, counts: Numbers) -> None:
    """Put the best of ``scores`` (b, t), of the items from ``begin`` on, among the best so far.

    allowed : (n,), the items that may be found; best, found : (b, k), for each row a heap with the worst in front, of
    which ``counts`` (b,) are in use. Among equal scores those of the first items are kept.
    """
    listeners, width = scores.shape
    kept = found.shape[1]
    for row in range(listeners):
        own, top, items, count = scores[row], best[row], found[row], counts[row]
        least = top[0] if count == kept else np.float32(-np.inf)
        for stride in range(0, width, STRIDE):
            some = own[stride : stride + STRIDE]
            above = 0
            for at in range(len(some)):
                above += some[at] > least
            if not above:
                continue
            for at in range(stride, stride + len(some)):
                if own[at] > least and allowed[begin + at]:
                    if count < kept:
                        _rise(top, items, count, own[at], begin + at)
                        count += 1
                    else:
                        _sink(top, items, own[at], begin + at)
                    if count == kept:
                        least = top[0]
        counts[row] = count


@compiled
def add_tile(scores: Floats, begin: int, tile: int, tiles: int, starts: Starts, items: Numbers, said: Floats) -> None:
    """Add to ``scores`` (b, t), of the items from ``begin`` on, what is said for those of tile number ``tile``."""
    for row in range(len(scores)):
        for at in range(starts[row * tiles + tile], starts[row * tiles + tile + 1]):
            scores[row, items[at] - begin] += said[at]


@compiled
def _rise(best: Floats, items: Numbers, place: int, score: float, item: int) -> None:
    """Put an item at the end of the heap, whose first is the worst; of equal scores the later item is worse."""
    while place:
        above = (place - 1) // 2
        if best[above] < score or (best[above] == score and items[above] > item):
            break
        best[place], items[place] = best[above], items[above]
        place = above
    best[place], items[place] = score, item


@compiled
def _sink(best: Floats, items: Numbers, score: float, item: int) -> None:
    """Put an item in place of the worst of a full heap."""
    place, size = 0, len(best)
    while True:
        below = 2 * place + 1
        if below >= size:
            break
        other = below + 1
        if other < size and (best[other] < best[below] or (best[other] == best[below] and items[other] > items[below])):
            below = other
        if score < best[below] or (score == best[below] and item > items[below]):
            break
        best[place], items[place] = best[below], items[below]
        place = below
    best[place], items[place] = score, item


@compiled
def links_between(link_starts: Starts, links: Numbers, values: Floats, rows: Numbers, columns: Numbers) -> Floats:
    """The part (r, c) of sparse links (n, n); no column twice."""
    found = np.zeros((len(rows), len(columns)), dtype=np.float32)
    order = np.argsort(columns)
    ordered = columns[order]
    wanted = np.zeros(SIEVE, dtype=np.bool_)  # most links lead elsewhere, which this tells without a search
    for column in columns:
        wanted[column & (SIEVE - 1)] = True
    for at in range(len(rows)):
        for link in range(link_starts[rows[at]], link_starts[rows[at] + 1]):
            if wanted[links[link] & (SIEVE - 1)]:
                place = np.searchsorted(ordered, links[link])
                if place < len(ordered) and ordered[place] == links[link]:
                    found[at, order[place]] = values[link]
    return found
