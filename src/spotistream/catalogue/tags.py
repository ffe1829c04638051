"""Tags of an audio file, of any tagging scheme, as one plain value; what is missing comes from the file's name."""

from __future__ import annotations

import base64
import binascii
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mutagen
from mutagen.flac import Picture

UNKNOWN_ARTIST = "Unknown artist"
MAX_TEXT = 300

# For each field the keys of ID3, Vorbis comments, MP4, ASF and APEv2, the telling ones first.
_KEYS = {
    "title": ("TIT2", "title", "\xa9nam", "Title"),
    "artist": ("TPE1", "artist", "\xa9ART", "Author", "TPE2", "albumartist", "aART", "WM/AlbumArtist", "Album Artist"),
    "album": ("TALB", "album", "\xa9alb", "WM/AlbumTitle"),
    "album_artist": ("TPE2", "albumartist", "aART", "WM/AlbumArtist", "Album Artist"),
    "genre": ("TCON", "genre", "\xa9gen", "WM/Genre"),
    "track_number": ("TRCK", "tracknumber", "trkn", "WM/TrackNumber", "Track"),
    "year": ("TDRC", "TYER", "TDOR", "date", "year", "originaldate", "\xa9day", "WM/Year"),
    "licence": ("WCOP", "license", "licence", "TXXX:LICENSE", "TXXX:license", "TCOP", "copyright", "cprt", "Copyright"),
}
_UNREADABLE = (mutagen.MutagenError, ValueError, LookupError, struct.error, EOFError, OSError, TypeError)
_NUMBER = re.compile(r"(?P<number>\d{1,3})(?:\.\s+|\s+-\s+)|(?P<padded>0\d{1,2})\s+")


@dataclass(frozen=True)
class Tags:
    """What a file says about its track. ``title`` and ``artist`` are never empty.

    track_number : from 1
    year : four digits
    picture : the embedded cover as found, not checked
    """

    title: str
    artist: str
    album: str | None = None
    album_artist: str | None = None
    genre: str | None = None
    track_number: int | None = None
    year: int | None = None
    licence: str | None = None
    picture: bytes | None = None


def read_tags(path: Path, *, folder: str) -> Tags:
    """The tags of a file; a file without readable tags has those its name gives.

    folder : name of the folder it stands in, the album where none is tagged; empty: none
    """
    try:
        tagged = mutagen.File(path)
    except _UNREADABLE:
        tagged = None
    found = {field: _text(tagged, keys) for field, keys in _KEYS.items()}
    number, artist, title = name_parts(path.stem)
    if found["title"]:
        number, artist = None, None
    return Tags(
        title=found["title"] or title,
        artist=found["artist"] or artist or UNKNOWN_ARTIST,
        album=found["album"] or (folder if not folder.isdigit() else None) or None,
        album_artist=found["album_artist"],
        genre=_first_genre(found["genre"]),
        track_number=_number(found["track_number"], r"\d{1,4}") or number,
        year=_number(found["year"], r"(?<!\d)[12]\d{3}"),
        licence=found["licence"],
        picture=next(_pictures(tagged), None),
    )


def name_parts(stem: str) -> tuple[int | None, str | None, str]:
    """Track number, artist and title, as far as a file name gives them.

    >>> name_parts("03 - Some_Band - A Song")
    (3, 'Some Band', 'A Song')
    >>> name_parts("99 Luftballons"), name_parts("000002")
    ((None, None, '99 Luftballons'), (None, None, '000002'))
    """
    name = " ".join(stem.replace("_", " ").split()) or stem
    number = _NUMBER.match(name)
    rest = name[number.end() :] if number else name
    artist, separator, title = rest.partition(" - ")
    if not separator:
        artist, title = "", rest
    return int(number["number"] or number["padded"]) or None if number else None, artist or None, title


def _text(tagged: Any, keys: tuple[str, ...]) -> str | None:
    """The first value under any of the keys that holds text."""
    for key in keys:
        try:
            value = tagged.tags[key]
        except (*_UNREADABLE, AttributeError):
            continue
        if text := _clean(value):
            return text
    return None


def _clean(value: Any) -> str | None:
    """The first text in a tag's value: one line, without control characters, of a sensible length."""
    if hasattr(value, "genres"):  # ID3 writes (17) for Rock
        value = value.genres
    value = getattr(value, "url", getattr(value, "text", getattr(value, "value", value)))
    while isinstance(value, list | tuple):
        value = next((item for item in value if item), None)
        value = getattr(value, "value", value)
    if value is None or isinstance(value, bytes):
        return None
    text = "".join(sign if sign.isprintable() else " " for sign in str(value).split("\0")[0])
    return " ".join(text.encode("utf-8", "ignore").decode().split())[:MAX_TEXT] or None


def _first_genre(genre: str | None) -> str | None:
    return re.split(r"\s*[;,|]\s*", genre)[0] or None if genre else None


def _number(text: str | None, pattern: str) -> int | None:
    match = re.search(pattern, text or "")
    return int(match[0]) or None if match else None


def _pictures(tagged: Any) -> Iterator[bytes]:
    """Every embedded picture, in each scheme's own place."""
    yield from (picture.data for picture in getattr(tagged, "pictures", ()) if picture.data)
    tags = getattr(tagged, "tags", None)
    if tags is None:
        return
    if hasattr(tags, "getall"):
        yield from (frame.data for frame in sorted(tags.getall("APIC"), key=lambda frame: frame.type != 3))
        return
    for key in ("covr", "WM/Picture", "metadata_block_picture", "coverart", "Cover Art (Front)"):
        try:
            values = tags[key]
        except _UNREADABLE:
            continue
        for value in values if isinstance(values, list) else [values]:
            if data := _picture(key, value):
                yield data


def _picture(key: str, value: Any) -> bytes | None:
    try:
        if key == "metadata_block_picture":
            return Picture(base64.b64decode(value)).data
        if key == "coverart":
            return base64.b64decode(value)
        data = bytes(getattr(value, "value", value))
    except (*_UNREADABLE, binascii.Error):
        return None
    if key == "WM/Picture":  # type, length, two zero-ended UTF-16 texts, data
        start = re.match(rb".{5}(?:(?!\0\0)..)*\0\0(?:(?!\0\0)..)*\0\0", data, re.DOTALL)
        return data[start.end() :] if start else None
    if key == "Cover Art (Front)":
        return data.partition(b"\0")[2]
    return data
