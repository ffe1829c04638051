"""Artists, albums and genres as their pages show them, and which artists are near one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from spotistream.serving.catalogue import NONE, Catalogue
from spotistream.serving.views import SimilarTracks


@dataclass(frozen=True)
class ArtistView:
    """active : years of activity, such as ``1998 to 2004``"""

    name: str
    location: str | None = None
    active: str | None = None
    members: str | None = None
    biography: str | None = None
    website: str | None = None
    source_url: str | None = None


@dataclass(frozen=True)
class AlbumView:
    title: str
    artist_id: str | None = None
    artist: str | None = None
    type: str | None = None
    year: int | None = None
    information: str | None = None
    source_url: str | None = None


@dataclass(frozen=True)
class GenreView:
    """parent_id : the genre it belongs to; None for a top genre"""

    title: str
    parent_id: str | None = None


def artist_view(document: Mapping[str, Any]) -> ArtistView:
    years = [str(year) for year in (document.get("active_from"), document.get("active_to")) if year]
    texts = {name: document.get(name) for name in ("location", "members", "biography", "website", "source_url")}
    return ArtistView(document["name"], active=" to ".join(years) or None, **texts)


def album_view(document: Mapping[str, Any]) -> AlbumView:
    released = document.get("released_on")
    names = ("artist_id", "artist", "type", "information", "source_url")
    texts = {name: document.get(name) for name in names}
    return AlbumView(document["title"], year=released.year if released is not None else None, **texts)


def genre_view(document: Mapping[str, Any]) -> GenreView:
    return GenreView(document["title"], document.get("parent_id"))


def near_artists(catalogue: Catalogue, artist: int, similar: Iterable[SimilarTracks], *, count: int) -> list[int]:
    """Rows of other artists, the nearest first: those whose tracks are like tracks of this one.

    similar : of tracks of the artist; a track counts by its place in their lists, whatever the lists' scores are
    """
    nearness: dict[int, float] = defaultdict(float)
    for lists in similar:
        for entries in (lists.by_sound, lists.by_listeners):
            for place, entry in enumerate(entries, start=1):
                row = catalogue.track_ids.place_of(entry.track_id)
                other = NONE if row is None else int(catalogue.artist[row])
                if other not in (NONE, artist):
                    nearness[other] += 1 / place
    return sorted(nearness, key=lambda row: (-nearness[row], row))[:count]
