"""What training reads: the catalogue, who played what, and the listeners that are held out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from scipy.sparse import csr_matrix

from spotistream.config import Config
from spotistream.errors import InputError
from spotistream.io import delta
from spotistream.io.fitted_sounds import FittedSounds, current_sounds
from spotistream.models.interactions import Floats, Interactions
from spotistream.tables import TRACK_SOUNDS, TRACK_TOPICS, TRACKS

HELD_SHARE, MOST_HELD, FEWEST_HELD = 0.1, 2_000, 20
"""Listeners a model is judged by: this share of all, not more than so many; none where that would be too few."""
BUCKETS = 10_000


@dataclass(frozen=True)
class Catalogue:
    """All tracks in order of their ids, ``n`` of them.

    artist_ids : an unknown artist is nobody's: the track's own id
    topics : empty where the track is in none
    sounds : (n, d) float32 by ``fitted``: unit rows, zero for tracks without; d may be 0
    """

    track_ids: NDArray[np.str_]
    artist_ids: NDArray[np.str_]
    playable: NDArray[np.bool_]
    duration_ms: Floats
    topics: NDArray[np.str_]
    sounds: Floats
    fitted: FittedSounds | None


def read_catalogue(spark: SparkSession, cfg: Config) -> Catalogue:
    """The tracks with the sounds that are current. Raises ``InputError`` where none can be played."""
    topics = delta.read_table(spark, cfg, TRACK_TOPICS).select("track_id", "music_topic_id")
    artist = F.coalesce("artist_id", "track_id").alias("artist_id")
    rows = delta.read_table(spark, cfg, TRACKS).join(topics, on="track_id", how="left")
    frame = delta.to_pandas(
        rows.select("track_id", artist, "playable", "duration_s", "music_topic_id").orderBy("track_id")
    )
    if not frame["playable"].any():
        raise InputError(
            "table tracks", "holds no playable track", remedy="run extract_features and publish on a folder of music"
        )
    track_ids = frame["track_id"].to_numpy(dtype=np.str_)
    fitted = current_sounds(cfg)
    return Catalogue(
        track_ids=track_ids,
        artist_ids=frame["artist_id"].to_numpy(dtype=np.str_),
        playable=frame["playable"].to_numpy(dtype=np.bool_),
        duration_ms=(frame["duration_s"].astype("float64") * 1000).to_numpy(dtype=np.float32),
        topics=frame["music_topic_id"].fillna("").to_numpy(dtype=np.str_),
        sounds=sounds_of(spark, cfg, fitted, track_ids),
        fitted=fitted,
    )


def sounds_of(spark: SparkSession, cfg: Config, fitted: FittedSounds | None, track_ids: NDArray[np.str_]) -> Floats:
    """(n, d) float32, unit rows, zero for tracks without a sound by ``fitted``; d is 0 where nothing was fitted."""
    if fitted is None:
        return np.zeros((len(track_ids), 0), dtype=np.float32)
    current = delta.read_table(spark, cfg, TRACK_SOUNDS).where(F.col("sounds_version") == fitted.version)
    frame = delta.to_pandas(current.select("track_id", "sound"))
    width = len(frame["sound"].iloc[0]) if len(frame) else 0
    found = np.zeros((len(track_ids), width), dtype=np.float32)
    places = {track_id: at for at, track_id in enumerate(track_ids.tolist())}
    for row in frame.itertuples():
        if row.track_id in places:
            found[places[row.track_id]] = row.sound
    return found


def held_buckets(listeners: int) -> int:
    """How many of BUCKETS buckets of listeners are held out, 0 where there are too few listeners.

    Who is held out now was held out before and stays so, as long as there are more listeners than before: a model that
    was trained then has not learned from them either.
    """
    share = min(HELD_SHARE, MOST_HELD / max(1, listeners))
    return round(share * BUCKETS) if listeners * share >= FEWEST_HELD else 0


def bucket_of(user: str = "user_id") -> Column:
    """0 to BUCKETS - 1, the same for a listener always."""
    return F.pmod(F.crc32(F.col(user).cast("binary")), F.lit(BUCKETS))


def interactions(
    weights: DataFrame,
    catalogue: Catalogue,
    sittings: DataFrame | None = None,
    *,
    users: NDArray[np.str_] | None = None,
) -> Interactions:
    """Rows of ``user_id, track_id, weight`` on the driver: one for each track a listener played, not for each play.

    sittings : ``sitting, track_id``
    users : the listeners, where not those of the rows
    """
    frame = delta.to_pandas(weights.select("user_id", "track_id", F.col("weight").cast("float").alias("weight")))
    names = np.unique(frame["user_id"].to_numpy(dtype=np.str_)) if users is None else users
    return Interactions(
        users=names,
        items=catalogue.track_ids,
        weights=_matrix(frame, "user_id", names, catalogue.track_ids, frame["weight"].to_numpy(dtype=np.float32)),
        sounds=catalogue.sounds,
        artists=np.unique(catalogue.artist_ids, return_inverse=True)[1].astype(np.int64),
        sittings=None if sittings is None else _sittings(delta.to_pandas(sittings), catalogue.track_ids),
    )


def _sittings(frame: pd.DataFrame, track_ids: NDArray[np.str_]) -> csr_matrix:
    names = np.unique(frame["sitting"].to_numpy(dtype=np.str_))
    return _matrix(frame, "sitting", names, track_ids, np.ones(len(frame), dtype=np.float32))


def _matrix(
    frame: pd.DataFrame, row: str, names: NDArray[np.str_], track_ids: NDArray[np.str_], values: Floats
) -> csr_matrix:
    rows = np.searchsorted(names, frame[row].to_numpy(dtype=np.str_))
    columns = np.searchsorted(track_ids, frame["track_id"].to_numpy(dtype=np.str_))
    found = csr_matrix((values, (rows, columns)), shape=(len(names), len(track_ids)), dtype=np.float32)
    found.sum_duplicates()
    return found
