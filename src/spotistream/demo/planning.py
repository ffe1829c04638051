"""What the catalogue consists of, before any sound: pure, from the seed alone.

A plan of 240 clips starts with the plan of 100: a catalogue grows, it is never shuffled.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import PurePosixPath

import numpy as np

from spotistream.demo.genres import STYLES
from spotistream.demo.names import artist_names, titles
from spotistream.demo.voice import Voice, album_voice, artist_voice

FIRST_YEAR, LAST_YEAR = 1998, 2024


@dataclass(frozen=True)
class Album:
    """An album. style : index into STYLES; seed : of its cover; year : of its date tag."""

    style: int
    artist: str
    title: str
    year: int
    voice: Voice
    seed: tuple[int, ...]

    @property
    def folder(self) -> PurePosixPath:
        """``Artist/Album``, relative to the catalogue."""
        return PurePosixPath(file_name(self.artist)) / file_name(self.title)


@dataclass(frozen=True)
class Track:
    """A clip to make. number : from 1 within its album; seed : of its music."""

    album: Album
    number: int
    title: str
    seed: tuple[int, ...]

    @property
    def path(self) -> PurePosixPath:
        """``Artist/Album/NN - Title.ogg``, relative to the catalogue."""
        return self.album.folder / f"{self.number:02d} - {file_name(self.title)}.ogg"


def file_name(text: str) -> str:
    """``text`` as a file name on every system: the characters that one of them forbids become ``-``."""
    return "".join("-" if symbol in '<>:"/\\|?*' else symbol for symbol in text).strip(" .")


def plan_tracks(clips: int, *, seed: int) -> tuple[Track, ...]:
    """The first ``clips`` tracks of the catalogue of ``seed``; the styles take turns."""
    runs = [_style_tracks(index, seed) for index in range(len(STYLES))]
    return tuple(next(runs[i % len(runs)]) for i in range(clips))


def _style_tracks(index: int, seed: int) -> Iterator[Track]:
    """The tracks of one style without end: artists of one or two albums of three to five tracks."""
    style = STYLES[index]
    rng = np.random.default_rng((seed, index))
    names = artist_names(style.name, seed=(seed, index, 0))
    title = titles(style.name, seed=(seed, index, 1))
    for artist_number in count(1):
        artist = next(names)
        key = (seed, index, artist_number)
        voice = artist_voice(style, seed=key)
        first_year = int(rng.integers(FIRST_YEAR, LAST_YEAR - 4))
        for album_number in range(1, 2 + int(rng.random() < 0.55)):
            album = Album(
                style=index,
                artist=artist,
                title=next(title),
                year=first_year + 3 * (album_number - 1) + int(rng.integers(0, 2)),
                voice=album_voice(style, voice, seed=(*key, album_number)),
                seed=(*key, album_number, 0),
            )
            for number in range(1, 1 + int(rng.integers(3, 6))):
                yield Track(album=album, number=number, title=next(title), seed=(*key, album_number, number))
