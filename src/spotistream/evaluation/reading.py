"""Files of interactions -> observations. Lines that cannot be read are counted and said, with the first few of them."""

from __future__ import annotations

import gzip
import zlib
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import IO

import numpy as np

from spotistream.errors import InputError
from spotistream.evaluation.layout import Layout, cells, layout_of
from spotistream.evaluation.moments import as_number, as_seconds
from spotistream.evaluation.observations import Observations

LOOKED_AT = 500
"""Lines from which the layout is told."""
SHOWN = 5
"""Bad lines that are said one by one."""
GZIP = b"\x1f\x8b"


def read_observations(path: Path, *, form: str = "auto", say: Callable[[str], None]) -> tuple[Observations, Layout]:
    """What the file holds, and how it was laid out.

    form : ``auto``, ``pairs`` or ``lists``
    Raises ``InputError`` where there is no such file, it is empty, or most of its lines cannot be read.
    """
    with _lines(path) as numbered:
        whole = ((number, line) for number, line in numbered if line.strip())
        head = list(islice(whole, LOOKED_AT))
        if not head:
            raise InputError(str(path), "is empty", remedy="give lines of user, item[, weight[, time]]")
        layout = layout_of(str(path), [line for _, line in head], form=form)
        say(f"{path}: {layout}")
        collected = _Collected(layout)
        for number, line in chain(head[layout.header :], whole):
            collected.take(number, line)
    return collected.observations(path, say), layout


@contextmanager
def _lines(path: Path) -> Iterator[Iterator[tuple[int, str]]]:
    """Numbered lines of a text file, gzipped or not; bytes that are no UTF-8 become replacement characters."""
    try:
        with _opened(path) as file:
            yield enumerate(file, 1)
    except FileNotFoundError:
        raise InputError(str(path), "there is no such file", remedy="check the path") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as exc:
        raise InputError(str(path), f"is not a whole gzip file ({exc})", remedy="fetch or pack it again") from exc
    except OSError as exc:
        raise InputError(str(path), f"cannot be read ({exc.strerror})", remedy="check the path") from exc


def _opened(path: Path) -> IO[str]:
    with path.open("rb") as file:
        packed = file.read(len(GZIP)) == GZIP
    if packed:
        return gzip.open(path, "rt", encoding="utf-8-sig", errors="replace")
    return path.open(encoding="utf-8-sig", errors="replace")


class _Collected:
    """Rows as they are read: names become numbers at once, so that a large file takes little memory."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._users: dict[str, int] = {}
        self._items: dict[str, int] = {}
        self._rows = array("q"), array("q"), array("d"), array("d")
        self._bad: list[str] = []
        self._lines = self._bad_lines = self._unwanted = 0

    def take(self, number: int, line: str) -> None:
        self._lines += 1
        row = cells(line, self._layout.separator)
        problem = self._take_list(row) if self._layout.lists else self._take_pair(row)
        if problem:
            self._bad_lines += 1
            if len(self._bad) < SHOWN:
                self._bad.append(f"line {number}: {problem}")

    def _take_list(self, row: list[str]) -> str:
        user = self._users.setdefault(row[0], len(self._users))
        for item in filter(None, row[1:]):
            self._add(user, item, 1.0, 0.0)
        return ""

    def _take_pair(self, row: list[str]) -> str:
        columns = self._layout.columns
        if len(row) <= max(columns.values()):
            return f"has {len(row)} cells, not {max(columns.values()) + 1}"
        user, item = row[columns["user"]], row[columns["item"]]
        if not user or not item:
            return "has no user" if not user else "has no item"
        weight = as_number(row[columns["weight"]]) if "weight" in columns else 1.0
        time = as_seconds(row[columns["time"]]) if "time" in columns else 0.0
        if weight is None:
            return f"its weight is no number: {row[columns['weight']][:40]!r}"
        if time is None:
            return f"its time is neither unix seconds nor ISO 8601: {row[columns['time']][:40]!r}"
        if weight <= 0:
            self._unwanted += 1
        else:
            self._add(self._users.setdefault(user, len(self._users)), item, weight, time)
        return ""

    def _add(self, user: int, item: str, weight: float, time: float) -> None:
        users, items, weights, times = self._rows
        users.append(user)
        items.append(self._items.setdefault(item, len(self._items)))
        weights.append(weight)
        times.append(time)

    def observations(self, path: Path, say: Callable[[str], None]) -> Observations:
        """What was read; says what was not."""
        for line in self._bad:
            say(f"{path}, {line}")
        if self._bad_lines > max(self._lines / 2, 0):
            raise InputError(
                str(path), f"{self._bad_lines:,} of {self._lines:,} lines cannot be read, first {self._bad[0]}",
                remedy="give lines of user, item[, weight[, time]], or of user item item …",
            )  # fmt: skip
        if self._bad_lines:
            say(f"{path}: {self._bad_lines:,} of {self._lines:,} lines cannot be read and are left out")
        if self._unwanted:
            say(f"{path}: {self._unwanted:,} lines with a weight of 0 or less are no wish and are left out")
        if not len(self._rows[0]):
            raise InputError(str(path), "holds no interaction", remedy="give lines of user, item[, weight[, time]]")
        users, items, weights, times = (np.array(column) for column in self._rows)
        return Observations(
            users, items, weights, times if "time" in self._layout.columns else None,
            np.array(list(self._users), dtype=np.str_), np.array(list(self._items), dtype=np.str_),
        )  # fmt: skip
