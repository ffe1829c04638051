"""The head of the page of an artist, an album or a genre."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard import links
from dashboard.components.attributes import data
from dashboard.components.icons import icon

COVER_PX = 320


def group_hero(
    kind: Any,
    name: str,
    by_line: Any,
    *,
    cover: str,
    shelf: str,
    round_cover: bool = False,
    radio: html.Button | None = None,
) -> html.Section:
    """kind, by_line : words, or words and links
    cover : the track whose cover stands for it
    shelf : the one on the page that its button plays
    radio : a button that starts one from it
    """
    picture = html.Img(
        src=links.cover(cover),
        alt="",
        width=str(COVER_PX),
        height=str(COVER_PX),
        className="hero-cover round-cover" if round_cover else "hero-cover",
    )
    words = html.Div(
        [
            html.P(kind, className="eyebrow"),
            html.H1(name),
            html.P(by_line, className="by-line"),
            html.Div([play_button(shelf), radio], className="actions"),
        ],
        className="hero-words",
    )
    return html.Section([picture, words], className="hero group-hero")


def play_button(shelf: str) -> html.Button:
    """Plays the tracks of this shelf of the page."""
    return html.Button(
        [icon("play"), html.Span("Play", className="verb")],
        type="button",
        className="button hero-play",
        **data(playshelf=shelf),
    )
