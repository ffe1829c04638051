"""The top genre of each track in FMA's ``tracks.csv``, which stands alone, in a folder, or in ``fma_metadata.zip``."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from spotistream.errors import InputError

TRACKS = "tracks.csv"
BESIDE = ("fma_metadata.zip", "fma_metadata", TRACKS)
"""Names the metadata has beside an archive of audio."""

_GENRE_TOP = ("track", "genre_top")
_LONGEST_FIELD = 1 << 24  # characters; some biographies are longer than the csv module expects
_REMEDY = "name FMA's fma_metadata.zip or tracks.csv with --metadata"


def metadata_beside(archive: Path) -> Path:
    """FMA's metadata in the folder of the archive. Raises InputError where there is none, or no archive."""
    if not archive.exists():
        raise InputError(str(archive), "there is no such file", remedy="check the path")
    for name in BESIDE:
        if (found := archive.parent / name).exists():
            return found
    problem = f"has no metadata beside it ({', '.join(BESIDE)})"
    raise InputError(str(archive), problem, remedy=_REMEDY + ", or leave out --per-genre")


def top_genres(metadata: Path) -> dict[int, str]:
    """Top genre by track number, for the tracks that have one; records that are cut short are left out.

    metadata : a ``tracks.csv``, a folder or a ZIP archive that holds one

    Raises InputError for a path that cannot be read or is not such metadata.
    """
    try:
        with _tracks(metadata) as lines:
            return dict(_genres(lines, metadata))
    except OSError as exc:
        raise InputError(str(metadata), f"cannot be read ({exc.strerror or exc})", remedy=_REMEDY) from exc
    except (zipfile.BadZipFile, NotImplementedError, csv.Error, EOFError) as exc:
        raise InputError(str(metadata), f"is damaged ({exc})", remedy="download it again") from exc


@contextmanager
def _tracks(metadata: Path) -> Iterator[Iterable[str]]:
    if metadata.is_dir():
        metadata = metadata / TRACKS
    if not zipfile.is_zipfile(metadata):
        with metadata.open(encoding="utf-8", errors="replace", newline="") as file:
            yield file
        return
    with zipfile.ZipFile(metadata) as archive:
        name = next((name for name in archive.namelist() if PurePosixPath(name).name == TRACKS), None)
        if name is None:
            raise InputError(str(metadata), f"holds no {TRACKS}", remedy=_REMEDY)
        with archive.open(name) as file:
            yield io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="")


def _genres(lines: Iterable[str], metadata: Path) -> Iterator[tuple[int, str]]:
    csv.field_size_limit(_LONGEST_FIELD)
    records = csv.reader(lines)
    groups, names = next(records, []), next(records, [])
    columns = list(zip(groups, names, strict=False))
    if _GENRE_TOP not in columns:
        raise InputError(str(metadata), "has no column track, genre_top in its first two lines", remedy=_REMEDY)
    at = columns.index(_GENRE_TOP)
    for record in records:
        if len(record) > at and record[0].isdecimal() and record[at]:
            yield int(record[0]), record[at]
