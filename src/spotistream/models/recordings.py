"""The same recording under several tracks: a single and its album, a compilation, an upload made twice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spotistream.models.contract import NOTHING
from spotistream.models.interactions import Floats

SAME_SOUND, SAME_SOUND_OF_ARTIST = 0.999, 0.98
"""Cosine of two sounds from which on they are one, and of two tracks of one artist; docs/similar.md says why."""
SAME_LENGTH_MS = 1_000.0
SPARE = 10
"""How many more neighbours than wanted are looked for, so that copies among them can go."""
BLOCK = 1_024


def one_of_each_recording(
    rows: NDArray[np.int64],
    found: NDArray[np.int64],
    nearness: Floats,
    *,
    sounds: Floats,
    artists: NDArray[np.int64],
    duration_ms: Floats,
    n: int,
) -> tuple[NDArray[np.int64], Floats]:
    """The first ``n`` neighbours of each row that are neither its own recording nor that of one before: two (r, n).

    rows : (r,); found, nearness : (r, k), their neighbours, best first, ``NOTHING`` where there are fewer
    sounds : (m, d) float32, unit rows, zeros where there is none; such a track is a recording of its own
    artists : (m,) int64, tracks of one number are by one artist
    duration_ms : (m,); where it is not known, a track is a recording of its own

    Two tracks are one recording when their sounds are nearly equal and their lengths differ by a second at most.
    """
    kept = np.full((len(rows), n), NOTHING, dtype=np.int64)
    near = np.zeros((len(rows), n), dtype=np.float32)
    for begin in range(0, len(rows), BLOCK):
        part = slice(begin, begin + BLOCK)
        group = np.column_stack([rows[part], found[part]])
        first = _first_of_recording(group, sounds, artists, duration_ms)[:, 1:]
        order = np.argsort(~first, axis=1, kind="stable")[:, :n]
        width, chosen = order.shape[1], np.take_along_axis(first, order, axis=1)
        kept[part, :width] = np.where(chosen, np.take_along_axis(found[part], order, axis=1), NOTHING)
        near[part, :width] = np.where(chosen, np.take_along_axis(nearness[part], order, axis=1), 0)
    return kept, near


def _first_of_recording(
    group: NDArray[np.int64], sounds: Floats, artists: NDArray[np.int64], duration_ms: Floats
) -> NDArray[np.bool_]:
    """Whether a track is the first of its recording within its group: (b, k), False where there is none."""
    known = group != NOTHING
    theirs, by, lengths = sounds[group], artists[group], duration_ms[group]
    enough = np.where(by[:, :, None] == by[:, None, :], np.float32(SAME_SOUND_OF_ARTIST), np.float32(SAME_SOUND))
    same = theirs @ theirs.transpose(0, 2, 1) >= enough
    same &= np.abs(lengths[:, :, None] - lengths[:, None, :]) <= SAME_LENGTH_MS
    first = known.copy()
    for place in range(1, group.shape[1]):
        first[:, place] &= ~(same[:, place, :place] & first[:, :place]).any(axis=1)
    return first
