"""What audio files a folder of music holds, in a fixed order, without opening more of them than their names require."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spotistream.audio.formats import AUDIO_SUFFIXES, HEAD_BYTES, is_surely_audio
from spotistream.errors import InputError

UNFINISHED_SUFFIXES = frozenset({".part", ".partial", ".crdownload", ".download", ".tmp", ".bak"})
COVER_STEMS = ("cover", "folder", "front", "album", "albumart")
COVER_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")

_REMEDY = "name a folder of music with --audio or the setting audio.folder"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class AudioFile:
    """A file that should be audio.

    path : absolute
    size_bytes : int
    modified_us : int, modification time, microseconds since 1970 UTC
    folder : name of the folder below the root it stands in; empty in the root itself
    cover : absolute path of the folder's cover picture, or None
    problem : why it cannot be read at all, or None
    """

    path: str
    size_bytes: int
    modified_us: int
    folder: str = ""
    cover: str | None = None
    problem: str | None = None


def is_uri(name: str) -> bool:
    """True for a folder that Spark reads: ``s3a://``, ``hdfs://``, ``file://`` ..."""
    return "://" in name


def music_folder(name: str) -> Path:
    """The folder of that name; opens no more of it than up to its first audio file.

    Raises InputError where no name is given, the folder does not exist or cannot be read, or holds no audio.
    """
    if not name:
        raise InputError("audio.folder", "no folder is named", remedy=_REMEDY)
    root = _root(Path(name))
    if next(_walk(root, root), None) is None:
        raise InputError(name, "there is no audio file in it", remedy=_REMEDY)
    return Path(name)


def audio_files(folder: Path) -> list[AudioFile]:
    """Every audio file below a folder, by path.

    A file counts by its ending, or by its first bytes where the ending says nothing. Links are not followed, so nothing
    outside the folder is read; what starts with a dot is left out, and so are unfinished downloads.

    Raises InputError for a folder that does not exist or cannot be read.
    """
    root = _root(folder)
    return sorted(_walk(root, root), key=lambda file: file.path)


def _root(folder: Path) -> Path:
    try:
        root = folder.expanduser().resolve(strict=True)
        next(iter(os.scandir(root)), None)
    except OSError as exc:
        remedy = "name an existing folder of music with --audio or audio.folder"
        raise InputError(str(folder), f"cannot be read as a folder ({exc.strerror})", remedy=remedy) from exc
    return root


def _walk(directory: Path, root: Path) -> Iterator[AudioFile]:
    try:
        with os.scandir(directory) as listing:
            entries = sorted((entry for entry in listing if not entry.name.startswith(".")), key=lambda e: e.name)
    except OSError as exc:
        log.warning("%s was left out: %s", directory, exc.strerror)
        return
    cover = _cover(entries)
    for entry in entries:
        if entry.is_symlink():
            log.info("the link %s was not followed", entry.path)
        elif entry.is_dir():
            yield from _walk(Path(entry.path), root)
        elif file := _audio_file(entry, folder="" if directory == root else directory.name, cover=cover):
            yield file


def _audio_file(entry: os.DirEntry[str], *, folder: str, cover: str | None) -> AudioFile | None:
    suffix = Path(entry.name).suffix.lower()
    try:
        status = entry.stat(follow_symlinks=False)
        if suffix not in AUDIO_SUFFIXES and not (entry.is_file() and _sounds(entry, suffix)):
            return None
    except OSError:  # gone since it was listed
        return None
    problem = None if entry.is_file() else "it is not a file: a pipe, a socket or a device"
    path = entry.path.encode("utf-8", "backslashreplace").decode()
    if path != entry.path:
        problem = "its name is not valid UTF-8: rename it"
    return AudioFile(path, status.st_size, status.st_mtime_ns // 1000, folder, cover, problem)


def _sounds(entry: os.DirEntry[str], suffix: str) -> bool:
    """True for a file of another ending, or of none, that begins like audio."""
    if suffix in UNFINISHED_SUFFIXES or suffix in COVER_SUFFIXES:
        return False
    try:
        with Path(entry.path).open("rb") as file:
            return is_surely_audio(file.read(HEAD_BYTES))
    except OSError:
        return False


def _cover(entries: list[os.DirEntry[str]]) -> str | None:
    """The picture of a folder: cover.* before folder.* and so on, whatever the case."""
    pictures = {entry.name.lower(): entry.path for entry in entries if entry.is_file(follow_symlinks=False)}
    names = (stem + suffix for stem in COVER_STEMS for suffix in COVER_SUFFIXES)
    return next((pictures[name] for name in names if name in pictures), None)
