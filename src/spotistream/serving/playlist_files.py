"""Playlists as files of other players: extended M3U (in UTF-8, so M3U8) and JSPF. Pure.

JSPF: https://xspf.org/jspf, XSPF as JSON. M3U has no standard; the directives are those that players agree on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from spotistream.errors import InputError
from spotistream.events import TRACK_ID_PATTERN

M3U, JSPF = "m3u8", "jspf"
MEDIA_TYPES = {M3U: "audio/x-mpegurl", JSPF: "application/json"}
MAX_FILE_BYTES = 4 * 2**20
MAX_ENTRIES = 10_000
LONGEST_MS = 1e12
MAX_ADDRESS = 2_000
MAX_WORDS = 500
"""Characters of a title or a name that are looked at."""

_OURS = re.compile(r"/(?:media|track)/([^/?#]+)$")
_COMMA = re.compile(r'^[^,"]*(?:"[^"]*"[^,"]*)*,')
"""What stands before the display title: a length, and pairs whose values may hold commas in quotes."""


@dataclass(frozen=True)
class Entry:
    """What a file says of one track, from or for another player. Without a title there is a display title or a place.

    place : number of the line (M3U) or of the track (JSPF) in the file, from 1
    location : address or path of the audio; page : address of the track itself
    track_id : where the file comes from a player like this one
    display : artist and title in one
    """

    place: int
    location: str = ""
    page: str = ""
    track_id: str | None = None
    title: str = ""
    artist: str = ""
    album: str = ""
    display: str = ""
    duration_s: float | None = None

    @property
    def name(self) -> str:
        """To tell people which one it is."""
        both = " - ".join(part for part in (self.artist, self.title) if part)
        return both or self.display or file_name(self.location) or "an entry without a name"


@dataclass(frozen=True)
class PlaylistFile:
    name: str
    creator: str
    entries: tuple[Entry, ...]


def to_m3u(file: PlaylistFile) -> str:
    lines = ["#EXTM3U", "#EXTENC:UTF-8", f"#PLAYLIST:{_one_line(file.name)}"]
    for entry in file.entries:
        seconds = -1 if entry.duration_s is None else round(entry.duration_s)
        lines.append(f"#EXTINF:{seconds},{_one_line(entry.name)}")
        if entry.album:
            lines.append(f"#EXTALB:{_one_line(entry.album)}")
        lines.append(entry.location)
    return "\n".join(lines) + "\n"


def to_jspf(file: PlaylistFile) -> str:
    tracks = []
    for entry in file.entries:
        fields = {"title": entry.title, "creator": entry.artist, "album": entry.album}
        track: dict[str, Any] = {name: text for name, text in fields.items() if text}
        track |= {"location": [entry.location], "identifier": [entry.page]}
        if entry.duration_s is not None:
            track["duration"] = round(entry.duration_s * 1000)
        tracks.append(track)
    playlist = {"title": file.name, "creator": file.creator, "track": tracks}
    return json.dumps({"playlist": playlist}, ensure_ascii=False, indent=2) + "\n"


def parse_file(content: bytes) -> PlaylistFile:
    """A playlist of either format, told by what is in it. Raises ``InputError`` where it is neither, or too large."""
    if len(content) > MAX_FILE_BYTES:
        raise _wrong(f"has more than {MAX_FILE_BYTES // 2**20} MB")
    text = _decoded(content)
    found = _jspf(text) if text.lstrip().startswith("{") else _m3u(text)
    if not found.entries:
        raise _wrong("holds no tracks")
    if len(found.entries) > MAX_ENTRIES:
        raise _wrong(f"holds more than {MAX_ENTRIES:,} tracks")
    return found


def file_name(location: str) -> str:
    """The name of a file without its folder and ending, of a path of any system or an address."""
    path = unquote(_path(location)) if "://" in location else location
    name = re.split(r"[/\\]", path.rstrip("/\\"))[-1]
    return re.sub(r"\.\w{1,5}$", "", name)[:MAX_WORDS]


def _m3u(text: str) -> PlaylistFile:
    name, entries = "", []
    about: dict[str, Any] = {}
    for place, line in enumerate(map(str.strip, text.splitlines()), start=1):
        directive, _, rest = line.partition(":")
        if directive.startswith("#EXT-X-"):
            raise _wrong("is a stream in segments (HLS), not a list of tracks")
        if directive == "#PLAYLIST":
            name = _text(rest)
        elif directive == "#EXTINF":
            about |= _about(rest)
        elif directive == "#EXTALB":
            about["album"] = _text(rest)
        elif directive == "#EXTART":
            about["artist"] = _text(rest)
        elif line and not line.startswith("#"):
            if any(ord(sign) < ord(" ") for sign in line.replace("\t", " ")):
                raise _wrong("is not text")
            entries.append(Entry(place, location=line[:MAX_ADDRESS], track_id=_track_id([line]), **about))
            about = {}
    return PlaylistFile(name, "", tuple(entries))


def _about(rest: str) -> dict[str, Any]:
    head = _COMMA.match(rest)
    seconds = re.match(r"\s*(\d{1,9}(?:\.\d+)?)", rest)
    found: dict[str, Any] = {"display": _text(rest[head.end() :])} if head else {}
    return found | ({"duration_s": float(seconds[1])} if seconds and float(seconds[1]) > 0 else {})


def _jspf(text: str) -> PlaylistFile:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise _wrong("is no JSON") from None
    playlist = document.get("playlist") if isinstance(document, dict) else None
    tracks = playlist.get("track") if isinstance(playlist, dict) else None
    if not isinstance(playlist, dict) or not isinstance(tracks, list):
        raise _wrong("is JSON without the tracks of a playlist")
    entries = (_jspf_entry(place, track) for place, track in enumerate(tracks, start=1) if isinstance(track, Mapping))
    return PlaylistFile(_text(playlist.get("title")), _text(playlist.get("creator")), tuple(entries))


def _jspf_entry(place: int, track: Mapping[str, Any]) -> Entry:
    locations, pages = _texts(track.get("location")), _texts(track.get("identifier"))
    return Entry(
        place,
        location=locations[0] if locations else "",
        page=pages[0] if pages else "",
        track_id=_track_id([*pages, *locations]),
        title=_text(track.get("title")),
        artist=_text(track.get("creator")),
        album=_text(track.get("album")),
        duration_s=_seconds(track.get("duration")),
    )


def _seconds(duration: object) -> float | None:
    """Of milliseconds; None for what is no length."""
    number = duration if isinstance(duration, int | float) and not isinstance(duration, bool) else 0
    return number / 1000 if 0 < number < LONGEST_MS else None


def _track_id(addresses: Iterable[str]) -> str | None:
    """The track that one of these addresses is of, where a player like this one wrote it."""
    for address in addresses:
        found = _OURS.search(_path(address))
        if found and re.fullmatch(TRACK_ID_PATTERN, track_id := unquote(found[1]), re.ASCII):
            return track_id
    return None


def _path(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def _decoded(content: bytes) -> str:
    """UTF-8, or what old players write: Windows-1252, in which every byte means something."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _texts(value: object) -> list[str]:
    """Addresses: a list as the format wants it, or a single one as some write it."""
    values = value if isinstance(value, list) else [value]
    return [each[:MAX_ADDRESS] for each in values[:10] if isinstance(each, str)]


def _text(value: object) -> str:
    return " ".join(value[:MAX_WORDS].split()) if isinstance(value, str) else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _wrong(problem: str) -> InputError:
    return InputError("playlist file", problem, remedy="choose a file in M3U or JSPF")
