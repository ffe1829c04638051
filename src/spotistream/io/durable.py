"""Writes that a power cut cannot undo by halves: on the disk before anything points to them."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_durably(path: Path, content: bytes) -> None:
    """A new file that is on the disk when this returns."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace_durably(path: Path, content: bytes) -> None:
    """Replace a file in one step; whoever reads it, after a power cut too, finds all of the old or all of the new."""
    draft = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        write_durably(draft, content)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """The names in a folder, of files just made or renamed, are on the disk when this returns."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
