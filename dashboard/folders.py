"""From which folders files are sent to a browser. What the store says of a file is not trusted to be in one of them."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from spotistream.config import Config
from spotistream.home import DEMO_MUSIC, read_facts

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Folders:
    """music : the folder of music, with the covers that lie beside it
    covers : pictures taken out of audio files
    pictures : spectrograms
    """

    music: Path
    covers: Path
    pictures: Path


def folders_of(config: Config) -> Folders:
    """Those of a configuration. Without a folder of music on a disk of this machine it is the demo's."""
    folder = config.audio.folder
    music = local_path(folder if is_uri(folder) else str(Path(folder).expanduser().absolute())) if folder else None
    return Folders(music or config.home.joinpath(*DEMO_MUSIC), Path(config.paths.covers), Path(config.paths.pictures))


def with_music_of_home(config: Config) -> Config:
    """The configuration with the folder of music that the home remembers, where it names none.

    Raises ``EnvironmentProblem`` where another version wrote the home.
    """
    folder = config.audio.folder or read_facts(config.home).audio_folder
    return replace(config, audio=replace(config.audio, folder=folder))


def is_uri(location: str) -> bool:
    return "://" in location or location.startswith("file:")


def is_elsewhere(location: str | None) -> bool:
    """True for a URI of another store than the disks of this machine, such as ``s3a://``."""
    return location is not None and is_uri(location) and not location.startswith("file:")


def local_path(location: str | None) -> Path | None:
    """The file at an absolute path or ``file:`` URI; None for any other place."""
    if not location:
        return None
    if location.startswith("file:"):
        location = unquote(urlsplit(location).path)
    path = Path(location)
    return path if path.is_absolute() else None


def path_within(location: str | None, folders: Iterable[Path], *, what: str) -> Path | None:
    """The file at this location, links followed, where it lies in one of the folders; else None.

    A file that exists elsewhere is refused with a line in the log, in which ``what`` names it.
    """
    path = local_path(location)
    if path is None:
        return None
    try:
        found = path.resolve(strict=True)
    except (OSError, RuntimeError, ValueError):  # gone; a ring of links; a name no file can have
        return None
    if any(found.is_relative_to(folder.resolve()) for folder in folders):
        return found
    log.warning("%s is not sent: %r is outside of the folders it may be in", what, str(location))
    return None
