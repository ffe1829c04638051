"""What is known of a track, as names and values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from dashboard import links
from dashboard.components.attributes import aria
from dashboard.words import Feature, duration
from spotistream.serving.topics import TopicTile
from spotistream.serving.views import TrackView


def described(found: tuple[Feature, ...]) -> html.Dl | None:
    """How it sounds: a word, the figure and a meter each."""
    if not found:
        return None
    items: list[Any] = []
    for feature in found:
        meter = html.Span(className="meter", style={"--share": str(feature.share)}, **aria(hidden="true"))
        items.append(
            html.Div(
                [
                    html.Dt(feature.name),
                    html.Dd([html.Strong(feature.word), html.Span(feature.figure, className="figure"), meter]),
                ],
                className="feature",
            )
        )
    return html.Dl(items, className="features")


def facts(track: TrackView, topics: Sequence[TopicTile] = ()) -> html.Dl:
    """Length, format, licence, where it comes from, and the topic with the part of it, the topic first."""
    plays = f"{track.play_count:,}" if track.play_count else None
    source = links.web_page(track.source_url)
    shown = {
        "Topic": _topics(topics),
        "Length": duration(track.duration_s),
        "Format": (track.format or "").upper(),
        "Licence": _licence(track.licence),
        "Source": _link(source, links.site(source)) if source else None,
        "Plays there": plays if source else None,
    }
    return html.Dl(
        [html.Div([html.Dt(name), html.Dd(value)]) for name, value in shown.items() if value], className="facts"
    )


def _topics(topics: Sequence[TopicTile]) -> list[Any]:
    found = [dcc.Link(topic.name, href=links.topic_page(topic.music_topic_id)) for topic in topics]
    return [part for link in found for part in (" › ", link)][1:]


def outward(address: str | None) -> html.A | None:
    """A link to a page of the web by the name of its site; nothing for what is none."""
    page = links.web_page(address)
    return _link(page, links.site(page)) if page else None


def _licence(licence: str | None) -> str | html.A:
    """Its words; a link where they are the address of a page."""
    page = links.web_page(licence)
    return _link(page, page) if page and not any(map(str.isspace, page)) else licence or "not stated"


def _link(address: str, words: str) -> html.A:
    return html.A(words, href=address, target="_blank", rel="noopener noreferrer")
