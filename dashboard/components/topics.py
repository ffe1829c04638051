"""Tiles of topics of music: a mosaic of covers, a name, and how much is in it."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html

from dashboard import links
from dashboard.components.attributes import aria, data
from spotistream.serving.topics import TopicTile

MOSAIC = 4
COVER_PX = 160


def mosaic(covers: Sequence[str]) -> html.Div:
    """Up to four covers as one square; fewer than four as one picture. They are loaded when they are near."""
    shown = covers[:MOSAIC] if len(covers) >= MOSAIC else covers[:1]
    size = str(COVER_PX)
    pictures = [html.Img(alt="", width=size, height=size, **data(lazy=links.cover(each))) for each in shown]
    return html.Div(pictures, className="mosaic" if len(pictures) > 1 else "mosaic single", **aria(hidden="true"))


def topic_card(tile: TopicTile) -> html.Article:
    link = dcc.Link(tile.name, href=links.topic_page(tile.music_topic_id), className="topic-name")
    return html.Article([mosaic(tile.covers), link, html.Div(tracks_in_words(tile.size), className="topic-size")],
                        className="topic")  # fmt: skip


def topic_shelf(name: str, heading: str, tiles: Sequence[TopicTile]) -> html.Section | None:
    """A heading over a grid of tiles; nothing where there are no topics."""
    if not tiles:
        return None
    heading_id = f"shelf-{name}"
    return html.Section(
        [
            html.Div(html.H2(heading, id=heading_id), className="shelf-head"),
            html.Div([topic_card(tile) for tile in tiles], className="grid topics"),
        ],
        className="shelf",
        **aria(labelledby=heading_id),
    )


def topic_links(heading: str, tiles: Sequence[TopicTile]) -> html.Nav | None:
    """Topics by their names alone; nothing where there are none."""
    if not tiles:
        return None
    found = [
        dcc.Link(
            [html.Span(tile.name), html.Span(f"{tile.size:,}", className="badge")],
            href=links.topic_page(tile.music_topic_id),
            className="topic-link",
        )
        for tile in tiles
    ]
    return html.Nav([html.H2(heading), html.Div(found, className="topic-links")], **aria(label=heading))


def tracks_in_words(size: int) -> str:
    return "1 track" if size == 1 else f"{size:,} tracks"
