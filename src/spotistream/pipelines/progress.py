"""Progress of a long job on stderr: a bar on a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from tqdm import tqdm

LINE_SECONDS = 5.0


class Progress:
    """Counts ``total`` things as they are done; shows how many, how fast, and the time left.

    >>> with Progress("files", total=0) as progress:
    ...     progress.advance(0)
    """

    def __init__(self, unit: str, *, total: int) -> None:
        self._unit, self._total, self._done = unit, total, 0
        self._begun = self._said = time.monotonic()
        self._bar = tqdm(total=total, unit=f" {unit}", dynamic_ncols=True) if total and _on_terminal() else None

    def advance(self, count: int) -> None:
        self._done += count
        if self._bar is not None:
            self._bar.update(count)
        elif (now := time.monotonic()) - self._said >= LINE_SECONDS:
            self._said = now
            sys.stderr.write(f"{self._line(now - self._begun)}\n")
            sys.stderr.flush()

    def _line(self, seconds: float) -> str:
        rate = self._done / seconds
        left = tqdm.format_interval((self._total - self._done) / rate) if rate else "?"
        return f"{self._done:,} of {self._total:,} {self._unit}, {rate:.1f} a second, {left} left"

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()


class Countdown:
    """Time that passes towards ``seconds``, with a few words on what was reached.

    >>> with Countdown("cosine", seconds=60) as countdown:
    ...     countdown.show(0.0, "nothing yet")
    """

    def __init__(self, title: str, *, seconds: float) -> None:
        self._title, self._seconds = title, seconds
        self._said = time.monotonic()
        layout = "{desc}: {percentage:3.0f}%|{bar}| {postfix}"
        self._bar = tqdm(total=seconds, desc=title, bar_format=layout, dynamic_ncols=True) if _on_terminal() else None

    def show(self, seconds: float, reached: str) -> None:
        words = f"{tqdm.format_interval(seconds)} of {tqdm.format_interval(self._seconds)}, {reached}"
        if self._bar is not None:
            self._bar.n = min(seconds, self._seconds)
            self._bar.set_postfix_str(words)
        elif (now := time.monotonic()) - self._said >= LINE_SECONDS:
            self._said = now
            sys.stderr.write(f"{self._title}: {words}\n")
            sys.stderr.flush()

    def __enter__(self) -> Countdown:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()


def _on_terminal() -> bool:
    return sys.stderr.isatty()
