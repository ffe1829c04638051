"""New files of the folder of music into a running service: extracted, published, and waited for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from spotistream.config import Config
from spotistream.io import delta
from spotistream.io.documents import database
from spotistream.tables import SIMILAR_TRACKS, TRACK_FILES, TRACKS_COLLECTION, TRACKS_REJECTED

_POLL_S = 0.5


@dataclass(frozen=True)
class Added:
    """What became of a file: a track, or the reason why it is none."""

    path: str
    track_id: str | None
    title: str | None
    reason: str | None


def outcomes(spark: SparkSession, cfg: Config, paths: Iterable[Path]) -> list[Added]:
    """What the tables say of these files after ``extract_features``, in the order of the files."""
    wanted = [str(path) for path in paths]
    asked = spark.createDataFrame([(path,) for path in wanted], "path STRING")
    files = delta.read_table(spark, cfg, TRACK_FILES).where(~F.col("gone"))
    tracks = {row["path"]: row for row in files.join(asked, on="path", how="left_semi").collect()}
    rejects = delta.read_table(spark, cfg, TRACKS_REJECTED).join(asked, on="path", how="left_semi")
    reasons = {row["path"]: row["reason"] for row in rejects.collect()}
    return [
        Added(path, tracks[path]["track_id"], tracks[path]["title"], None)
        if path in tracks
        else Added(path, None, None, reasons.get(path, "it was not looked at"))
        for path in wanted
    ]


def wait_until_served(cfg: Config, track_ids: list[str], *, running: Callable[[], bool], limit_s: float) -> bool:
    """True once the store has the tracks and their similar tracks; False where the service ends or the time is up."""
    deadline = time.monotonic() + limit_s
    with database(cfg.mongo) as db:
        while time.monotonic() < deadline:
            wanted = {"_id": {"$in": track_ids}}
            if all(
                db[name].count_documents(wanted) == len(track_ids)
                for name in (TRACKS_COLLECTION.name, SIMILAR_TRACKS.name)
            ):
                return True
            if not running():
                return False
            time.sleep(_POLL_S)
    return False
