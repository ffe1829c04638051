"""Progress of a long job on stderr: a bar on a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from tqdm import tqdm

LINE_SECONDS = 5.0


class _Shown:
    """A context manager around a bar, which is None off a terminal; there a line is written now and then."""

    def __init__(self, bar: tqdm | None) -> None:
        self._bar = bar
        self._said = time.monotonic()

    def _write(self, line: Callable[[], str]) -> None:
        if (now := time.monotonic()) - self._said >= LINE_SECONDS:
            self._said = now
            sys.stderr.write(f"{line()}\n")
            sys.stderr.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()


class Progress(_Shown):
    """Counts ``total`` things as they are done; shows how many, how fast, and the time left.

    >>> with Progress("files", total=0) as progress:
    ...     progress.advance(0)
    """

    def __init__(self, unit: str, *, total: int) -> None:
        self._unit, self._total, self._done = unit, total, 0
        super().__init__(tqdm(total=total, unit=f" {unit}", dynamic_ncols=True) if total and _on_terminal() else None)
        self._begun = self._said

    def advance(self, count: int) -> None:
        self._done += count
        if self._bar is not None:
            self._bar.update(count)
        else:
            self._write(self._line)

    def _line(self) -> str:
        seconds = time.monotonic() - self._begun
        rate = self._done / seconds
        left = tqdm.format_interval((self._total - self._done) / rate) if rate else "?"
        return f"{self._done:,} of {self._total:,} {self._unit}, {rate:.1f} a second, {left} left"


class Countdown(_Shown):
    """Time that passes towards ``seconds``, with a few words on what was reached.

    >>> with Countdown("cosine", seconds=60) as countdown:
    ...     countdown.show(0.0, "nothing yet")
    """

    def __init__(self, title: str, *, seconds: float) -> None:
        self._title, self._seconds = title, seconds
        layout = "{desc}: {percentage:3.0f}%|{bar}| {postfix}"
        shown = _on_terminal()
        super().__init__(tqdm(total=seconds, desc=title, bar_format=layout, dynamic_ncols=True) if shown else None)

    def show(self, seconds: float, reached: str) -> None:
        words = f"{tqdm.format_interval(seconds)} of {tqdm.format_interval(self._seconds)}, {reached}"
        if self._bar is not None:
            self._bar.n = min(seconds, self._seconds)
            self._bar.set_postfix_str(words)
        else:
            self._write(lambda: f"{self._title}: {words}")


def _on_terminal() -> bool:
    return sys.stderr.isatty()
