"""Why a track is offered: the heard track that gave most of its score, or that many play it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from spotistream.models.served import ServedModel
from spotistream.models.sound_likeness import SoundLikeness
from spotistream.models.taste import Taste

NO_TOPIC = ""

Reason = tuple[str, str | None, str | None]
"""Code, the heard track and the topic behind it; codes as in ``Recommendation``."""


def reasons_of(
    model: ServedModel,
    taste: Taste,
    chosen: NDArray[np.int64],
    history: tuple[NDArray[np.int32], NDArray[np.float64]],
    by_part: Mapping[str, NDArray[np.float64]],
    popular: NDArray[np.float64],
) -> list[Reason]:
    """The reason of each chosen track.

    history : heard tracks and their weights (h,); by_part : what each contributes to each chosen one by each part of
    the hybrid (c, h); popular : what popularity gives each (c,)
    """
    heard, weights = history
    wanted = np.flatnonzero(weights > 0)
    if not len(wanted):
        return [("popular", None, None)] * len(chosen)
    total: NDArray[np.float64] = np.sum(list(by_part.values()), axis=0)[:, wanted]
    by_sound = by_part[SoundLikeness.name][:, wanted] if SoundLikeness.name in by_part else np.zeros_like(total)
    first = total.argmax(axis=1)
    rows = np.arange(len(chosen))
    sounds_like = by_sound[rows, first] > total[rows, first] - by_sound[rows, first]
    rather_popular = total.clip(min=0).sum(axis=1) <= popular
    behind = model.track_ids[heard[wanted[first]]].tolist()
    topics = set(model.topics[heard[wanted]].tolist()) - {NO_TOPIC}
    reasons: list[Reason] = []
    for track_id, topic, by_taste, alike in zip(
        behind, model.topics[chosen].tolist(), (~rather_popular).tolist(), sounds_like.tolist(), strict=True
    ):
        if not by_taste:
            reasons.append(("popular_in_topic", None, topic) if topic in topics else ("popular", None, None))
        elif track_id in taste.liked:
            reasons.append(("because_liked", track_id, None))
        else:
            reasons.append(("sounds_like" if alike else "because_played", track_id, None))
    return reasons
