"""The taste page: what the service thinks a listener likes, and switches to correct it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html

from dashboard import ids, links
from dashboard.components.attributes import aria, data
from dashboard.components.bars import share_bar
from dashboard.components.cards import card_data, track_attributes
from dashboard.components.icons import icon
from dashboard.components.messages import for_you_unavailable
from dashboard.components.movements import over_time
from dashboard.components.topics import topic_links
from spotistream.errors import ServiceUnavailable
from spotistream.names import genre_id
from spotistream.serving.library_store import LibraryStore
from spotistream.serving.taste import Liking, Taste, taste_of, weights_of
from spotistream.serving.taste_over_time import heard_tracks, taste_over_time
from spotistream.serving.topics import TopicTile
from spotistream.serving.views import TrackView

GENRES, ARTISTS, TRACKS, DISLIKED = 8, 8, 12, 24
MOST_OF_ARTIST = 10
"""Tracks that one switch speaks of."""


def taste_page() -> html.Div:
    """The frame; ``callbacks/taste.py`` fills it for the listener."""
    return html.Div(
        [
            html.H1("Your taste", className="page-title"),
            html.P(
                "What your recommendations are made from: what you play to the end, skip and like. "
                "Anything here that is wrong can be put right.",
                className="page-note",
            ),
            html.Div(html.P("Reading …", className="empty"), id=ids.TASTE, className="taste"),
        ]
    )


def taste_body(store: LibraryStore, user_id: str | None) -> list[Any]:
    if user_id is None:
        return [html.P("Reading …", className="empty")]
    try:
        listening = store.listening(user_id)
        opinions = [each.track_id for each in listening.opinions]
        heard = heard_tracks(listening)
        tracks = store.tracks([*weights_of(listening), *heard, *opinions])
        topics = _topics(store, user_id)
        moves = taste_over_time(listening, tracks, store.topic_places(heard), store.topics())
    except ServiceUnavailable:
        return [for_you_unavailable()]
    taste = taste_of(listening, tracks)
    if not taste.tracks and not taste.disliked:
        return [_nothing_yet()]
    return [
        html.P(summary(taste), className="taste-summary"),
        html.Div([_genres(taste.genres), _artists(taste.artists)], className="activity-parts"),
        over_time(moves),
        topic_links("Topics you are offered from", topics),
        _tracks("taste-tracks", "What counts most", taste.tracks[:TRACKS], tracks, liked=taste.liked),
        _tracks("taste-disliked", "Not for you", taste.disliked[:DISLIKED], tracks, undo=True),
    ]


def summary(taste: Taste) -> str:
    """The taste in a sentence."""
    names = [genre.name for genre in taste.genres[:2]]
    count = "one track" if len(taste.tracks) == 1 else f"{len(taste.tracks)} tracks"
    if not names:
        return f"It rests on {count}."
    return f"Mostly {' and '.join(names)}, going by {count}."


def _nothing_yet() -> html.P:
    text: list[Any] = ["Nothing yet. Play some music, or ", dcc.Link("choose what you like", href=links.WELCOME), "."]
    return html.P(text, className="empty invitation")


def _topics(store: LibraryStore, user_id: str) -> list[TopicTile]:
    """Topics that reasons of the listener's table name."""
    table = store.recommendations(user_id)
    named = {each.reason.music_topic_id for each in table.table} - {None} if table else set()
    return [tile for tile in store.topics() if tile.music_topic_id in named] if named else []


def _genres(genres: Sequence[Liking]) -> html.Section:
    rows = [_liking(each, links.genre_page(genre_id(each.name))) for each in genres[:GENRES]]
    return _section("taste-genres", "Genres", rows)


def _artists(artists: Sequence[Liking]) -> html.Section:
    rows = [_liking(each, links.artist_page(each.id), switches=True) for each in artists[:ARTISTS]]
    return _section("taste-artists", "Artists", rows)


def _section(name: str, heading: str, rows: Sequence[Any]) -> html.Section:
    body = html.Ul(list(rows), className="likings") if rows else html.P("None yet.", className="empty")
    return html.Section([html.H2(heading, id=name), body], **aria(labelledby=name))


def _liking(liking: Liking, address: str, *, switches: bool = False) -> html.Li:
    words = [dcc.Link(liking.name, href=address, className="liking-name"), html.Span(f"{liking.share:.0%}")]
    own = json.dumps(liking.track_ids[:MOST_OF_ARTIST])
    buttons = [
        _switch("like", "heart", f"More of {liking.name}: like your tracks of theirs", tracks=own),
        _switch("dislike", "not-for-me", f"{liking.name} is not for me", tracks=own),
    ]
    return html.Li(
        [html.Div(words, className="liking-words"), share_bar(liking.share), *(buttons if switches else ())],
        className="liking with-switches" if switches else "liking",
    )


def _tracks(
    name: str,
    heading: str,
    track_ids: Sequence[str],
    tracks: Mapping[str, TrackView],
    *,
    liked: frozenset[str] = frozenset(),
    undo: bool = False,
) -> html.Section | None:
    if not track_ids:
        return None
    rows = [_row(tracks[each], liked=each in liked, undo=undo) for each in track_ids]
    return html.Section(
        [html.Div(html.H2(heading, id=name), className="shelf-head"), html.Ul(rows, className="rows taste-rows")],
        className="shelf",
        **aria(labelledby=name),
        **data(shelf="taste"),
    )


def _row(track: TrackView, *, liked: bool, undo: bool) -> html.Li:
    own = json.dumps([track.track_id])
    cover = html.Img(alt="", width="44", height="44", className="row-cover", **data(lazy=links.cover(track.track_id)))
    words = html.Div(
        [
            dcc.Link(track.name, href=links.track_page(track.track_id), className="row-title"),
            html.Span(track.by, className="row-artist"),
        ],
        className="row-words",
    )
    switches = [
        _switch("like", "heart", f"Like {track.name}", tracks=own, pressed=liked),
        _switch("dislike", "not-for-me", f"{track.name} is not for me", tracks=own),
    ]
    if undo:
        label = f"Offer {track.name} again"
        switches = [
            html.Button(
                "Undo", type="button", className="button quiet", **aria(label=label), **data(taste="undo", tracks=own)
            )
        ]
    return html.Li(
        [cover, words, html.Div(switches, className="switches")],
        className="row taste-row",
        **track_attributes(card_data(track)),
    )


def _switch(what: str, picture: str, label: str, *, tracks: str, pressed: bool | None = None) -> html.Button:
    state = {} if pressed is None else {"pressed": str(pressed).lower()}
    return html.Button(
        icon(picture),
        type="button",
        className=f"round {what}",
        title=label,
        **aria(label=label, **state),
        **data(taste=what, tracks=tracks),
    )
