"""Search over the names of tracks, artists, albums and genres: as they are typed, with typos, without accents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spotistream.serving.catalogue import Catalogue
from spotistream.serving.words import Words, typos_in, words_of

KINDS = ("artist", "album", "genre", "track")
MAX_QUERY = 100
"""Letters of a query that count."""
MAX_WORDS = 8
ENOUGH = 20
"""With fewer entries that hold a word as it is typed, it is taken for misspelt too."""
EXACT, BEGUN, TYPO, TYPOS = 1.0, 0.8, 0.55, 0.35
"""What a word of an entry is worth that is the one typed, begins with it, or is one or two typos from it."""
SECOND_NAME = 0.6
"""What a word of the artist of a track or an album is worth, beside one of its title."""
WHOLE_NAME, KIND, FAME, NO_AUDIO = 0.5, (0.12, 0.04, 0.08, 0.0), 0.25, -0.6

Scores = NDArray[np.float32]


@dataclass(frozen=True)
class Hit:
    """kind : artist, album, genre or track; by : its artist, empty where that says nothing
    cover : the track whose cover stands for it
    """

    kind: str
    id: str
    name: str
    by: str = ""
    cover: str = ""


@dataclass(frozen=True)
class Postings:
    """Which entries hold each word, and what that is worth: those of word i from ``starts[i]`` to ``starts[i + 1]``."""

    starts: NDArray[np.int64]
    entries: NDArray[np.int32]
    worth: Scores

    def of(self, rows: NDArray[np.int32]) -> tuple[NDArray[np.int32], Scores]:
        """The entries of some words, in the order of the words."""
        if not len(rows):
            return self.entries[:0], self.worth[:0]
        if rows[-1] - rows[0] == len(rows) - 1:  # a range of words is a range of entries
            span = slice(self.starts[rows[0]], self.starts[rows[-1] + 1])
            return self.entries[span], self.worth[span]
        places = np.concatenate([np.arange(self.starts[row], self.starts[row + 1]) for row in rows.tolist()])
        return self.entries[places], self.worth[places]


class SearchIndex:
    """Entries are the artists, albums, genres and tracks of a catalogue, in this order. Reads only, from any thread."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        groups = (catalogue.artists, catalogue.albums, catalogue.genres)
        sizes = [*(len(each) for each in groups), len(catalogue)]
        self._firsts = np.concatenate([[0], np.cumsum(sizes)])
        self._words, self._postings, self._lengths = _indexed(_names(catalogue), int(self._firsts[-1]))
        self._prior = _prior(catalogue, sizes)

    def __len__(self) -> int:
        return int(self._firsts[-1])

    def search(self, query: str, *, limit: int, kind: str | None = None) -> list[Hit]:
        """The entries that fit best, of one kind or of all; none for a query without a letter.

        An entry need not hold every word of a query where none does, but holds as many as any.
        """
        typed = words_of(query[:MAX_QUERY])[:MAX_WORDS]
        if not typed or not len(self):
            return []
        span = slice(0, len(self)) if kind is None else self._span(KINDS.index(kind))
        total, found = np.zeros(len(self), dtype=np.float32), np.zeros(len(self), dtype=np.int8)
        for number, word in enumerate(typed):
            best = self._fitting(word, last=number == len(typed) - 1, span=span)
            total += best
            found += best > 0
        most = int(found[span].max(initial=0))
        if most == 0:
            return []
        entries = np.flatnonzero(found[span] == most).astype(np.int32) + np.int32(span.start)
        score = total[entries] / len(typed) + self._prior[entries]
        score += WHOLE_NAME * np.minimum(1.0, total[entries] / np.maximum(self._lengths[entries], len(typed)))
        order = np.lexsort((entries, -score))[:limit]
        return [self._hit(int(entries[place])) for place in order]

    def _fitting(self, word: str, *, last: bool, span: slice) -> Scores:
        """What each entry is worth for one word, 0 where it does not fit; the last one may be half typed."""
        best = np.zeros(len(self), dtype=np.float32)
        ways = [(self._words.beginning_with(word), BEGUN)] if last else []
        ways.append((self._words.exact(word), EXACT))
        for rows, worth in ways:
            self._raise(best, rows, worth)
        typos = typos_in(word)
        if typos and np.count_nonzero(best[span]) < ENOUGH:
            rows, distance = self._words.near(word, typos=typos, begun=last)
            self._raise(best, rows[distance == 2], TYPOS)
            self._raise(best, rows[distance == 1], TYPO)
        return best

    def _raise(self, best: Scores, rows: NDArray[np.int32], worth: float) -> None:
        entries, weights = self._postings.of(rows)
        np.maximum.at(best, entries, weights * np.float32(worth))

    def _span(self, kind: int) -> slice:
        return slice(int(self._firsts[kind]), int(self._firsts[kind + 1]))

    def _hit(self, entry: int) -> Hit:
        kind = int(np.searchsorted(self._firsts, entry, side="right")) - 1
        row, catalogue = entry - int(self._firsts[kind]), self.catalogue
        if KINDS[kind] == "track":
            track_id = catalogue.track_ids[row]
            return Hit("track", track_id, catalogue.titles[row], catalogue.artist_name(row), track_id)
        group = (catalogue.artists, catalogue.albums, catalogue.genres)[kind]
        first = int(group.tracks_of(row)[0])
        by = catalogue.artist_name(first) if KINDS[kind] == "album" else ""
        return Hit(KINDS[kind], group.ids[row], group.names[row], by, catalogue.track_ids[first])


