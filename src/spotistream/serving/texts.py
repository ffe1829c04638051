"""Many short texts in little memory: their bytes in a row, and where each begins."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

import numpy as np


class Texts(Sequence[str]):
    """An immutable list of texts. A hundred thousand titles take some 2 MB, a fifth of what a list of them takes."""

    def __init__(self, texts: Iterable[str]) -> None:
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        self._bytes = b"".join(encoded)
        self._starts = np.zeros(len(encoded) + 1, dtype=np.int64)
        np.cumsum([len(each) for each in encoded], out=self._starts[1:])

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self._bytes[self._starts[index] : self._starts[index + 1]].decode("utf-8", "surrogatepass")

    def place_of(self, text: str) -> int | None:
        """Where a text is, of texts in order; None where it is not among them."""
        place = bisect_left(self, text)
        return place if place < len(self) and self[place] == text else None

    @property
    def nbytes(self) -> int:
        return len(self._bytes) + self._starts.nbytes
