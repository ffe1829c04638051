"""``features.csv``: FMA's own features, as vectors in the order of the spec ``fma-official-1``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from spotistream.audio.spec import FMA_OFFICIAL
from spotistream.catalogue.fma.cells import Cells, at_least
from spotistream.catalogue.fma.records import CsvRecords, Record, Rejected
from spotistream.catalogue.fma.tracks import LARGEST_NUMBER
from spotistream.errors import InputError

HEADER_ROWS = 3
LARGEST_MISSING_SHARE = 0.5
"""A vector that misses more than this is rejected."""
_HEADER = ("feature", "statistics", "number")
_INDEX = "track_id"


@dataclass(frozen=True)
class FeatureRecord:
    """A vector of the file.

    number : of the track in FMA
    vector : float32 (518,), in the order of ``FMA_OFFICIAL``; NaN where the cell is empty or no finite number
    spoiled : int, cells that are no finite number
    """

    number: int
    vector: npt.NDArray[np.float32]
    spoiled: int


def feature_places(records: CsvRecords) -> list[int]:
    """Where each component of the spec stands in a record. Raises InputError where the file is another."""
    header = [tuple(row) for row in records.header]
    if tuple(row[0] for row in header) != _HEADER or len({len(row) for row in header}) != 1:
        problem = f"is not FMA's features.csv: its header rows do not begin with {', '.join(_HEADER)}"
        raise InputError(records.file, problem, remedy="name that file, its folder or its ZIP with --metadata")
    found = {".".join(name): place for place, name in enumerate(zip(*header, strict=True)) if place}
    missing = [name for name in FMA_OFFICIAL.names if name not in found]
    if missing:
        problem = f"lacks {len(missing)} of {len(FMA_OFFICIAL)} columns, the first {missing[0]}"
        raise InputError(records.file, problem, remedy="use the file as FMA publishes it")
    return [found[name] for name in FMA_OFFICIAL.names]


@dataclass
class Features:
    """Reads all records of ``features.csv``. Each track number counts once: the first record of it."""

    records: CsvRecords
    _places: list[int] = field(init=False)
    _seen: set[int] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self._places = feature_places(self.records)

    def __iter__(self) -> Iterator[FeatureRecord | Rejected]:
        chosen = itemgetter(*self._places)
        for record in self.records:
            if isinstance(record, Rejected):
                yield record
            elif not (record.cells[0] == _INDEX and not any(record.cells[1:])):  # the last row of the header
                yield self._read(record, chosen(record.cells))

    def _read(self, record: Record, cells: tuple[str, ...]) -> FeatureRecord | Rejected:
        number = Cells({_INDEX: 0}, record.cells).read(_INDEX, at_least(0, most=LARGEST_NUMBER))
        if number is None:
            return self.records.rejected(record.line, "id", f"its track_id {record.cells[0][:40]!r} is no whole number")
        if number in self._seen:
            return self.records.rejected(record.line, "duplicate", f"track {number} was there before")
        vector, spoiled = vector_of(cells)
        missing = int(np.isnan(vector).sum())
        if missing > LARGEST_MISSING_SHARE * len(vector):
            return self.records.rejected(record.line, "missing", f"{missing} of its {len(vector)} features are missing")
        self._seen.add(number)
        return FeatureRecord(number, vector, spoiled)


def vector_of(cells: tuple[str, ...]) -> tuple[npt.NDArray[np.float32], int]:
    """The cells as float32, NaN where one is no finite number; and how many are none without being empty."""
    try:
        numbers = np.array([float(cell) for cell in cells])
    except ValueError:
        numbers = np.array([_number(cell) for cell in cells])
    with np.errstate(over="ignore"):
        vector = numbers.astype(np.float32)
    bad = ~np.isfinite(vector)
    vector[bad] = np.nan
    return vector, sum(bool(cells[place].strip()) for place in np.flatnonzero(bad))


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("nan")
