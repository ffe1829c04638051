"""Documents of the store that are read from a model alone: similar tracks, and the popular ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spotistream.models.content import nearest, unit_rows
from spotistream.models.hybrid import HybridModel
from spotistream.tables import POPULAR_OVERALL, SIMILAR_FIELDS

POPULAR_KEPT = 100
EXACT_TRACKS = 5_000
"""Up to so many tracks every track's neighbours are looked up again when one is new."""
NEIGHBOURHOOD = 200
"""Beyond, those of the tracks that are nearest to the new one; the next training looks at all."""


def similar_documents(model: HybridModel, *, n: int, rows: NDArray[np.int64] | None = None) -> Iterator[dict[str, Any]]:
    """For each track, or these rows of the model, its ``n`` nearest playable tracks by sound and by listeners."""
    by_sound = nearest(model.sounds, model.playable, n=n, rows=rows)
    by_listeners = nearest(unit_rows(model.factors), model.playable, n=n, rows=rows)
    for at, i in enumerate(range(len(model.track_ids)) if rows is None else rows.tolist()):
        lists = [
            [{"track_id": str(model.track_ids[j]), "score": score} for j, score in neighbours[at]]
            for neighbours in (by_sound, by_listeners)
        ]
        yield {
            "_id": str(model.track_ids[i]),
            "model_version": model.version,
            **dict(zip(SIMILAR_FIELDS, lists, strict=True)),
        }


def rows_near(model: HybridModel, changed: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows of the model whose similar tracks may be others since these rows changed, themselves included."""
    if len(model.track_ids) <= EXACT_TRACKS:
        return np.arange(len(model.track_ids))
    everyone = np.ones(len(model.track_ids), dtype=np.bool_)
    near = nearest(model.sounds, everyone, n=NEIGHBOURHOOD, rows=changed)
    return np.unique(np.concatenate([changed, *[[j for j, _ in found] for found in near]]).astype(np.int64))


def popular_document(model: HybridModel) -> dict[str, Any]:
    """The most played playable tracks of all listeners; those nobody played follow in order of their ids."""
    playable = np.flatnonzero(model.playable)
    order = playable[np.lexsort((playable, -model.popularity[playable]))][:POPULAR_KEPT]
    tracks = [
        {"track_id": str(model.track_ids[i]), "score": round(float(model.popularity[i]), 6)} for i in order.tolist()
    ]
    return {"_id": POPULAR_OVERALL, "model_version": model.version, "tracks": tracks}
