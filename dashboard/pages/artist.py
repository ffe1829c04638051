"""The page of an artist: their tracks, best known first, their albums, and artists like them."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard import links
from dashboard.components.facts import outward
from dashboard.components.group_hero import group_hero
from dashboard.components.messages import catalogue_is_read, no_such_group
from dashboard.components.radio import radio_button
from dashboard.components.tiles import Tile, artist_tile, tile_shelf
from dashboard.components.topics import tracks_in_words
from dashboard.components.track_list import ROWS, page_number, pager, track_list
from spotistream.serving.artists import ArtistView, near_artists
from spotistream.serving.catalogue import NONE, Catalogue
from spotistream.serving.store import DocumentStore

ALBUMS, NEAR = 18, 6
COMPARED = 20
"""Tracks of the artist whose similar tracks say which artists are near."""
TRACKS_SHELF = "artist-tracks"


def artist_page(
    store: DocumentStore, catalogue: Catalogue | None, artist_id: str, page: str | None
) -> html.Div | html.Section:
    """page : which part of a long list of tracks, as the address says it"""
    if catalogue is None:
        return catalogue_is_read()
    artist = catalogue.artists.ids.place_of(artist_id)
    if artist is None:
        return no_such_group("artist") if catalogue.complete else catalogue_is_read()
    rows = catalogue.artists.tracks_of(artist)
    number = page_number(page, tracks=len(rows))
    wanted = [catalogue.track_ids[row] for row in rows[(number - 1) * ROWS : number * ROWS].tolist()]
    tracks = store.tracks(wanted)
    shown = [tracks[each] for each in wanted if each in tracks]
    about = store.artist(artist_id) or ArtistView(catalogue.artists.names[artist])
    name = catalogue.artists.names[artist]
    return html.Div(
        [
            group_hero(
                "Artist",
                name,
                _by_line(about, len(rows)),
                cover=wanted[0],
                shelf=TRACKS_SHELF,
                round_cover=True,
                radio=radio_button("artist", name, seed_id=artist_id),
            ),
            track_list(TRACKS_SHELF, "Most popular", shown, first=(number - 1) * ROWS + 1),
            pager(lambda each: links.artist_page(artist_id, number=each), number=number, tracks=len(rows)),
            tile_shelf("artist-albums", "Albums", _albums(catalogue, artist)),
            tile_shelf("near-artists", f"Like {name}", _near(store, catalogue, artist), round_covers=True),
            _about(about),
        ]
    )


def _by_line(about: ArtistView, tracks: int) -> str:
    return " · ".join(part for part in (about.location, about.active, tracks_in_words(tracks)) if part)


def _albums(catalogue: Catalogue, artist: int) -> list[Tile]:
    found = dict.fromkeys(int(catalogue.album[row]) for row in catalogue.artists.tracks_of(artist).tolist())
    albums = [each for each in found if each != NONE][:ALBUMS]
    return [_tile_of_album(catalogue, each) for each in albums]


def _tile_of_album(catalogue: Catalogue, album: int) -> Tile:
    tracks = catalogue.albums.tracks_of(album)
    address = links.album_page(catalogue.albums.ids[album])
    cover = catalogue.track_ids[int(tracks[0])]
    return Tile(catalogue.albums.names[album], address, cover, tracks_in_words(len(tracks)))


def _near(store: DocumentStore, catalogue: Catalogue, artist: int) -> list[Tile]:
    compared = [catalogue.track_ids[row] for row in catalogue.artists.tracks_of(artist)[:COMPARED].tolist()]
    near = near_artists(catalogue, artist, store.similar_of(compared).values(), count=NEAR)
    return [artist_tile(catalogue, each) for each in near]


def _about(about: ArtistView) -> html.Section | None:
    """What is known beyond the name."""
    parts: list[Any] = []
    if about.biography:
        parts.append(html.P(about.biography, className="biography"))
    shown = {"Members": about.members, "Website": outward(about.website), "Source": outward(about.source_url)}
    facts = [html.Div([html.Dt(name), html.Dd(value)]) for name, value in shown.items() if value]
    if facts:
        parts.append(html.Dl(facts, className="facts"))
    return html.Section([html.H2("About"), *parts], className="shelf about") if parts else None