def _names(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """The name of each entry, and a second one it is found by."""
    yield from ((name, "") for name in catalogue.artists.names)
    albums = catalogue.albums
    for row, name in enumerate(albums.names):
        yield name, catalogue.artist_name(int(albums.tracks_of(row)[0]))
    yield from ((name, "") for name in catalogue.genres.names)
    for row, title in enumerate(catalogue.titles):
        yield title, catalogue.artist_name(row)


def _indexed(names: Iterator[tuple[str, str]], size: int) -> tuple[Words, Postings, NDArray[np.int8]]:
    """The words, their postings, and how many words the name of each entry has."""
    number: dict[str, int] = {}
    folded: dict[str, list[str]] = {"": []}
    words, entries, worth = [], [], []
    lengths = np.zeros(size, dtype=np.int8)
    for entry, (name, second) in enumerate(names):
        own = words_of(name)
        lengths[entry] = min(len(own), 100)
        also = folded.get(second)
        if also is None:
            also = folded.setdefault(second, words_of(second))
        for word, value in (*((each, 1.0) for each in own), *((each, SECOND_NAME) for each in also)):
            words.append(number.setdefault(word, len(number)))
            entries.append(entry)
            worth.append(value)
    table = Words(number)
    row = table.rows_of(number)[np.array(words, dtype=np.int64)] if words else np.zeros(0, dtype=np.int32)
    order = np.argsort(row, kind="stable")
    starts = np.zeros(len(table) + 1, dtype=np.int64)
    np.cumsum(np.bincount(row, minlength=len(table)), out=starts[1:])
    postings = Postings(starts, np.array(entries, dtype=np.int32)[order], np.array(worth, dtype=np.float32)[order])
    return table, postings, lengths


def _prior(catalogue: Catalogue, sizes: Sequence[int]) -> Scores:
    """What an entry is worth whatever is typed: its kind, how much it is played, whether it can be."""
    most = np.log1p(max(len(catalogue), 1))
    groups = [FAME * np.log1p(each.sizes) / most for each in (catalogue.artists, catalogue.albums, catalogue.genres)]
    tracks = FAME * catalogue.fame + np.where(catalogue.playable, 0.0, NO_AUDIO)
    return (np.concatenate([*groups, tracks]) + np.repeat(KIND, sizes)).astype(np.float32)
