"""Cover pictures: real images only, each kept once however many tracks carry it."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

MAX_COVER_BYTES = 10_000_000

_KINDS = (
    ("jpg", re.compile(rb"\xff\xd8\xff")),
    ("png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("webp", re.compile(rb"RIFF.{4}WEBP", re.DOTALL)),
)


def picture_kind(data: bytes) -> str | None:
    """jpg, png or webp by the first bytes, whatever a tag or a name claims; None for anything else.

    >>> picture_kind(bytes.fromhex("89504e470d0a1a0a")), picture_kind(b"<svg/>")
    ('png', None)
    """
    return next((kind for kind, pattern in _KINDS if pattern.match(data)), None)


def usable_picture(path: Path) -> bool:
    """True for a file that is a picture a browser shows, of a sensible size. Unreadable files are not usable."""
    try:
        if path.stat().st_size > MAX_COVER_BYTES:
            return False
        with path.open("rb") as file:
            return picture_kind(file.read(16)) is not None
    except OSError:
        return False


def store_cover(data: bytes, folder: Path) -> Path | None:
    """Keep a picture as ``folder/<hash>.<kind>`` and return where; None where it is no picture or too large.

    The same picture is stored once; a concurrent reader never sees half of it. Raises OSError where the folder cannot
    be written.
    """
    kind = picture_kind(data)
    if kind is None or len(data) > MAX_COVER_BYTES:
        return None
    target = folder / f"{hashlib.sha256(data).hexdigest()[:32]}.{kind}"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        temporary = target.with_suffix(f".{os.getpid()}.tmp")
        temporary.write_bytes(data)
        temporary.replace(target)
    return target
