"""Cells of a record as values. A cell that says nothing is None; one that cannot be read is None too, and counted."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Generic, TypeVar

from spotistream.catalogue.fma.plain_text import plain_text

K = TypeVar("K")
T = TypeVar("T")

LONGEST_NAME, LONGEST_TEXT, LONGEST_MARKUP = 1_000, 50_000, 100_000
"""Characters that are kept of a name, of a longer text, and of HTML that is turned into text."""
MAX_INT, MAX_BIGINT = 2**31 - 1, 2**63 - 1
YEARS = range(1000, 10_000)

_WHOLE = re.compile(r"(-?[0-9]{1,19})(?:\.0+)?", re.ASCII)
_DECIMAL = re.compile(r"-?[0-9]{1,19}(?:\.[0-9]*)?(?:[eE][-+]?[0-9]{1,3})?", re.ASCII)
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{2}:[0-9]{2}:[0-9]{2})?", re.ASCII)
_NUMBERS = re.compile(r"\[(?:[0-9]{1,9}(?:, *[0-9]{1,9})*)?\]", re.ASCII)
_QUOTED = r"""(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")"""
_WORDS = re.compile(rf"\[(?:{_QUOTED}(?:, *{_QUOTED})*)?\]")
_WORD = re.compile(_QUOTED)
_ESCAPED = re.compile(r"\\(?:(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U(0010[0-9a-f]{4}|000[0-9a-f]{5}))|(.))")
_LANGUAGE = re.compile(r"[a-z]{2,3}", re.ASCII)
_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_BARE_ADDRESS = re.compile(r"[\w-]+(?:\.[\w-]+)+(?:[/?#][^\s<>\"]*)?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Cells(Generic[K]):
    """The cells of one record by column.

    columns : column -> its place among the cells; one the file does not have reads as None
    spoiled : int, cells so far that could not be read, or were longer than what is kept
    """

    def __init__(self, columns: Mapping[K, int], cells: Sequence[str]) -> None:
        self._columns, self._cells = columns, cells
        self.spoiled = 0

    def read(self, column: K, convert: Callable[[str], T | None]) -> T | None:
        """The cell by a converter below, which raises ValueError for what it cannot read."""
        place = self._columns.get(column)
        text = "" if place is None else self._cells[place].strip()
        if not text:
            return None
        try:
            return convert(text)
        except ValueError:
            self.spoiled += 1
            return None

    def text(self, column: K, convert: Callable[[str], str], *, longest: int = LONGEST_NAME) -> str | None:
        """The cell as text by ``one_line``, ``lines`` or ``described``, cut after ``longest`` characters."""
        text = self.read(column, convert)
        if text and len(text) > longest:
            self.spoiled += 1
            text = text[:longest]
        return text or None


def whole(text: str) -> int:
    """
    >>> whole("12"), whole("2005.0"), whole("-1")
    (12, 2005, -1)
    """
    match = _WHOLE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return int(match[1])


def at_least(least: int, *, most: int) -> Callable[[str], int | None]:
    """A whole number up to ``most``. FMA writes 0 or -1 for what it does not know: what is below ``least`` is None."""

    def convert(text: str) -> int | None:
        number = whole(text)
        if number > most:
            raise ValueError(text)
        return number if number >= least else None

    return convert


count = at_least(0, most=MAX_BIGINT)
ordinal = at_least(1, most=MAX_INT)


def seconds(text: str) -> float | None:
    """A length; 0 stands for an unknown one."""
    number = decimal(text)
    if number < 0:
        raise ValueError(text)
    return number or None


def decimal(text: str) -> float:
    """A finite number."""
    if not _DECIMAL.fullmatch(text) or not math.isfinite(number := float(text)):
        raise ValueError(text)
    return number


def degrees(limit: int) -> Callable[[str], float]:
    """Degrees from -limit to limit."""

    def convert(text: str) -> float:
        number = decimal(text)
        if abs(number) > limit:
            raise ValueError(text)
        return number

    return convert


def moment(text: str) -> datetime:
    """A day, with a time or without, UTC.

    >>> moment("2008-11-26 01:48:12").isoformat()
    '2008-11-26T01:48:12+00:00'
    """
    if not _MOMENT.fullmatch(text):
        raise ValueError(text)
    found = datetime.fromisoformat(text).replace(tzinfo=UTC)
    if found.year not in YEARS:
        raise ValueError(text)
    return found


def year(text: str) -> int:
    """The year of a date, or a year alone.

    >>> year("2006-01-01 00:00:00"), year("2006"), year("2006.0")
    (2006, 2006, 2006)
    """
    found = moment(text).year if "-" in text[1:] else whole(text)
    if found not in YEARS:
        raise ValueError(text)
    return found


@lru_cache(maxsize=4096)
def numbers(text: str) -> tuple[int, ...]:
    """
    >>> numbers("[]"), numbers("[138, 20]")
    ((), (138, 20))
    """
    if not _NUMBERS.fullmatch(text):
        raise ValueError(text)
    return tuple(int(number) for number in text[1:-1].split(",") if number)


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...] | None:
    """Words from a list as Python writes it; None where it is empty, each word once.

    >>> words('''['punk', "rock'n'roll"]'''), words("[]")
    (('punk', "rock'n'roll"), None)
    """
    if len(text) > LONGEST_TEXT or not _WORDS.fullmatch(text):
        raise ValueError(text)
    found = [one_line(_ESCAPED.sub(_unescaped, word[1:-1]))[:LONGEST_NAME] for word in _WORD.findall(text)]
    return tuple(dict.fromkeys(filter(None, found))) or None


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    sign = chr(int(code, 16)) if code else match[4]
    return " " if match[4] in ("n", "r", "t") else sign


def language(text: str) -> str:
    """A code such as ``en``."""
    if not _LANGUAGE.fullmatch(text.lower()):
        raise ValueError(text)
    return text.lower()


def one_of(*choices: str) -> Callable[[str], str]:
    """One of these words."""

    def convert(text: str) -> str:
        if text not in choices:
            raise ValueError(text)
        return text

    return convert


def address(text: str) -> str:
    """The address of a web page, the first of several: other schemes are refused, because a page makes a link of it.

    >>> address("http://freemusicarchive.org/music/AWOL/"), address("www.example.org/a")
    ('http://freemusicarchive.org/music/AWOL/', 'http://www.example.org/a')
    """
    first = text.split()[0]
    if len(first) <= LONGEST_NAME and _ADDRESS.fullmatch(first):
        return first
    if len(first) <= LONGEST_NAME and _BARE_ADDRESS.fullmatch(first):
        return f"http://{first}"
    raise ValueError(text)


def one_line(text: str) -> str:
    """Text on one line, without control characters."""
    return " ".join(_CONTROL.sub(" ", text).split())


def lines(text: str) -> str:
    """Text as written, without control characters and blank lines."""
    return "\n".join(filter(None, (one_line(line) for line in text.splitlines())))


def described(text: str) -> str:
    """The text of HTML. Raises ValueError where there is too much of it."""
    if len(text) > LONGEST_MARKUP:
        raise ValueError(text[:LONGEST_NAME])
    return _CONTROL.sub(" ", plain_text(text))
