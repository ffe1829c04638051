"""Names of artists, albums and tracks, drawn by seed from the lexicon; never twice where that would confuse."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from spotistream.demo.lexicon import LEXICONS, Lexicon


def artist_names(style: str, *, seed: tuple[int, ...]) -> Iterator[str]:
    """Names of a style's artists without end, all different; after the pool is used up they get a number."""
    words = LEXICONS[style]
    rng = np.random.default_rng(seed)
    if words.artists:
        pool = [words.artists[i] for i in rng.permutation(len(words.artists))]
    else:
        firsts, lasts = rng.permutation(len(words.first)), rng.permutation(len(words.last))
        pool = [f"{words.first[a]} {words.last[b]}" for a, b in zip(firsts, lasts, strict=True)]
        if style == "Jazz":
            pool = [_ensemble(name, i) for i, name in enumerate(pool)]
    turn = 0
    while True:
        yield from (name if turn == 0 else f"{name} {turn + 1}" for name in pool)
        turn += 1


def _ensemble(name: str, index: int) -> str:
    return (name, f"{name} Trio", name, f"{name} Quartet")[index % 4]


def titles(style: str, *, seed: tuple[int, ...]) -> Iterator[str]:
    """Titles in a style without end, all different: albums and tracks draw from the same run."""
    words = LEXICONS[style]
    rng = np.random.default_rng(seed)
    used: set[str] = set()
    while True:
        title = _title(words, rng)
        tries = 0
        while title in used:
            tries += 1
            title = _title(words, rng) if tries < 40 else f"{title} II"
        used.add(title)
        yield title


def _title(words: Lexicon, rng: np.random.Generator) -> str:
    def pick(pool: tuple[str, ...]) -> str:
        return pool[rng.integers(len(pool))]

    kind = rng.random()
    if words.numbered and kind < 0.15:
        return words.numbered.format(int(rng.integers(1, 25)))
    if kind < 0.3:
        return pick(words.whole)
    if kind < 0.65:
        return f"{pick(words.describing)} {pick(words.things)}"
    if kind < 0.85:
        return f"{pick(words.things)} {pick(('at', 'for', 'near', 'from'))} {pick(words.places)}"
    return pick(words.things)
