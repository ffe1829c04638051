"""The page of a genre: what is played of it, all its tracks, and the genres above and below it."""

from __future__ import annotations

from dash import dcc, html

from dashboard import links
from dashboard.components.cards import shelf
from dashboard.components.group_hero import group_hero
from dashboard.components.messages import catalogue_is_read, no_such_group
from dashboard.components.tiles import Tile, artist_tile, tile_shelf
from dashboard.components.topics import tracks_in_words
from dashboard.components.track_list import ROWS, page_number, pager, track_list
from spotistream.config import Config
from spotistream.serving.catalogue import NONE, Catalogue
from spotistream.serving.recommendations import diverse
from spotistream.serving.store import DocumentStore

POPULAR_READ, POPULAR_CARDS, ARTISTS = 48, 6, 6
TRACKS_SHELF = "genre-tracks"


def genre_page(
    store: DocumentStore, config: Config, catalogue: Catalogue | None, genre_id: str, page: str | None
) -> html.Div | html.Section:
    """page : which part of the list of tracks, as the address says it"""
    if catalogue is None:
        return catalogue_is_read()
    genre = catalogue.genres.ids.place_of(genre_id)
    if genre is None:
        return no_such_group("genre") if catalogue.complete else catalogue_is_read()
    rows = catalogue.genres.tracks_of(genre)
    number = page_number(page, tracks=len(rows))
    wanted = [catalogue.track_ids[row] for row in rows[(number - 1) * ROWS : number * ROWS].tolist()]
    popular = store.popular_in_genre(genre_id, POPULAR_READ) if number == 1 else None
    tracks = store.tracks([*wanted, *(entry.track_id for entry in (popular.tracks if popular else ()))])
    shown = [tracks[each] for each in wanted if each in tracks]
    played = [tracks[entry.track_id] for entry in (popular.tracks if popular else ()) if entry.track_id in tracks]
    varied = diverse(played, max_per_artist=config.recommend.max_per_artist)[:POPULAR_CARDS]
    return html.Div(
        [
            group_hero(
                _above(store, catalogue, genre_id),
                catalogue.genres.names[genre],
                tracks_in_words(len(rows)),
                cover=catalogue.track_ids[int(rows[0])],
                shelf="genre-popular" if varied else TRACKS_SHELF,
            ),
            shelf("genre-popular", "Popular here", varied, model_version=popular.model_version if popular else None),
            tile_shelf("genre-artists", "Artists", _artists(catalogue, genre), round_covers=True)
            if number == 1
            else None,
            track_list(TRACKS_SHELF, "All tracks", shown, first=(number - 1) * ROWS + 1),
            pager(lambda each: links.genre_page(genre_id, number=each), number=number, tracks=len(rows)),
        ]
    )


def _above(store: DocumentStore, catalogue: Catalogue, genre_id: str) -> str | list[object]:
    """Genre, or a link to the one it belongs to."""
    about = store.genre(genre_id)
    parent = catalogue.genres.ids.place_of(about.parent_id) if about and about.parent_id else None
    if about is None or parent is None:
        return "Genre"
    name = catalogue.genres.names[parent]
    return [dcc.Link(f"Part of {name}", href=links.genre_page(catalogue.genres.ids[parent]))]


def _artists(catalogue: Catalogue, genre: int) -> list[Tile]:
    """Those of its best known tracks."""
    found = dict.fromkeys(int(catalogue.artist[row]) for row in catalogue.genres.tracks_of(genre)[:500].tolist())
    return [artist_tile(catalogue, each) for each in found if each != NONE][:ARTISTS]
