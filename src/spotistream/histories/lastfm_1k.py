"""The tab-separated format of the Last.fm-1k data set (Celma, 2010).

``user, timestamp, artist mbid, artist, track mbid, title``; either mbid may be empty, lines are newest first. The set
has no header; where a copy was given one, it is skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from spotistream.histories.listens import Listen, Rejected, mbid

FIELDS = 6
_LINE = re.compile(rb"[^\t\r\n]+\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\t[^\t\n]*\t[^\t\n]*\t[^\t\n]*\t[^\t\n]*")
_HEADER = re.compile(rb"[^\t]*\t(timestamp|time)\t", re.IGNORECASE)
_LINES_LOOKED_AT = 20
_MAX_TEXT = 500


class LastFm1k:
    name = "Last.fm-1k"

    def recognises(self, path: Path, head: bytes) -> bool:
        return any(_LINE.match(line) for line in head.split(b"\n")[:_LINES_LOOKED_AT])

    def read(self, path: Path) -> Iterator[Listen | Rejected]:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip() and not (number == 1 and _HEADER.match(line)):
                    yield parse_line(number, line)


def parse_line(number: int, line: bytes) -> Listen | Rejected:
    """One line of the file, with or without its end."""
    try:
        text = line.decode("utf-8").removeprefix("\ufeff").rstrip("\r\n")
    except UnicodeDecodeError:
        return Rejected(number, "is not UTF-8", line.decode("utf-8", "backslashreplace")[:_MAX_TEXT].rstrip("\r\n"))
    fields = text.split("\t")
    if len(fields) != FIELDS:
        return Rejected(number, f"has {len(fields)} fields, not {FIELDS}", text[:_MAX_TEXT])
    user, time, artist_mbid, artist, track_mbid, title = (field.strip() for field in fields)
    for name, value in (("user", user), ("artist", artist), ("title", title)):
        if not value:
            return Rejected(number, f"has no {name}", text[:_MAX_TEXT])
    try:
        played_at = datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return Rejected(number, "has no time like 2009-05-04T23:08:57Z", text[:_MAX_TEXT])
    return Listen(number, user, played_at, artist, title, artist_mbid=mbid(artist_mbid), track_mbid=mbid(track_mbid))
