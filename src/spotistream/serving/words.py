"""The different words of a catalogue, and which of them a word as typed may mean: as it is, begun, or misspelt."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from spotistream.names import fold_name

LONGEST = 16
"""Letters of a word that are compared; what follows them does not tell words apart."""
_TYPED_WITHOUT = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"})

Rows = NDArray[np.int32]
Distances = NDArray[np.int8]


def words_of(text: str) -> list[str]:
    """The words of a text without case, accents and punctuation, the first ``LONGEST`` letters of each.

    >>> words_of("Sigur Rós: Ágætis byrjun")
    ['sigur', 'ros', 'agaetis', 'byrjun']
    """
    return [word[:LONGEST] for word in fold_name(text).translate(_TYPED_WITHOUT).split()]


def typos_in(word: str) -> int:
    """How many typos a word of this length may hold: none up to three letters, two from eight on."""
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2


class Words:
    """Different words in order; a word is known by its row, 0 to n - 1."""

    def __init__(self, words: Iterable[str]) -> None:
        self._sorted: NDArray[np.str_] = np.unique(np.array(list(words), dtype=f"<U{LONGEST}"))
        codes = self._sorted.view(np.uint32).reshape(len(self._sorted), LONGEST)
        self._codes = np.ascontiguousarray(codes.astype(np.uint16).T)
        self._lengths = np.char.str_len(self._sorted).astype(np.int8)

    def __len__(self) -> int:
        return len(self._sorted)

    def rows_of(self, words: Iterable[str]) -> Rows:
        """The rows of words that are all among them, int32 (n,)."""
        return np.searchsorted(self._sorted, np.array(list(words), dtype=self._sorted.dtype)).astype(np.int32)

    def exact(self, word: str) -> Rows:
        place = int(np.searchsorted(self._sorted, word))
        return np.arange(place, place + int(place < len(self) and self._sorted[place] == word), dtype=np.int32)

    def beginning_with(self, word: str) -> Rows:
        low, high = np.searchsorted(self._sorted, [word, word + "\U0010ffff"])
        return np.arange(low, high, dtype=np.int32)

    def near(self, word: str, *, typos: int, begun: bool) -> tuple[Rows, Distances]:
        """Rows of words at most ``typos`` away, and how far: letters that are wrong, missing, too many or swapped.

        begun : the word may be the beginning of one, as while it is typed
        """
        distance = _distances(word[:LONGEST], self._codes, self._lengths, most=typos, begun=begun)
        found = np.flatnonzero(distance <= typos).astype(np.int32)
        return found, distance[found]


def _distances(word: str, codes: NDArray[np.uint16], lengths: Distances, *, most: int, begun: bool) -> Distances:
    """The distance of a word from each of n others, int8 (n,); ``most + 1`` stands for all that is farther.

    The optimal string alignment distance, by the usual table (Navarro, A guided tour to approximate string matching,
    2001, section 3.2), of which only the cells within ``most`` of the diagonal are filled, each for all words at once.

    codes : the letters of the others, uint16 (letters, n), 0 after the end; lengths : int8 (n,)
    """
    letters = [np.uint16(ord(letter) & 0xFFFF) for letter in word]
    one, far = np.int8(1), np.full(codes.shape[1], most + 1, dtype=np.int8)
    before: dict[int, Distances] = {}
    row = {j: np.full_like(far, j) for j in range(most + 1)}
    for i, letter in enumerate(letters, start=1):
        after: dict[int, Distances] = {}
        for j in range(max(0, i - most), min(len(codes), i + most) + 1):
            if j == 0:
                after[0] = np.full_like(far, i)
                continue
            cell = row.get(j - 1, far) + (codes[j - 1] != letter)
            if j in row:
                np.minimum(cell, row[j] + one, out=cell)
            if j - 1 in after:
                np.minimum(cell, after[j - 1] + one, out=cell)
            if j > 1 and j - 2 in before:
                swapped = (codes[j - 2] == letter) & (codes[j - 1] == letters[i - 2])
                np.copyto(cell, np.minimum(cell, before[j - 2] + one), where=swapped)
            after[j] = cell
        before, row = row, after
    result = far.copy()
    for j, cell in row.items():
        ends_here = (lengths >= j) if begun else (lengths == j)
        np.copyto(result, np.minimum(result, cell), where=ends_here)
    return result
