"""Tracks in rows, as the library and a playlist have them."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import links
from dashboard.components.attributes import aria, data
from dashboard.components.cards import card_data, track_attributes
from dashboard.components.icons import icon
from dashboard.components.track_menu import menu_button
from dashboard.words import duration
from spotistream.serving.views import TrackView

COVER_PX = "44"


def library_row(
    track: TrackView, *, note: str | None = None, before: Component | None = None, after: Sequence[Component] = ()
) -> html.Li:
    """A row that plays its track. ``note`` stands beside the artist, ``before`` and ``after`` hold what else it can."""
    words = html.Div(
        [
            dcc.Link(track.name, href=links.track_page(track.track_id), className="row-title"),
            html.Span(f"{track.by} · {note}" if note else track.by, className="row-artist"),
        ],
        className="row-words",
    )
    cover = html.Img(
        alt="", width=COVER_PX, height=COVER_PX, className="row-cover", **data(lazy=links.cover(track.track_id))
    )
    menu = menu_button(f"{track.name} by {track.by}", class_name="small-round")
    return html.Li(
        [before, _play(track), cover, words, html.Span(duration(track.duration_s), className="row-time"), menu, *after],
        className="row library-row",
        **track_attributes(card_data(track)),
    )


def missing_row(track_id: str, *, before: Component | None = None, after: Sequence[Component] = ()) -> html.Li:
    """A track that has left the catalogue: it keeps its place."""
    words = html.Div(
        [
            html.Span("No longer in the catalogue", className="row-title"),
            html.Span(track_id, className="row-artist"),
        ],
        className="row-words",
    )
    blank = html.Span(className="row-cover")
    return html.Li(
        [before, html.Span(className="row-play"), blank, words, html.Span(className="row-time"), html.Span(), *after],
        className="row library-row is-missing",
        **data(gone=track_id),
    )


def _play(track: TrackView) -> Component:
    if not track.playable:
        return html.Span(className="row-play", title="There is no audio of this track here")
    label = f"Play {track.name} by {track.by}"
    return html.Button(icon("play"), type="button", className="round row-play", **aria(label=label), **data(play="row"))
