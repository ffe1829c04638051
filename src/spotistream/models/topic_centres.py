"""Where the topics of music are among the sounds, and which one a track belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spotistream.models.content import unit_rows
from spotistream.models.topic_clusters import Floats, nearest_centres


@dataclass(frozen=True)
class Centres:
    """Clusters by id.

    ids : k of them
    vectors : float32 (k, d), rows of length one
    """

    ids: tuple[str, ...]
    vectors: Floats

    @classmethod
    def of(cls, rows: Iterable[tuple[str, Sequence[float]]]) -> Centres:
        """From ids and vectors of any length, in the order of the ids' numbers."""
        ordered = sorted(rows, key=lambda row: [int(part) for part in row[0].split(".")])
        if not ordered:
            return cls((), np.zeros((0, 0), dtype=np.float32))
        vectors = np.array([vector for _, vector in ordered], dtype=np.float32)
        return cls(tuple(topic_id for topic_id, _ in ordered), unit_rows(vectors))


@dataclass(frozen=True)
class Places:
    """Of n tracks, in their order, each (n,).

    topics : ids; distances : from their centres, 1 - cosine, [0, 2]
    parts : ids of the parts of the topics, None where a topic has none; part_distances : from theirs, else NaN
    """

    topics: NDArray[np.object_]
    distances: NDArray[np.float64]
    parts: NDArray[np.object_]
    part_distances: NDArray[np.float64]


@dataclass(frozen=True)
class TopicCentres:
    """The topics and, by topic, the parts of those that have some."""

    topics: Centres
    parts: Mapping[str, Centres]

    def places(self, vectors: Floats) -> Places:
        """Where each vector belongs.

        vectors : float32 (n, d), rows of length one, of the sounds the centres were found among
        """
        nearest, distances = nearest_centres(vectors, self.topics.vectors)
        parts = np.full(len(vectors), None, dtype=object)
        from_parts = np.full(len(vectors), np.nan)
        for number, topic_id in enumerate(self.topics.ids):
            rows = np.flatnonzero(nearest == number)
            if (inside := self.parts.get(topic_id)) and len(rows):
                which, far = nearest_centres(vectors[rows], inside.vectors)
                parts[rows] = [inside.ids[part] for part in which.tolist()]
                from_parts[rows] = far
        topics = np.array([self.topics.ids[number] for number in nearest.tolist()], dtype=object)
        return Places(topics, distances.astype(np.float64), parts, from_parts)
