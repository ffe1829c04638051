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
        self._bar = tqdm(total=total, unit=f" {unit}", dynamic_ncols=True) if total and sys.stderr.isatty() else None

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
