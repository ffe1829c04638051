"""How a file of interactions is laid out, told from its first lines."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from spotistream.errors import InputError
from spotistream.evaluation.moments import as_number, as_seconds

SEPARATORS = ("\t", "::", ",", ";", "|", " ")
"""In the order in which they are tried; a space stands for any white space."""
SHOWN = {"\t": "tab", " ": "white space"}
LEAST_ALIKE = 0.8
"""The share of lines with the most frequent number of cells, from which on a file is one of pairs."""
UNIX_TIMES = (1e8, 1e14)
"""A third column of such numbers alone is the time, since 1973 in seconds or milliseconds: nobody plays that often."""

NAMES: dict[str, frozenset[str]] = {
    "user": frozenset({"user", "userid", "uid", "username", "listener", "listenerid", "customerid", "visitorid"}),
    "item": frozenset(
        {"item", "itemid", "iid", "track", "trackid", "song", "songid", "sid", "artist", "artistid", "album", "albumid"}
        | {"movie", "movieid", "book", "bookid", "isbn", "product", "productid", "asin"}
    ),
    "weight": frozenset(
        {"weight", "rating", "score", "value", "preference", "plays", "play", "count", "playcount", "listencount"}
    ),
    "time": frozenset({"time", "timestamp", "ts", "date", "datetime", "unixtime", "playedat", "eventtime"}),
}
"""What columns are called, without case and signs."""


@dataclass(frozen=True)
class Layout:
    """``columns``: the place of user, item and, where there are any, weight and time; of a file of lists it is empty.

    A file of lists has one line for each user: ``user item item …``.
    """

    separator: str
    header: bool
    columns: dict[str, int]

    @property
    def lists(self) -> bool:
        return not self.columns

    def __str__(self) -> str:
        what = "user item item …" if self.lists else ", ".join(sorted(self.columns, key=self.columns.__getitem__))
        head = "with" if self.header else "without"
        return f"{what}; separated by {SHOWN.get(self.separator, repr(self.separator))}, {head} a header"


def cells(line: str, separator: str) -> list[str]:
    """The cells of a line, quotes taken off; outer white space is no part of a cell."""
    if separator == " ":
        return line.split()
    if separator == "::":
        return [cell.strip() for cell in line.split("::")]
    if '"' not in line:
        return [cell.strip() for cell in line.split(separator)]
    return [cell.strip() for cell in next(csv.reader([line.strip()], delimiter=separator, skipinitialspace=True), [])]


def layout_of(source: str, lines: Sequence[str], *, form: str = "auto") -> Layout:
    """The layout of a file that begins with these lines, none of them empty.

    form : ``pairs`` or ``lists`` where that is known
    Raises ``InputError`` where no separator gives two cells.
    """
    separator, rows = _separated(source, lines)
    header = _named_columns(rows[0])
    widths = Counter(len(row) for row in (rows[1:] or rows))
    width, often = widths.most_common(1)[0]
    if header is not None and form != "lists":
        return Layout(separator, True, header)
    if form == "lists" or (form == "auto" and _are_lists(rows, width, often / max(len(rows) - 1, 1))):
        return Layout(separator, False, {})
    body = [row for row in rows[1:] if len(row) == width] or [row for row in rows if len(row) == width]
    columns = {"user": 0, "item": 1, **_further(body, width)}
    first = rows[0]
    odd = any(_fits(name, body[0][at]) and not _fits(name, _cell(first, at)) for name, at in columns.items() if at > 1)
    numbered = len(rows) > 1 and all(row[0].isdigit() and row[1].isdigit() for row in body)
    return Layout(separator, odd or (numbered and not any(cell.isdigit() for cell in first[:2])), columns)


def _separated(source: str, lines: Sequence[str]) -> tuple[str, list[list[str]]]:
    """The separator that gives most lines two cells or more, and among those the first of the list."""
    best: tuple[float, str, list[list[str]]] = (0.0, "", [])
    for separator in SEPARATORS:
        rows = [cells(line, separator) for line in lines]
        share = sum(len(row) > 1 for row in rows) / len(rows)
        if share > best[0] + 0.3:
            best = (share, separator, rows)
    if not best[1]:
        raise InputError(
            source, "has lines of one cell only", remedy="give user and item, separated by comma, tab, '::' or space"
        )
    return best[1], best[2]


def _named_columns(first: Sequence[str]) -> dict[str, int] | None:
    """The columns as the first line names them; None where it does not name user and item."""
    plain = [re.sub(r"[\W_]", "", cell.lower()) for cell in first]
    found = {
        name: at
        for name, known in NAMES.items()
        if (at := next((i for i, c in enumerate(plain) if c in known), -1)) >= 0
    }
    return found if {"user", "item"} <= set(found) else None


def _are_lists(rows: Sequence[Sequence[str]], width: int, alike: float) -> bool:
    """One line a user: lines differ in length or are long, hold nothing but ids, and no user comes twice."""
    users = [row[0] for row in rows if row]
    body = rows[1:] or rows
    whole = sum(all(re.fullmatch(r"[\w:.-]+", cell) for cell in row) for row in body) >= LEAST_ALIKE * len(body)
    return whole and len(set(users)) == len(users) and (width > 4 or alike < LEAST_ALIKE)


def _further(body: Sequence[Sequence[str]], width: int) -> dict[str, int]:
    """Weight and time, where there are such columns."""
    if width < 3:
        return {}
    third = [row[2] for row in body]
    low, high = UNIX_TIMES
    numbers = [as_number(cell) for cell in third]
    is_time = sum(n is None for n in numbers) > len(third) / 2 and sum(map(_is_time, third)) > len(third) / 2
    is_time = is_time or all(n is not None and low <= n <= high for n in numbers)
    if is_time:
        return {"time": 2}
    fourth = [row[3] for row in body] if width > 3 else []
    return {"weight": 2, **({"time": 3} if fourth and sum(map(_is_time, fourth)) > len(fourth) / 2 else {})}


def _is_time(cell: str) -> bool:
    return as_seconds(cell) is not None


def _fits(name: str, cell: str) -> bool:
    return (as_number(cell) if name == "weight" else as_seconds(cell)) is not None


def _cell(row: Sequence[str], at: int) -> str:
    return row[at] if at < len(row) else ""
