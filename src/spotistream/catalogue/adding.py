"""Files into the folder of music: copied whole, under names that are free, never over what is there."""

from __future__ import annotations

import filecmp
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from spotistream.audio.formats import AUDIO_SUFFIXES, HEAD_BYTES, is_surely_audio
from spotistream.catalogue.folder import UNFINISHED_SUFFIXES, audio_files
from spotistream.errors import InputError

FOLDER = "Added"
"""Below the folder of music: where single files go."""


@dataclass(frozen=True)
class Copy:
    """A file and where it goes. ``there``: the same bytes are at ``target`` already."""

    source: Path
    target: Path
    there: bool


def planned_copies(sources: Iterable[Path], music: Path) -> list[Copy]:
    """What copying these files, and the audio files and covers of these folders, into the folder of music means.

    A file that is in the folder of music stays where it is. Raises InputError for what does not exist, cannot be read,
    or is no audio, before anything is copied.
    """
    music = music.resolve()
    taken: set[Path] = set()
    copies = []
    for source, relative in (pair for path in sources for pair in _wanted(path)):
        resolved = source.resolve()
        inside = resolved.is_relative_to(music)
        target = resolved if inside else _free(music / relative, resolved, taken)
        taken.add(target)
        copies.append(Copy(resolved, target, there=inside or target.exists()))
    return copies


def copy_files(copies: Iterable[Copy]) -> Iterator[Copy]:
    """Copy what is not there; each is given back when it is complete. A reader never sees half of a file."""
    for copy in copies:
        if not copy.there:
            copy.target.parent.mkdir(parents=True, exist_ok=True)
            unfinished = copy.target.with_name(f".{copy.target.name}.part")
            try:
                shutil.copyfile(copy.source, unfinished)
                unfinished.replace(copy.target)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise
        yield copy


def _wanted(path: Path) -> Iterator[tuple[Path, Path]]:
    """Each file of a path with its place below the folder of music."""
    path = path.expanduser()
    if path.is_dir():
        files = audio_files(path)
        if not files:
            raise InputError(str(path), "there is no audio file in it", remedy="name audio files, or folders of them")
        root = path.resolve()
        found = [Path(file.path) for file in files if file.problem is None]
        covers = {Path(file.cover) for file in files if file.cover}
        for file in [*found, *sorted(covers)]:
            yield file, Path(root.name) / file.relative_to(root)
        return
    try:
        with path.open("rb") as opened:
            head = opened.read(HEAD_BYTES)
    except OSError as exc:
        remedy = "name an audio file or a folder"
        raise InputError(str(path), f"cannot be read ({exc.strerror})", remedy=remedy) from exc
    suffix = path.suffix.lower()
    if suffix in UNFINISHED_SUFFIXES or (suffix not in AUDIO_SUFFIXES and not is_surely_audio(head)):
        raise InputError(str(path), "is no audio file", remedy="name files such as .mp3, .ogg, .flac or .m4a")
    yield path, Path(FOLDER) / path.name


def _free(target: Path, source: Path, taken: set[Path]) -> Path:
    """The target, or ``name (2)`` and so on where another file has that name."""
    for number in count(2):
        if target not in taken and (not target.exists() or filecmp.cmp(source, target, shallow=False)):
            return target
        base = target.stem if number == 2 else target.stem.rpartition(" (")[0]
        target = target.with_name(f"{base} ({number}){target.suffix}")
    raise AssertionError
