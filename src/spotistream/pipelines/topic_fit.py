"""Topics of music over a whole catalogue: K-means by Spark MLlib, from a start and a number found on a sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pyspark.mllib.clustering import KMeans, KMeansModel
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from spotistream.io import delta
from spotistream.models.topic_centres import Centres, TopicCentres
from spotistream.models.topic_clusters import SMALLEST_MEAN_SIZE, SMALLEST_SIZE, Floats, clustered, numbers_to_try
from spotistream.models.topic_matching import agreement, kept_ids, matched
from spotistream.pipelines.track_topics import placed_tracks
from spotistream.transforms.topics import mean_sounds, sample_of_each

SAMPLE = 5_000
"""Tracks that the number of topics and the start are found on."""
SAMPLE_OF_A_TOPIC = 1_000
"""And of a topic, the number of its parts."""
MOST_PARTS = 5
ITERATIONS = 20


@dataclass(frozen=True)
class Before:
    """What an earlier run found.

    placed : ``track_id, music_topic_id, music_subtopic_id``
    used : every id there ever was, of topics and parts
    """

    placed: DataFrame
    used: Sequence[str]


def fitted_topics(sounds: DataFrame, before: Before, *, seed: int) -> tuple[TopicCentres, float]:
    """The topics and parts, with the ids of those before where they are the same; and the silhouette on the sample.

    sounds : ``track_id, sound`` (unit vectors) of the catalogue, persisted, not empty
    """
    known = _centres_now(before, sounds, "music_topic_id")
    sample = _vectors(sounds.orderBy(F.xxhash64("track_id"), "track_id").limit(SAMPLE))
    chosen = clustered(sample, numbers_to_try(len(sample)), seed=seed, before=known.vectors if known.ids else None)
    found = Centres.of((str(n), c) for n, c in enumerate(_over_all(sounds, chosen.centres, seed=seed)))
    placed = placed_tracks(sounds, TopicCentres(found, {})).persist()
    try:
        topics = _same_ids(found, known, _shared(placed, before, "music_topic_id"), used=_ids_in(before.used, ""))
        renamed = dict(zip(found.ids, topics.ids, strict=True))
        parts = _parts(placed, sounds, before, renamed, topics, seed=seed)
    finally:
        placed.unpersist()
    return TopicCentres(Centres.of(zip(topics.ids, topics.vectors.tolist(), strict=True)), parts), chosen.silhouette


def _over_all(sounds: DataFrame, start: Floats, *, seed: int) -> Floats:
    """Centres over all tracks, from those on the sample: (k, d). None is lost: one that nobody is near stays."""
    if len(start) == 1:
        return start
    vectors = sounds.select("sound").rdd.map(lambda row: np.asarray(row[0], dtype=np.float64))
    model = KMeans.train(
        vectors, len(start), maxIterations=ITERATIONS, initialModel=KMeansModel(list(start.astype(np.float64))),
        distanceMeasure="cosine", seed=seed,
    )  # fmt: skip
    return np.array(model.clusterCenters, dtype=np.float32)


def _parts(
    placed: DataFrame,
    sounds: DataFrame,
    before: Before,
    renamed: Mapping[str, str],
    topics: Centres,
    *,
    seed: int,
) -> dict[str, Centres]:
    """Parts of the topics that are large enough, by the id of the topic.

    placed : with the numbers of the topics, which ``renamed`` turns into ids
    """
    known = _centres_now(before, sounds, "music_subtopic_id")
    of_topics = sample_of_each(placed.join(sounds, on="track_id"), [F.col("music_topic_id")], most=SAMPLE_OF_A_TOPIC)
    sample = delta.to_pandas(of_topics.select("track_id", "music_topic_id", "sound").orderBy("track_id"))
    found: dict[str, Centres] = {}
    for number, members in sample.groupby("music_topic_id"):
        topic_id, vectors = renamed[str(number)], _stacked(members)
        most = min(MOST_PARTS, len(vectors) // SMALLEST_MEAN_SIZE)
        if most >= 2:
            old = _inside(known, topic_id)
            chosen = clustered(vectors, range(2, most + 1), seed=seed, before=old.vectors if old.ids else None)
            if chosen.smallest >= SMALLEST_SIZE:
                found[str(number)] = Centres.of((str(n), centre) for n, centre in enumerate(chosen.centres))
    whole = Centres(tuple(renamed), np.array([topics.vectors[topics.ids.index(renamed[n])] for n in renamed]))
    shared = _shared(placed_tracks(sounds, TopicCentres(whole, found)), before, "music_subtopic_id")
    return {
        renamed[number]: _same_ids(
            parts,
            _inside(known, renamed[number]),
            shared[shared["number"] == number].assign(number=shared["part"]),
            used=_ids_in(before.used, renamed[number]),
            prefix=f"{renamed[number]}.",
        )
        for number, parts in found.items()
    }


def _centres_now(before: Before, sounds: DataFrame, column: str) -> Centres:
    """Where the tracks of each topic of an earlier run are among the sounds of today, whatever has changed since."""
    rows = mean_sounds(before.placed, sounds, column).collect()
    return Centres.of((row["topic_id"], row["sound"]) for row in rows)


def _shared(placed: DataFrame, before: Before, column: str) -> pd.DataFrame:
    """``old, number, part, tracks``: how many tracks each topic shares with each of an earlier run."""
    old = before.placed.where(F.col(column).isNotNull()).select("track_id", F.col(column).alias("old"))
    new = placed.select("track_id", F.col("music_topic_id").alias("number"), F.col("music_subtopic_id").alias("part"))
    return delta.to_pandas(
        new.join(old, on="track_id", how="inner").groupBy("old", "number", "part").agg(F.count("*").alias("tracks"))
    )


def _same_ids(
    found: Centres, known: Centres, shared: pd.DataFrame, *, used: Sequence[str], prefix: str = ""
) -> Centres:
    """What was found, with ids that stay.

    shared : ``old, number, tracks``
    """
    counts = np.zeros((len(known.ids), len(found.ids)), dtype=np.int64)
    for row in shared.itertuples():
        if row.old in known.ids and row.number in found.ids:
            counts[known.ids.index(row.old), found.ids.index(row.number)] += row.tracks
    agreed = agreement(counts, old_centres=known.vectors.reshape(len(known.ids), found.vectors.shape[1]),
                       new_centres=found.vectors)  # fmt: skip
    return Centres(tuple(kept_ids(matched(agreed), known.ids, used=used, prefix=prefix)), found.vectors)


def _inside(known: Centres, topic_id: str) -> Centres:
    """Those that are parts of this topic."""
    rows = [n for n, each in enumerate(known.ids) if each.rpartition(".")[0] == topic_id]
    return Centres(tuple(known.ids[n] for n in rows), known.vectors[rows])


def _ids_in(used: Sequence[str], topic_id: str) -> list[str]:
    """Ids of parts of this topic; those of topics for none."""
    return [each for each in used if each.rpartition(".")[0] == topic_id]


def _vectors(rows: DataFrame) -> Floats:
    return _stacked(delta.to_pandas(rows.select("sound")))


def _stacked(rows: pd.DataFrame) -> Floats:
    return np.stack(rows["sound"].to_list()).astype(np.float32)
