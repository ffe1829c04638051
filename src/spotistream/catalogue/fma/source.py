"""Where FMA's CSV files are: in a ZIP, in a folder, or a single one of them."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from spotistream.errors import InputError

TRACKS, GENRES, FEATURES = "tracks.csv", "genres.csv", "features.csv"
RAW_TRACKS, RAW_ALBUMS, RAW_ARTISTS, RAW_GENRES = (
    "raw_tracks.csv", "raw_albums.csv", "raw_artists.csv", "raw_genres.csv"
)  # fmt: skip
NAMES = (TRACKS, GENRES, FEATURES, RAW_TRACKS, RAW_ALBUMS, RAW_ARTISTS, RAW_GENRES)
ARCHIVE, FOLDER = "fma_metadata.zip", "fma_metadata"
REMEDY = f"name FMA's {ARCHIVE}, or a folder with its CSV files, with --metadata"

_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError)
_REFUSED = (NotImplementedError, RuntimeError)  # of zipfile: another compression, an encrypted entry


class CheckedStream:
    """A file that is read line by line. What goes wrong with it is an InputError that names it."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream, self._name = stream, name

    def readline(self, limit: int) -> bytes:
        """The next line with its end, at most ``limit`` bytes of it; empty at the end of the file."""
        try:
            return self._stream.readline(limit)
        except (*_DAMAGED, OSError) as exc:
            raise InputError(self._name, f"is damaged ({exc})", remedy="download it again") from exc


@dataclass(frozen=True)
class Metadata:
    """A place that holds some of FMA's files.

    path : as the user named it
    archive : the ZIP they are in, or None
    files : name as in ``NAMES`` -> its path, inside the ZIP where there is one
    """

    path: Path
    archive: Path | None
    files: Mapping[str, str]

    def __contains__(self, name: str) -> bool:
        return name in self.files

    def label(self, name: str) -> str:
        """What the file is called in rejected rows: its own name, whichever place it is read from."""
        return PurePosixPath(self.files[name]).name

    def require(self, name: str) -> None:
        """Raises InputError where it has no such file."""
        if name not in self.files:
            found = ", ".join(self.files) or "none of FMA's files"
            raise InputError(str(self.path), f"holds no {name} (found: {found})", remedy=REMEDY)

    def size(self, name: str) -> int:
        """Bytes of the file, unpacked."""
        self.require(name)
        if self.archive is None:
            return Path(self.files[name]).stat().st_size
        with _zip(self.archive) as archive:
            return archive.getinfo(self.files[name]).file_size

    @contextmanager
    def open(self, name: str) -> Iterator[CheckedStream]:
        """The file, to be read line by line. Raises InputError where it is not there or cannot be opened."""
        self.require(name)
        label = f"{self.path}: {self.files[name]}" if self.archive else self.files[name]
        if self.archive is None:
            with _opened(Path(self.files[name])) as stream:
                yield CheckedStream(stream, label)
            return
        with _zip(self.archive) as archive:
            try:
                stream = archive.open(self.files[name])
            except (*_DAMAGED, *_REFUSED) as exc:
                raise InputError(label, f"cannot be unpacked ({exc})", remedy="download it again") from exc
            with stream:
                yield CheckedStream(stream, label)


def metadata_at(path: Path | str) -> Metadata:
    """What of FMA's metadata is at a path.

    path : a ZIP; a folder that holds the CSV files, the ZIP, or a folder ``fma_metadata`` with them; or one CSV file,
        which is ``tracks.csv`` where its name is not one of FMA's

    Raises InputError where there is nothing of it.
    """
    if not str(path):
        raise InputError("the metadata", "is not known to this home", remedy=REMEDY)
    path = Path(path)
    try:
        found = _found(path)
    except OSError as exc:
        raise InputError(str(path), f"cannot be read ({exc.strerror or exc})", remedy=REMEDY) from exc
    if not found.files:
        raise InputError(str(path), f"holds none of {', '.join(NAMES)}", remedy=REMEDY)
    return found


def metadata_beside(archive: Path) -> Path:
    """FMA's metadata in the folder of an archive of audio. Raises InputError where there is none, or no archive."""
    if not archive.exists():
        raise InputError(str(archive), "there is no such file", remedy="check the path")
    names = (ARCHIVE, FOLDER, TRACKS)
    found = next((archive.parent / name for name in names if (archive.parent / name).exists()), None)
    if found is None:
        remedy = f"name FMA's {ARCHIVE} or {TRACKS} with --metadata, or leave out --per-genre"
        raise InputError(str(archive), f"has no metadata beside it ({', '.join(names)})", remedy=remedy)
    return found


def _found(path: Path) -> Metadata:
    if path.is_dir():
        for folder in (path, path / FOLDER):
            files = {name: str(folder / name) for name in NAMES if (folder / name).is_file()}
            if files:
                return Metadata(path, None, files)
        if not (path / ARCHIVE).is_file():
            return Metadata(path, None, {})
        return Metadata(path, path / ARCHIVE, _entries(path / ARCHIVE))
    with path.open("rb") as file:
        head = file.read(4)
    if path.suffix.lower() == ".zip" or head.startswith(b"PK"):
        return Metadata(path, path, _entries(path))
    return Metadata(path, None, {path.name if path.name in NAMES else TRACKS: str(path)})


def _entries(path: Path) -> dict[str, str]:
    """FMA's files in a ZIP, at its top or in one folder; of two of one name the one nearer to the top."""
    with _zip(path) as archive:
        names: Iterable[str] = archive.namelist()
    nearest: dict[str, str] = {}
    for name in sorted(names, key=lambda name: (name.count("/"), name)):
        if name.count("/") <= 1 and PurePosixPath(name).name in NAMES and not name.startswith("__MACOSX"):
            nearest.setdefault(PurePosixPath(name).name, name)
    return {name: nearest[name] for name in NAMES if name in nearest}


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        stream = path.open("rb")
    except OSError as exc:
        raise InputError(str(path), f"cannot be read ({exc.strerror or exc})", remedy=REMEDY) from exc
    with stream:
        yield stream


@contextmanager
def _zip(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except (*_DAMAGED, *_REFUSED, ValueError) as exc:
        raise InputError(str(path), f"is cut short or is no ZIP ({exc})", remedy="download it again") from exc
    except OSError as exc:
        raise InputError(str(path), f"cannot be read ({exc.strerror or exc})", remedy=REMEDY) from exc
    with archive:
        yield archive
