"""Which reader a file needs."""

from __future__ import annotations

from pathlib import Path

from spotistream.errors import InputError
from spotistream.histories.lastfm_1k import LastFm1k
from spotistream.histories.listens import HistoryReader

READERS: tuple[HistoryReader, ...] = (LastFm1k(),)
HEAD_BYTES = 8192


def history_files(path: Path) -> list[tuple[Path, HistoryReader]]:
    """The file, or the files of the folder that are histories, by name, each with its reader.

    Raises ``InputError`` where there is nothing at ``path``, it cannot be read, or nothing in it is a history.
    """
    try:
        files = sorted(one for one in path.iterdir() if one.is_file()) if path.is_dir() else [path]
        found = [(file, reader) for file in files if (reader := _reader_for(file)) is not None]
    except FileNotFoundError:
        raise InputError(str(path), "there is no such file", remedy="check the path") from None
    except OSError as exc:
        raise InputError(str(path), f"cannot be read ({exc.strerror})", remedy="check the path") from exc
    if not found:
        known = ", ".join(reader.name for reader in READERS)
        raise InputError(str(path), "is not a listening history of a known format", remedy=f"known are: {known}")
    return found


def _reader_for(path: Path) -> HistoryReader | None:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    return next((reader for reader in READERS if reader.recognises(path, head)), None)
