"""Tracks in rows, as an album has them, and the links through a list that is too long for one page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dash import dcc, html

from dashboard import links
from dashboard.components.attributes import aria, data
from dashboard.components.cards import card_data, shelf_attributes, track_attributes
from dashboard.components.icons import icon
from dashboard.components.track_menu import menu_button
from dashboard.words import duration
from spotistream.serving.views import TrackView

ROWS = 30
"""Tracks on one page of a list."""
LAST_PAGE = 100_000


def track_list(
    name: str, heading: str, tracks: Sequence[TrackView], *, first: int = 1, numbers: Sequence[int | None] | None = None
) -> html.Section | None:
    """A heading over rows of tracks, counted from ``first`` or with numbers of their own; nothing without tracks."""
    if not tracks:
        return None
    shown = numbers if numbers is not None else range(first, first + len(tracks))
    rows = [_row(track, number) for track, number in zip(tracks, shown, strict=True)]
    heading_id = f"shelf-{name}"
    return html.Section(
        [html.Div(html.H2(heading, id=heading_id), className="shelf-head"), html.Ol(rows, className="rows")],
        className="shelf",
        **aria(labelledby=heading_id),
        **shelf_attributes(name, None),
    )


def pager(address: Callable[[int], str], *, number: int, tracks: int, rows: int = ROWS) -> html.Nav | None:
    """Links to the page before and the one after; nothing where all is on one.

    address : of a page by its number, from 1
    """
    pages = max(1, -(-tracks // rows))
    if pages == 1:
        return None
    links_ = [
        dcc.Link("Earlier", href=address(number - 1), className="button quiet") if number > 1 else None,
        html.Span(f"Page {number:,} of {pages:,}", className="pager-where"),
        dcc.Link("More", href=address(number + 1), className="button quiet") if number < pages else None,
    ]
    return html.Nav(links_, className="pager", **aria(label="Pages"))


def page_number(text: str | None, *, tracks: int, rows: int = ROWS) -> int:
    """The number of a page as an address says it, 1 where it says none that there is."""
    number = int(text) if text and text.isascii() and text.isdigit() and len(text) < len(str(LAST_PAGE)) else 1
    return number if 1 <= number <= max(1, -(-tracks // rows)) else 1


def _row(track: TrackView, number: int | None) -> html.Li:
    card = card_data(track)
    label = f"Play {card['title']} by {card['artist']}"
    play = html.Button(icon("play"), type="button", className="round row-play", **aria(label=label), **data(play="row"))
    artist = (
        dcc.Link(track.by, href=links.artist_page(track.artist_id), className="row-artist")
        if track.artist_id
        else html.Span(track.by, className="row-artist")
    )
    return html.Li(
        [
            html.Span("" if number is None else str(number), className="row-number"),
            play if track.playable else html.Span(className="row-play", title="There is no audio of this track here"),
            html.Img(alt="", width="44", height="44", className="row-cover", **data(lazy=links.cover(track.track_id))),
            html.Div(
                [dcc.Link(track.name, href=links.track_page(track.track_id), className="row-title"), artist],
                className="row-words",
            ),
            html.Span(duration(track.duration_s), className="row-time"),
            menu_button(f"{card['title']} by {card['artist']}", class_name="small-round") if track.playable else None,
        ],
        className="row",
        **(track_attributes(card) if track.playable else {}),
    )
