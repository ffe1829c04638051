"""Documents of the store that are read from a model alone: similar tracks, and the popular ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spotistream.models.contract import NOTHING
from spotistream.models.interactions import Floats
from spotistream.models.neighbour_index import nearest_at_scale
from spotistream.models.neighbours import nearest
from spotistream.models.recordings import SPARE, one_of_each_recording
from spotistream.models.served import ServedModel
from spotistream.pipelines.progress import Progress
from spotistream.tables import POPULAR_OVERALL, SIMILAR_FIELDS

POPULAR_KEPT = 100
LOOKED_UP_AGAIN = 5_000
"""Up to so many tracks every track's neighbours are looked up again when one is new."""
NEIGHBOURHOOD = 200
"""Beyond, those of the tracks that are nearest to the new one; the next training looks at all."""
AT_ONCE = 1_000
"""Documents that are made of arrays at a time."""

Neighbours = tuple[NDArray[np.int64], Floats]
"""Rows of the neighbours, best first, and how near they are: two (r, k), ``NOTHING`` and 0 where there are fewer."""


def neighbours(
    model: ServedModel, *, n: int, exact_tracks: int, rows: NDArray[np.int64] | None = None
) -> tuple[Neighbours, Neighbours]:
    """The ``n`` nearest of each track, or of these rows of the model: by sound, and by listeners."""

    with Progress("lookups of similar tracks", total=len(_all_or(rows, model))) as progress:
        found = nearest_at_scale(
            model.sounds, n=n + SPARE, candidates=model.playable, rows=rows, exact_tracks=exact_tracks,
            advance=progress.advance,
        )  # fmt: skip
    by_sound = offered(model, found, n=n, rows=rows)
    asked = _all_or(rows, model)
    if model.by_listeners is None:
        return by_sound, (np.full((len(asked), n), NOTHING), np.zeros((len(asked), n), dtype=np.float32))
    return by_sound, offered(model, model.by_listeners.similar(asked, n=n + SPARE), n=n, rows=rows)


def offered(model: ServedModel, near: Neighbours, *, n: int, rows: NDArray[np.int64] | None = None) -> Neighbours:
    """The first ``n`` of these neighbours that are playable, each recording once."""
    found, nearness = near
    return one_of_each_recording(
        _all_or(rows, model),
        np.where(model.playable[found], found, NOTHING),
        nearness,
        sounds=model.sounds,
        artists=model.artists,
        duration_ms=model.duration_ms,
        n=n,
    )


def similar_documents(
    model: ServedModel, by_sound: Neighbours, by_listeners: Neighbours, *, rows: NDArray[np.int64] | None = None
) -> Iterator[dict[str, Any]]:
    """The document of each track, or of these rows of the model, from its neighbours of both kinds."""
    wanted, track_ids = _all_or(rows, model), model.track_ids.tolist()
    for begin in range(0, len(wanted), AT_ONCE):
        part = slice(begin, begin + AT_ONCE)
        lists = [_entries(track_ids, found[part], near[part]) for found, near in (by_sound, by_listeners)]
        for row, *entries in zip(wanted[part].tolist(), *lists, strict=True):
            fields = dict(zip(SIMILAR_FIELDS, entries, strict=True))
            yield {"_id": track_ids[row], "model_version": model.version, **fields}


def _entries(track_ids: list[str], found: NDArray[np.int64], nearness: Floats) -> Iterator[list[dict[str, Any]]]:
    scores = np.round(nearness.astype(np.float64), 6).tolist()
    for rows, near in zip(found.tolist(), scores, strict=True):
        yield [{"track_id": track_ids[j], "score": s} for j, s in zip(rows, near, strict=True) if j != NOTHING]


def _all_or(rows: NDArray[np.int64] | None, model: ServedModel) -> NDArray[np.int64]:
    return np.arange(len(model.track_ids)) if rows is None else rows


def rows_near(model: ServedModel, changed: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows of the model whose similar tracks may be others since these rows changed, themselves included."""
    if len(model.track_ids) <= LOOKED_UP_AGAIN:
        return np.arange(len(model.track_ids))
    near, _ = nearest(model.sounds, n=NEIGHBOURHOOD, rows=changed)
    return np.union1d(changed, near[near != NOTHING])


def popular_document(model: ServedModel) -> dict[str, Any]:
    """The most played playable tracks of all listeners; those nobody played follow in order of their ids."""
    playable = np.flatnonzero(model.playable)
    order = playable[np.lexsort((playable, -model.popularity[playable]))][:POPULAR_KEPT]
    tracks = [
        {"track_id": str(model.track_ids[i]), "score": round(float(model.popularity[i]), 6)} for i in order.tolist()
    ]
    return {"_id": POPULAR_OVERALL, "model_version": model.version, "tracks": tracks}
