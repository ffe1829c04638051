"""Records of a CSV file that may be damaged: what is damaged is rejected, and nothing after it is lost.

An opening quote that is never closed would make one field of all that follows, up to the next quote. So after a damaged
record reading goes on at the next line that begins as the records of these files do: with a whole number and a comma.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from spotistream.catalogue.fma.source import CheckedStream
from spotistream.errors import InputError

MAX_RECORD_BYTES = 1_000_000
KEPT_CHARACTERS = 1_000
"""Of a rejected record."""
_START = re.compile(r"[0-9]+,")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SKIPPED_AT_ONCE = 65_536


@dataclass(frozen=True)
class Record:
    """One record.

    line : it begins on, from 1
    cells : as many as the header has columns
    intact : False where some of its bytes were not UTF-8; U+FFFD stands for them
    """

    line: int
    cells: list[str]
    intact: bool


@dataclass(frozen=True)
class Rejected:
    """A record that cannot be used: a row of ``metadata_rejected``."""

    file: str
    line: int
    code: str
    reason: str
    record: str


class Line(NamedTuple):
    """A line of the file; ``size`` in bytes. Of one that is too long only the beginning is kept."""

    number: int
    text: str
    size: int
    intact: bool


class _TooLong(Exception):
    """The record has more than ``MAX_RECORD_BYTES``."""


class Lines:
    """The lines of a file, which can be put back; those of the current record are in ``taken``."""

    def __init__(self, stream: CheckedStream) -> None:
        self._stream = stream
        self._back: deque[Line] = deque()
        self._number = 0
        self.position = 0
        self.taken: list[Line] = []
        self._size = 0

    def begin(self) -> None:
        """A new record begins with the next line."""
        self.taken, self._size = [], 0

    def put_back(self, lines: list[Line]) -> None:
        self._back.extendleft(reversed(lines))

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.read()
        if line is None:
            raise StopIteration
        self.taken.append(line)
        self._size += line.size
        if self._size > MAX_RECORD_BYTES:
            raise _TooLong
        return line.text

    def read(self) -> Line | None:
        """The next line, which does not become part of the record; None at the end."""
        if self._back:
            return self._back.popleft()
        raw = self._stream.readline(MAX_RECORD_BYTES + 1)
        if not raw:
            return None
        self._number += 1
        self.position += len(raw)
        size = len(raw)
        if size > MAX_RECORD_BYTES:
            self._skip_line(raw)
            raw = raw[: 4 * KEPT_CHARACTERS]
        if self._number == 1:
            raw = raw.removeprefix(_BYTE_ORDER_MARK)
        try:
            return Line(self._number, raw.decode("utf-8"), size, True)
        except UnicodeDecodeError:
            return Line(self._number, raw.decode("utf-8", "replace"), size, False)

    def _skip_line(self, raw: bytes) -> None:
        while raw and not raw.endswith(b"\n"):
            raw = self._stream.readline(_SKIPPED_AT_ONCE)
            self.position += len(raw)


class CsvRecords:
    """The records of a file after its header, in order: each a ``Record`` or a ``Rejected``.

    file : its name in rejected rows
    header_rows : how many rows the header has

    Raises InputError where the header cannot be read.
    """

    def __init__(self, stream: CheckedStream, *, file: str, header_rows: int) -> None:
        csv.field_size_limit(max(csv.field_size_limit(), MAX_RECORD_BYTES))
        self.file = file
        self._lines = Lines(stream)
        self._reader = csv.reader(self._lines, strict=True)
        try:
            self.header = [next(self._reader) for _ in range(header_rows)]
        except (StopIteration, csv.Error, _TooLong) as exc:
            problem = f"does not begin with {header_rows} row{'s' * (header_rows > 1)} of column names"
            raise InputError(file, problem, remedy="download it again") from exc
        self._width = len(self.header[0])

    @property
    def position(self) -> int:
        """Bytes read so far."""
        return self._lines.position

    def __iter__(self) -> Iterator[Record | Rejected]:
        while True:
            self._lines.begin()
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except _TooLong:
                yield self._damaged("too_long", f"it has more than {MAX_RECORD_BYTES:,} bytes")
            except csv.Error as exc:
                if str(exc) == "unexpected end of data":
                    yield self._damaged("cut", "the file ends inside a quoted field")
                else:
                    yield self._damaged("quoting", f"its quotes do not fit: {exc}")
            else:
                if len(cells) == self._width:
                    taken = self._lines.taken
                    yield Record(taken[0].number, cells, all(line.intact for line in taken))
                elif cells:  # a blank line is no record
                    yield self._of_wrong_width(len(cells))

    def rejected(self, line: int, code: str, reason: str) -> Rejected:
        """The current record, refused for what it says."""
        return Rejected(self.file, line, code, reason, self._text(self._lines.taken))

    def _of_wrong_width(self, width: int) -> Rejected:
        counts = f"{width:,} instead of {self._width:,} columns"
        if width < self._width and not self._lines.taken[-1].text.endswith("\n"):
            return self._damaged("cut", f"the file ends inside it: it has {counts}")
        return self._damaged("columns", f"it has {counts}")

    def _damaged(self, code: str, reason: str) -> Rejected:
        """Reject what is damaged, and go on at the next line that begins a record."""
        taken = self._lines.taken
        restart = next((at for at, line in enumerate(taken) if at and _START.match(line.text)), None)
        if restart is not None:
            self._lines.put_back(taken[restart:])
            taken = taken[:restart]
        else:
            skipped = self._skip_to_next()
            if skipped:
                reason += f"; {skipped:,} more line{'s' * (skipped > 1)} up to the next record left out with it"
        return Rejected(self.file, taken[0].number, code, reason, self._text(taken))

    def _skip_to_next(self) -> int:
        """How many lines there were before the next one that begins a record."""
        skipped = 0
        while (line := self._lines.read()) is not None:
            if _START.match(line.text):
                self._lines.put_back([line])
                break
            skipped += 1
        return skipped

    @staticmethod
    def _text(lines: list[Line]) -> str:
        text = ""
        for line in lines:
            text += line.text[:KEPT_CHARACTERS]
            if len(text) >= KEPT_CHARACTERS:
                break
        return text[:KEPT_CHARACTERS]
