"""Rows of table ``music_topics``: what the tracks of each topic are like, and its name."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pyspark.sql import DataFrame

from spotistream.models.topic_centres import Centres, TopicCentres
from spotistream.models.topic_names import MOST_GENRES, Name, Profile, description, names
from spotistream.transforms.topics import ALL_MUSIC, MEASURES, genre_counts, memberships, sizes_and_quartiles


@dataclass(frozen=True)
class Catalogue:
    """What the tracks of topics are described by: the tables of these names."""

    tracks: DataFrame
    features: DataFrame
    genres: DataFrame


def profiles(placed: DataFrame, catalogue: Catalogue) -> dict[str, Profile]:
    """What the tracks of each topic, of each part, and of all music are like, by its id."""
    members = memberships(placed).select("topic_id", "track_id")
    counted: dict[str, dict[str, int]] = defaultdict(dict)
    for row in genre_counts(members, catalogue.tracks, catalogue.genres).collect():
        counted[row["topic_id"]][row["genre"]] = row["count"]
    titles = {row["genre_id"]: row for row in catalogue.genres.collect()}
    parents = {row["title"]: titles[row["parent_id"]]["title"] for row in titles.values() if row["parent_id"] in titles}
    found = {}
    for row in sizes_and_quartiles(members, catalogue.features).collect():
        quartiles = {measure: row[measure] for measure in MEASURES if row[measure] is not None}
        found[row["topic_id"]] = Profile(
            size=row["size"],
            genres=dict(counted[row["topic_id"]]),
            middle={measure: middle for measure, (_, middle, _) in quartiles.items()},
            spread={measure: high - low for measure, (low, _, high) in quartiles.items()},
            parents=parents,
        )
    return found


def topic_rows(
    centres: TopicCentres, described: Mapping[str, Profile], known: Mapping[str, Name], *, sounds_version: str
) -> list[dict[str, Any]]:
    """A row for each topic and part that has tracks, parts after their topic.

    described : by the id of the topic, all music included
    known : names that topics have had, by id
    """
    version = topics_version(centres, sounds_version)
    rows = []
    for parent_id, group in [
        (None, centres.topics),
        *((topic_id, centres.parts[topic_id]) for topic_id in centres.parts),
    ]:
        ids = [topic_id for topic_id in group.ids if topic_id in described]
        named = names(
            [described[topic_id] for topic_id in ids],
            described[parent_id or ALL_MUSIC],
            kept=[known.get(topic_id) for topic_id in ids],
            nested=parent_id is not None,
        )
        for topic_id, name in zip(ids, named, strict=True):
            profile = described[topic_id]
            rows.append(
                {
                    "music_topic_id": topic_id,
                    "parent_id": parent_id,
                    "name": name.text,
                    "words": list(name.words),
                    "description": description(profile),
                    "size": profile.size,
                    "centroid": group.vectors[group.ids.index(topic_id)].tolist(),
                    "genres": _most_frequent(profile),
                    **{measure: profile.middle.get(measure) for measure in MEASURES},
                    "sounds_version": sounds_version,
                    "topics_version": version,
                    "retired": False,
                }
            )
    return rows


def topics_version(centres: TopicCentres, sounds_version: str) -> str:
    """A digest of where the topics are: the same topics have the same version."""
    digest = hashlib.sha256(sounds_version.encode())
    for group in (centres.topics, *(centres.parts[topic_id] for topic_id in sorted(centres.parts))):
        digest.update("\n".join(group.ids).encode())
        digest.update(np.round(group.vectors, 4).tobytes())
    return f"topics-{digest.hexdigest()[:12]}"


def centres_of(rows: Sequence[Mapping[str, Any]]) -> TopicCentres:
    """The centres that rows of ``music_topics`` hold; retired ones are left out."""
    inside: dict[str, list[tuple[str, Sequence[float]]]] = defaultdict(list)
    for row in rows:
        if not row["retired"]:
            inside[row["parent_id"] or ""].append((row["music_topic_id"], row["centroid"]))
    topics = Centres.of(inside.pop("", []))
    return TopicCentres(topics, {topic_id: Centres.of(parts) for topic_id, parts in inside.items()})


def _most_frequent(profile: Profile) -> list[dict[str, Any]]:
    """The genres of the most tracks, with their shares."""
    ranked = sorted(profile.genres, key=lambda genre: (-profile.genres[genre], genre))[: 2 * MOST_GENRES]
    return [{"title": genre, "share": round(profile.share(genre), 4)} for genre in ranked]
