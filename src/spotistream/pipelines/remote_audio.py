"""A folder of music by URI (s3a://, hdfs://, abfss://, file://): listed and read through Spark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from pathlib import PurePosixPath

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from spotistream.audio.formats import AUDIO_SUFFIXES
from spotistream.catalogue.folder import AudioFile
from spotistream.catalogue.guard import analyse_contents
from spotistream.catalogue.outcome import Settings
from spotistream.errors import InputError

MAX_MB = 256
"""Larger files are rejected: the bytes of a file pass through the JVM as one value."""
_GLOB = re.compile(r"([\\*?\[\]{}])")


def remote_audio_files(spark: SparkSession, uri: str) -> list[AudioFile]:
    """Every audio file below a URI, by path; what Hadoop takes for hidden (``.x``, ``_x``) is left out.

    Raises InputError where there is no such folder, it cannot be listed, or it holds no audio.
    """
    remedy = "name a folder of music with --audio or the setting audio.folder"
    suffix = F.lower(F.regexp_extract("path", r"(\.[^./]+)$", 1))
    try:
        rows = (
            _binary_files(spark, [uri])
            .where(suffix.isin(*AUDIO_SUFFIXES))
            .select("path", "length", F.unix_micros("modificationTime").alias("modified_us"))
            .orderBy("path")
            .collect()
        )
    except AnalysisException as exc:
        raise InputError(uri, f"cannot be listed ({str(exc).splitlines()[0]})", remedy=remedy) from exc
    if not rows:
        raise InputError(uri, "there is no audio file in it", remedy=remedy)
    return [_audio_file(row["path"], row["length"], row["modified_us"], root=_last_name(uri)) for row in rows]


def analyse_remote(
    spark: SparkSession, tasks: Sequence[dict[str, str | None]], ddl: str, *, settings: Settings, timeout_s: float
) -> DataFrame:
    """Rows of OUTCOME of these tasks (``path, folder, cover, known_hash``), whose files are read through Spark."""
    contents = _binary_files(spark, [_GLOB.sub(r"\\\1", str(task["path"])) for task in tasks]).select("path", "content")
    schema = "path STRING, folder STRING, cover STRING, known_hash STRING"
    asked = F.broadcast(spark.createDataFrame([tuple(task.values()) for task in tasks], schema))
    analyse = partial(analyse_contents, settings=settings, timeout_s=timeout_s)
    return contents.join(asked, on="path", how="inner").coalesce(1).mapInArrow(analyse, ddl)


def _binary_files(spark: SparkSession, paths: list[str]) -> DataFrame:
    return spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(paths)


def _last_name(uri: str) -> str:
    return PurePosixPath(uri.rstrip("/")).name


def _audio_file(path: str, size_bytes: int, modified_us: int, *, root: str) -> AudioFile:
    parent = PurePosixPath(path).parent.name
    problem = None
    if size_bytes > MAX_MB * 1_000_000:
        problem = f"it has {size_bytes / 1e6:,.0f} MB; through Spark {MAX_MB} can be read"
    return AudioFile(path, size_bytes, modified_us, folder="" if parent == root else parent, problem=problem)
