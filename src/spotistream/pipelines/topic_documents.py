"""Documents of the store about topics of music: what they are, and what is popular in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from spotistream.tables import CURRENT_TOPICS, TOPIC_SHELF

COVERS = 4
"""Tracks whose covers stand for a topic."""
NEAREST = 4
"""Topics named as the nearest to one."""


def popular_documents(rows: Iterable[Mapping[str, Any]], *, version: str) -> list[dict[str, Any]]:
    """A document for each shelf, from rows ``shelf, track_id, score, place``."""
    shelves: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        shelves[row["shelf"]].append(row)
    return [
        {
            "_id": shelf,
            "model_version": version,
            "tracks": [
                {"track_id": row["track_id"], "score": row["score"]}
                for row in sorted(shelves[shelf], key=lambda row: row["place"])
            ],
        }
        for shelf in sorted(shelves)
    ]


def topic_documents(
    rows: Sequence[Mapping[str, Any]],
    *,
    popular: Mapping[str, Sequence[str]],
    typical: Mapping[str, Sequence[str]],
    albums: Mapping[str, str | None],
) -> Iterator[dict[str, Any]]:
    """A document for each row of ``music_topics``.

    popular : by shelf, its tracks, best first; typical : by topic, the tracks nearest to its centre
    albums : of the tracks, so that not all covers are one
    """
    by_id = {row["music_topic_id"]: row for row in rows}
    for topic_id, row in by_id.items():
        same_level = [other for other in rows if other["parent_id"] == row["parent_id"] and other is not row]
        parts = sorted((part for part in rows if part["parent_id"] == topic_id), key=_largest_first)
        parent = by_id.get(row["parent_id"])
        yield {
            "_id": topic_id,
            "topics_version": row["topics_version"],
            "name": row["name"],
            "description": row["description"],
            "size": row["size"],
            "parent": _named(parent) if parent else None,
            "parts": [_named(part) for part in parts],
            "covers": covers([*popular.get(f"{TOPIC_SHELF}{topic_id}", ()), *typical.get(topic_id, ())], albums),
            "nearest": [_named(other) for other in _nearest(row, same_level)],
            "typical": list(typical.get(topic_id, ())),
            "genres": row["genres"],
            **{measure: row[measure] for measure in ("tempo", "brightness", "energy")},
        }


def place_document(row: Mapping[str, Any], *, version: str) -> dict[str, Any]:
    """The topic of a track, and the part of it, from a row of ``track_topics``.

    version : the state of the topics, ``topics_version``
    """
    named = {name: row[name] for name in ("music_topic_id", "music_subtopic_id")}
    return {"_id": row["track_id"], "topics_version": version, **named}


def list_document(documents: Iterable[Mapping[str, Any]], *, version: str) -> dict[str, Any]:
    """The topics, the largest first, parts left out: all that a shelf of them shows."""
    topics = sorted(
        (each for each in documents if each["parent"] is None), key=lambda each: (-each["size"], each["_id"])
    )
    return {
        "_id": CURRENT_TOPICS,
        "topics_version": version,
        "topics": [
            {"music_topic_id": each["_id"], **{k: each[k] for k in ("name", "size", "covers")}} for each in topics
        ],
    }


def covers(track_ids: Sequence[str], albums: Mapping[str, str | None]) -> list[str]:
    """The first tracks, each of another album while there are such; a track without one is its own."""
    first: dict[str, str] = {}
    for track_id in track_ids:
        first.setdefault(albums.get(track_id) or track_id, track_id)
    others = [track_id for track_id in dict.fromkeys(track_ids) if track_id not in first.values()]
    return [*first.values(), *others][:COVERS]


def _nearest(row: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The others by the cosine of their centres, the nearest first."""
    centre = np.asarray(row["centroid"])
    return sorted(others, key=lambda each: (-float(np.asarray(each["centroid"]) @ centre), each["music_topic_id"]))[
        :NEAREST
    ]


def _named(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"music_topic_id": row["music_topic_id"], "name": row["name"], "size": row["size"]}


def _largest_first(row: Mapping[str, Any]) -> tuple[int, str]:
    return -row["size"], row["music_topic_id"]
