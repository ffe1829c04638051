"""The welcome of a newcomer: a few topics or tracks they like, and recommendations follow at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dash import html

from dashboard import ids, links
from dashboard.components.attributes import aria, data
from dashboard.components.icons import icon
from dashboard.components.messages import no_music
from dashboard.components.topics import mosaic
from spotistream.config import Config
from spotistream.serving.recommendations import diverse
from spotistream.serving.store import DocumentStore
from spotistream.serving.topics import TopicTile
from spotistream.serving.views import TrackView

TOPICS, TRACKS = 12, 18
POPULAR_READ = TRACKS * 6
SEEDS = 3
"""Tracks that stand for a topic: choosing it is liking them."""


def welcome_page(store: DocumentStore, config: Config) -> html.Div | html.Section:
    """Topics and popular tracks to choose from."""
    popular = [entry.track_id for entry in store.popular(POPULAR_READ).tracks]
    typical = {tile: _typical(store, tile) for tile in store.topics()[:TOPICS]}
    tracks = store.tracks([*popular, *(each for tracks in typical.values() for each in tracks)])
    topics = [(tile, seeds) for tile, ids in typical.items() if (seeds := _playable(ids, tracks)[:SEEDS])]
    found = diverse([tracks[each] for each in popular if each in tracks], max_per_artist=1)[:TRACKS]
    if not found and not topics:
        return no_music()
    return html.Div(
        [
            html.Div(
                [
                    html.H1("What do you like?"),
                    html.P(
                        "Choose a few topics or tracks. Your recommendations start from them and follow what you play.",
                        className="by-line",
                    ),
                ],
                className="welcome-head",
            ),
            _choices("Topics", "topics", [_topic(tile, seeds) for tile, seeds in topics]),
            _choices("Tracks", "tracks", [_track(track) for track in found]),
            _foot(),
        ],
        className="welcome-page",
        **data(welcome="page"),
    )


def _typical(store: DocumentStore, tile: TopicTile) -> Sequence[str]:
    topic = store.topic(tile.music_topic_id)
    return () if topic is None else topic.typical


def _playable(track_ids: Iterable[str], tracks: Mapping[str, TrackView]) -> list[str]:
    return [each for each in track_ids if each in tracks and tracks[each].playable]


def _choices(heading: str, name: str, choices: list[html.Button]) -> html.Section | None:
    if not choices:
        return None
    heading_id = f"welcome-{name}"
    return html.Section(
        [html.H2(heading, id=heading_id), html.Div(choices, className="choices")],
        className="shelf",
        **aria(labelledby=heading_id),
    )


def _topic(tile: TopicTile, seeds: Iterable[str]) -> html.Button:
    return _choice(mosaic(tile.covers or tuple(seeds)), tile.name, None, seeds)


def _track(track: TrackView) -> html.Button:
    cover = html.Img(src=links.cover(track.track_id), alt="", width="160", height="160")
    return _choice(html.Div(cover, className="mosaic single"), track.name, track.by, [track.track_id])


def _choice(picture: Any, name: str, by: str | None, tracks: Iterable[str]) -> html.Button:
    words = [html.Span(name, className="choice-name"), html.Span(by, className="choice-by") if by else None]
    mark = html.Span(icon("heart"), className="choice-mark", **aria(hidden="true"))
    return html.Button(
        [picture, mark, *words],
        type="button",
        className="choice",
        **aria(pressed="false"),
        **data(pick=" ".join(tracks)),
    )


def _foot() -> html.Div:
    start = html.Button("Start", type="button", className="button", disabled=True, **data(welcome="start"))
    popular = html.Button("Start from popular", type="button", className="button quiet", **data(welcome="popular"))
    count = html.Span("Nothing chosen yet", id=ids.WELCOME_COUNT, role="status")
    return html.Div([count, html.Div([popular, start], className="dialog-buttons")], className="welcome-foot")
