"""The page of an album: its tracks in their order, and more of its artist."""

from __future__ import annotations

from typing import Any

import numpy as np
from dash import dcc, html

from dashboard import links
from dashboard.components.facts import outward
from dashboard.components.group_hero import group_hero
from dashboard.components.messages import catalogue_is_read, no_such_group
from dashboard.components.topics import tracks_in_words
from dashboard.components.track_list import track_list
from dashboard.words import duration
from spotistream.serving.artists import AlbumView
from spotistream.serving.catalogue import LAST_NUMBER, NONE, Catalogue
from spotistream.serving.store import DocumentStore

TRACKS_SHELF = "album-tracks"
MOST_TRACKS = 300


def album_page(store: DocumentStore, catalogue: Catalogue | None, album_id: str) -> html.Div | html.Section:
    if catalogue is None:
        return catalogue_is_read()
    album = catalogue.albums.ids.place_of(album_id)
    if album is None:
        return no_such_group("album") if catalogue.complete else catalogue_is_read()
    rows = catalogue.albums.tracks_of(album)
    rows = rows[np.lexsort((rows, catalogue.number[rows]))][:MOST_TRACKS]
    wanted = [catalogue.track_ids[row] for row in rows.tolist()]
    tracks = store.tracks(wanted)
    shown = [tracks[each] for each in wanted if each in tracks]
    numbered = catalogue.number[rows].max(initial=0) < LAST_NUMBER
    about = store.album(album_id)
    length = sum(track.duration_s or 0.0 for track in shown)
    return html.Div(
        [
            group_hero(
                (about.type if about else None) or "Album",
                catalogue.albums.names[album],
                _by_line(catalogue, int(rows[0]), about, f"{tracks_in_words(len(rows))}, {duration(length)}"),
                cover=wanted[0],
                shelf=TRACKS_SHELF,
            ),
            track_list(
                TRACKS_SHELF, "Tracks", shown, numbers=[each.track_number for each in shown] if numbered else None
            ),
            _about(about),
        ]
    )


def _by_line(catalogue: Catalogue, track: int, about: AlbumView | None, size: str) -> list[Any]:
    artist = int(catalogue.artist[track])
    year = f" · {about.year}" if about and about.year else ""
    if artist == NONE:
        return [f"{size}{year}"]
    link = dcc.Link(catalogue.artists.names[artist], href=links.artist_page(catalogue.artists.ids[artist]))
    return [link, f"{year} · {size}"]


def _about(about: AlbumView | None) -> html.Section | None:
    source = outward(about.source_url) if about else None
    if about is None or not (about.information or source):
        return None
    text = html.P(about.information, className="biography") if about.information else None
    return html.Section([html.H2("About"), text, html.P(source) if source else None], className="shelf about")
