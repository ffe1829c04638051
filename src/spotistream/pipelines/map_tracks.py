"""Delta ``track_sounds`` and ``tracks`` -> Delta and store ``track_map``: the catalogue on a plane."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from spotistream.config import Config
from spotistream.errors import InputError
from spotistream.files import replace_text
from spotistream.io import delta
from spotistream.models.plane import placed, plane
from spotistream.pipelines.map_documents import write_map
from spotistream.tables import TRACK_MAP, TRACK_SOUNDS, TRACKS

log = logging.getLogger(__name__)

FIT_FILE = "map/current.json"
NEW_SHARE = 0.1
"""More new tracks than this share of those the map was computed for, and it is computed anew."""


@dataclass(frozen=True)
class Fit:
    """What is known of the map in use.

    map_version, sounds_version : of its coordinates, and of the vectors they were computed from
    tracks : for how many it was computed
    placed : how many were added to it since
    """

    map_version: str
    sounds_version: str
    tracks: int
    placed: int = 0


def run(spark: SparkSession, cfg: Config, *, refit: bool = False) -> str:
    """Place the tracks that are new on the map as it is, or compute all of it anew; then write both.

    refit : compute it anew though few tracks are new

    Raises InputError where no track has a sound.
    """
    tracks, sounds_version = _tracks(spark, cfg)
    vectors = np.stack(tracks["sound"].to_list()).astype(np.float32)
    stored = delta.to_pandas(delta.read_table(spark, cfg, TRACK_MAP)).set_index("track_id")
    known = stored.reindex(tracks["track_id"])
    fit = None if refit else _fit_to_keep(cfg, known, sounds_version=sounds_version)
    if fit is None:
        points = plane(vectors, seed=cfg.model.seed, jobs=os.cpu_count() or 1)
        fit = Fit(_version(sounds_version, tracks["track_id"], points), sounds_version, len(tracks))
        done = "computed anew"
    else:
        points, added = _with_new_tracks(vectors, known)
        fit = replace(fit, placed=fit.placed + added)
        done = f"{added:,} of them placed on the map as it is"
    found = tracks[["track_id", "genre", "playable"]].assign(
        map_version=fit.map_version, x=points[:, 0], y=points[:, 1]
    )
    if not found.set_index("track_id")[stored.columns].equals(stored.sort_index()):
        _write_table(spark, cfg, found)
    replace_text(Path(cfg.paths.models) / FIT_FILE, json.dumps(asdict(fit), indent=1))
    write_map(spark, cfg)
    return f"{fit.map_version}: {len(found):,} tracks, {done}"


def _tracks(spark: SparkSession, cfg: Config) -> tuple[pd.DataFrame, str]:
    """``track_id, sound, genre, playable`` of the tracks that have a sound, by id, and the version of the sounds."""
    sounds = delta.read_table(spark, cfg, TRACK_SOUNDS)
    versions = sounds.groupBy("sounds_version").count().orderBy(F.desc("count"), F.desc("sounds_version")).head(1)
    version = versions[0]["sounds_version"] if versions else ""
    tracks = delta.read_table(spark, cfg, TRACKS).select("track_id", "genre", "playable")
    joined = (
        sounds.where(F.col("sounds_version") == version)
        .select("track_id", "sound")
        .join(tracks, "track_id", "inner")
        .orderBy("track_id")
    )
    frame = delta.to_pandas(joined)
    if frame.empty:
        raise InputError(
            "table track_sounds", "holds no sound of a track",
            remedy="run: spotistream run extract_features fit_sounds publish ingest_tracks --once",
        )  # fmt: skip
    return frame, version


def _fit_to_keep(cfg: Config, known: pd.DataFrame, *, sounds_version: str) -> Fit | None:
    """The map in use; None where there is none, it is of other sounds, or too much of the catalogue is new.

    known : rows of the table, one for each track of the catalogue; missing values where a track is not on the map
    """
    try:
        fit = Fit(**json.loads((Path(cfg.paths.models) / FIT_FILE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as exc:
        log.warning("what is known of the map cannot be read (%s); it is computed anew", exc)
        return None
    versions = set(known["map_version"].dropna())
    if fit.sounds_version != sounds_version or versions != {fit.map_version}:
        return None
    new = int(known["x"].isna().sum())
    return fit if fit.placed + new <= NEW_SHARE * fit.tracks else None


def _with_new_tracks(vectors: np.ndarray, known: pd.DataFrame) -> tuple[np.ndarray, int]:
    """The points that are known, unchanged, and those of the others: float32 (n, 2); and how many others there were."""
    points = known[["x", "y"]].to_numpy(dtype=np.float32)
    new = np.isnan(points[:, 0])
    points[new] = placed(vectors[new], among=vectors[~new], points=points[~new])
    return points, int(new.sum())


def _version(sounds_version: str, track_ids: pd.Series, points: np.ndarray) -> str:
    """A digest of the map: the same map has the same version."""
    digest = hashlib.sha256("\n".join([sounds_version, *track_ids]).encode())
    digest.update(np.ascontiguousarray(points).tobytes())
    return f"map-{digest.hexdigest()[:12]}"


def _write_table(spark: SparkSession, cfg: Config, found: pd.DataFrame) -> None:
    """The table holds exactly these tracks afterwards."""
    new = spark.createDataFrame(found[list(TRACK_MAP.columns)], delta.table_schema(TRACK_MAP))
    delta.merge(spark, cfg, TRACK_MAP, new)
    gone = delta.existing_table(spark, cfg, TRACK_MAP).join(new, "track_id", "left_anti").select("track_id")
    delta.delete_rows(spark, cfg, TRACK_MAP, gone, keys=["track_id"])
