"""Names of artists, albums and tracks as written by different sources, folded so that the same name is the same text.

The ids made here are hashes of folded names, so the catalogue and an imported history meet without asking each other.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

_ACCENTS = re.compile("[\u0300-\u036f]")
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`\u00b4]")


def fold_name(name: str) -> str:
    """The name without case, accents, punctuation and extra space.

    Only accents of Latin, Greek and Cyrillic letters go (U+0300 to U+036F): marks of other scripts are letters of the
    word. A name of punctuation alone keeps it, or ``!!!`` and ``+/-`` would be one artist.

    >>> fold_name("  Sigur  Rós ")
    'sigur ros'
    >>> fold_name("Don’t Stop (Live)")
    'dont stop live'
    >>> fold_name("坂本龍一"), fold_name("!!!")
    ('坂本龍一', '!!!')
    """
    decomposed = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", name)).casefold()
    bare = unicodedata.normalize("NFKC", _ACCENTS.sub("", decomposed))
    letters = (" " if unicodedata.category(sign)[0] in "PSZC" else sign for sign in _APOSTROPHES.sub("", bare))
    return " ".join("".join(letters).split()) or " ".join(name.casefold().split())


def artist_id(artist: str) -> str:
    """16 hex digits: hash of the folded name of the artist."""
    return name_hash(artist)


def album_id(artist: str, album: str) -> str:
    """16 hex digits: hash of the folded names of the artist and the album."""
    return name_hash(artist, album)


def genre_id(title: str) -> str:
    """The folded title with hyphens; titles of one genre by several sources meet in it.

    >>> genre_id("Hip-Hop"), genre_id("Soul/RnB"), genre_id("Música Cubana"), genre_id("演歌")
    ('hip-hop', 'soul-rnb', 'musica-cubana', '演歌')
    """
    return fold_name(title).replace(" ", "-")


def name_hash(*names: str) -> str:
    """16 hex digits of the sha256 over the folded names; the order of the names counts."""
    folded = "\n".join(fold_name(name) for name in names)
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:16]
