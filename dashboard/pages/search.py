"""The page of results for what somebody searched for."""

from __future__ import annotations

from collections.abc import Callable

from dash import dcc, html

from dashboard import links
from dashboard.components.messages import catalogue_is_read, message, to_home
from dashboard.components.tiles import Tile, tile_shelf
from dashboard.components.track_list import track_list
from spotistream.serving.catalogue_keeper import CatalogueKeeper
from spotistream.serving.search import MAX_QUERY, Hit
from spotistream.serving.store import DocumentStore

TRACKS, MORE_TRACKS, TILES = 20, 100, 6
PAGE_OF: dict[str, Callable[[str], str]] = {
    "artist": links.artist_page,
    "album": links.album_page,
    "genre": links.genre_page,
}
GROUPS = (("artist", "Artists"), ("album", "Albums"), ("genre", "Genres"))


def search_page(
    store: DocumentStore, catalogue: CatalogueKeeper, query: str, kind: str | None = None
) -> html.Div | html.Section:
    """Artists, albums, genres and tracks that fit; tracks alone, and more of them, for kind ``track``."""
    query = query[:MAX_QUERY].strip()
    if not query:
        return message("Search the music", "Type a track, an artist, an album or a genre above.", way_on=to_home())
    if catalogue.index is None:
        return catalogue_is_read()
    alone = kind == "track"
    hits = catalogue.search(query, limit=MORE_TRACKS if alone else TRACKS, kind="track")
    tracks = store.tracks(hit.id for hit in hits)
    found = [tracks[hit.id] for hit in hits if hit.id in tracks]
    groups = [] if alone else [_tiles(catalogue, query, *each) for each in GROUPS]
    shelves = [*groups, track_list("search", "Tracks", found)]
    if not any(shelves):
        text = "Another spelling may help; one or two wrong letters do no harm."
        return message(f"Nothing fits “{query}”", text, way_on=to_home())
    more = not alone and len(hits) == TRACKS
    return html.Div(
        [
            html.H1(f"Results for “{query}”", className="search-heading"),
            *shelves,
            html.Nav(
                dcc.Link("More tracks", href=links.search_page(query, kind="track"), className="button quiet"),
                className="pager",
            )
            if more
            else None,
        ]
    )


def _tiles(catalogue: CatalogueKeeper, query: str, kind: str, heading: str) -> html.Section | None:
    hits = catalogue.search(query, limit=TILES, kind=kind)
    return tile_shelf(f"search-{kind}", heading, [_tile(hit) for hit in hits], round_covers=kind == "artist")


def _tile(hit: Hit) -> Tile:
    return Tile(hit.name, PAGE_OF[hit.kind](hit.id), hit.cover, hit.by)
