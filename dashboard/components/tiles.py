"""Tiles of artists, albums and other groups of tracks: a cover, a name, and a note."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dash import dcc, html

from dashboard import links
from dashboard.components.attributes import aria
from dashboard.components.topics import mosaic
from spotistream.serving.catalogue import Catalogue


@dataclass(frozen=True)
class Tile:
    """cover : the track whose cover stands for it"""

    name: str
    href: str
    cover: str
    note: str = ""


def tile_shelf(name: str, heading: str, tiles: Iterable[Tile], *, round_covers: bool = False) -> html.Section | None:
    """A heading over a grid of tiles; nothing where there are none."""
    cards = [_card(tile) for tile in tiles]
    if not cards:
        return None
    heading_id = f"shelf-{name}"
    kind = "grid topics people" if round_covers else "grid topics"
    return html.Section(
        [html.Div(html.H2(heading, id=heading_id), className="shelf-head"), html.Div(cards, className=kind)],
        className="shelf",
        **aria(labelledby=heading_id),
    )


def artist_tile(catalogue: Catalogue, artist: int) -> Tile:
    """By their place in the catalogue; the best known track lends the cover."""
    artists = catalogue.artists
    cover = catalogue.track_ids[int(artists.tracks_of(artist)[0])]
    return Tile(artists.names[artist], links.artist_page(artists.ids[artist]), cover)


def _card(tile: Tile) -> html.Article:
    link = dcc.Link(tile.name, href=tile.href, className="topic-name")
    note = html.Div(tile.note, className="topic-size") if tile.note else None
    return html.Article([mosaic([tile.cover]), link, note], className="topic")
