"""Titles, artists and albums that are pronounced and spread like real ones: few words are frequent, most are rare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

BEGINNINGS = (
    "b",
    "br",
    "c",
    "d",
    "dr",
    "f",
    "g",
    "h",
    "j",
    "k",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "st",
    "t",
    "th",
    "v",
    "w",
)
ENDS = ("a", "e", "i", "o", "u", "ai", "ou", "er", "an", "in", "on")
SOUNDS = [first + then for first in BEGINNINGS for then in ENDS]
WORDS, WORDS_A_TITLE = 40_000, 3.2
TRACKS_AN_ARTIST, TRACKS_AN_ALBUM = 8, 11
GENRES = (
    "Ambient", "Blues", "Classical", "Country", "Electronic", "Folk", "Hip-Hop", "Jazz", "Metal", "Pop", "Punk",
    "Reggae", "Rock", "Soul",
)  # fmt: skip


def track_documents(tracks: int, *, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Documents as the store holds them, ``fma:1`` and so on."""
    random = np.random.default_rng(seed)
    words = vocabulary(random)
    share = np.arange(1, len(words) + 1) ** -0.9
    share /= share.sum()

    def named(count: int, mean: float) -> list[str]:
        sizes = 1 + random.poisson(mean - 1, count)
        drawn = iter(random.choice(words, sizes.sum(), p=share).tolist())
        return [" ".join(next(drawn) for _ in range(size)).title() for size in sizes.tolist()]

    artists, albums = named(tracks // TRACKS_AN_ARTIST + 1, 1.8), named(tracks // TRACKS_AN_ALBUM + 1, 2.4)
    for number, title in enumerate(named(tracks, WORDS_A_TITLE)):
        artist, album = number // TRACKS_AN_ARTIST, number // TRACKS_AN_ALBUM
        yield {
            "_id": f"fma:{number + 1}",
            "title": title,
            "artist": artists[artist],
            "artist_id": f"{artist:016x}",
            "album": albums[album],
            "album_id": f"{album:016x}",
            "genre": GENRES[artist % len(GENRES)],
            "playable": True,
            "play_count": int(random.pareto(1.2) * 100),
        }


def vocabulary(random: np.random.Generator) -> list[str]:
    """Different words, the most frequent first; short ones are the more frequent."""
    made = {"".join(random.choice(SOUNDS, size)) for size in random.integers(1, 5, 2 * WORDS)}
    return sorted(made, key=lambda word: (len(word), word))[:WORDS]


def misspelt(word: str, random: np.random.Generator) -> str:
    """The word with one letter wrong, missing, doubled or swapped with the next."""
    at = int(random.integers(0, max(len(word) - 1, 1)))
    kind = int(random.integers(0, 4))
    if kind == 0:
        return word[:at] + "x" + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[: at + 1] + word[at:]
    return word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
