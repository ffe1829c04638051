"""FMA's official ``features.csv`` -> Delta ``track_features``, in place of extraction.

The vectors follow a spec of their own: they compare with each other and with no extracted ones.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from pyspark.sql import SparkSession

from spotistream.audio.spec import FMA_OFFICIAL
from spotistream.catalogue.fma.features import HEADER_ROWS, FeatureRecord, Features
from spotistream.catalogue.fma.records import CsvRecords, Rejected
from spotistream.catalogue.fma.source import FEATURES, metadata_at
from spotistream.config import Config
from spotistream.pipelines.imported_rows import MB, Megabytes, RejectLog, chunks, merge_changed
from spotistream.pipelines.progress import Progress
from spotistream.tables import TRACK_FEATURES

CHUNK = 10_000


@dataclass
class Summary:
    """What a run found; prints as one line.

    spoiled : cells that are no finite number, missing in the vector
    """

    tracks: int = 0
    rejected: int = 0
    spoiled: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        parts = [f"features of {self.tracks:,} tracks ({FMA_OFFICIAL.id})"]
        parts.append(f"{self.rejected:,} record{'s' * (self.rejected != 1)} rejected")
        if self.spoiled:
            parts.append(f"{self.spoiled:,} cell{'s' * (self.spoiled != 1)} left empty")
        return f"{', '.join(parts)} in {self.seconds:.1f} s; next: spotistream run publish"


def run(spark: SparkSession, cfg: Config) -> Summary:
    """Import all of it. Raises ``InputError`` where there is no readable ``features.csv``."""
    begun = time.monotonic()
    metadata = metadata_at(cfg.catalogue.metadata)
    size = metadata.size(FEATURES)
    summary = Summary()
    rejects = RejectLog(spark, cfg, [metadata.label(FEATURES)])
    with metadata.open(FEATURES) as stream, Progress("MB", total=size // MB) as progress:
        done = Megabytes(progress)
        records = CsvRecords(stream, file=metadata.label(FEATURES), header_rows=HEADER_ROWS)
        for chunk in chunks(Features(records), CHUNK):
            found = [record for record in chunk if isinstance(record, FeatureRecord)]
            rejects.add(record for record in chunk if isinstance(record, Rejected))
            merge_changed(spark, cfg, TRACK_FEATURES, [_row(record) for record in found])
            summary.tracks += len(found)
            summary.spoiled += sum(record.spoiled for record in found)
            done.reach(records.position)
    rejects.finish()
    summary.rejected = rejects.count
    summary.seconds = time.monotonic() - begun
    return summary


def _row(record: FeatureRecord) -> dict[str, Any]:
    """A row of ``track_features``: of the audio nothing else is known."""
    known = {"track_id": f"fma:{record.number}", "feature_spec": FMA_OFFICIAL.id, "vector": record.vector}
    return {column: known.get(column) for column in TRACK_FEATURES.columns}
