"""The library: what a listener keeps: playlists, likes, and what they heard last."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html

from dashboard import ids, links
from dashboard.components.attributes import aria, data
from dashboard.components.cards import shelf_attributes
from dashboard.components.icons import icon
from dashboard.components.library_rows import library_row
from dashboard.components.messages import unavailable
from dashboard.components.topics import mosaic, tracks_in_words
from dashboard.moments import ago
from dashboard.words import duration
from spotistream.errors import ServiceUnavailable
from spotistream.serving.library_store import LibraryStore, PlaylistTile
from spotistream.serving.listening import Listen, Listening
from spotistream.serving.views import TrackView

ALL, LIKED, HEARD = "all", "likes", "history"
PARTS = {links.LIBRARY: ALL, links.LIKES: LIKED, links.HISTORY: HEARD}
SOME, MOST = 8, 200
"""Rows of likes and of history: where both are shown, and where one is alone."""


def library_page(part: str) -> html.Div:
    """The frame: what is in it follows the listener, who is known to the browser."""
    headings = {ALL: "Your library", LIKED: "Tracks you like", HEARD: "What you heard"}
    return html.Div(
        [
            dcc.Store(id=ids.LIBRARY_PART, data=part),
            html.Div([html.H1(headings[part]), _tabs(part)], className="library-head"),
            html.Div(html.P("Looking …", className="shelf-note"), id=ids.LIBRARY_BODY),
        ],
        className="library-page",
    )


def library_body(store: LibraryStore, user_id: str | None, part: str) -> Any:
    """What the listener keeps; a friendly message where the store is away."""
    if user_id is None:
        return None
    try:
        listening = store.listening(user_id)
        tracks = store.tracks(_shown_ids(listening, part))
        playlists = store.playlists_of(user_id) if part == ALL else ()
    except ServiceUnavailable:
        return unavailable()
    now_ms = time.time_ns() // 1_000_000
    shown = [_playlists(playlists)] if part == ALL else []
    if part != HEARD:
        shown.append(_likes(listening, tracks, part))
    if part != LIKED:
        shown.append(_history(listening, tracks, part, now_ms=now_ms))
    return shown


def _shown_ids(listening: Listening, part: str) -> set[str]:
    most = SOME if part == ALL else MOST
    likes = listening.likes[:most] if part != HEARD else ()
    history = listening.history[:most] if part != LIKED else ()
    return {each.track_id for each in likes} | {each.track_id for each in history}


def _tabs(part: str) -> html.Nav:
    names = {links.LIBRARY: "All", links.LIKES: "Likes", links.HISTORY: "History"}
    found = [
        html.Span(name, className="chip tab", **aria(current="page"))
        if PARTS[href] == part
        else dcc.Link(name, href=href, className="chip tab")
        for href, name in names.items()
    ]
    return html.Nav(found, className="tabs", **aria(label="Parts of the library"))


def _playlists(playlists: Sequence[PlaylistTile]) -> html.Section:
    make = html.Button(
        [icon("plus"), "New playlist"], type="button", className="button quiet small", **data(library="create")
    )
    take = html.Button(
        [icon("upload"), "Import"],
        type="button",
        className="button quiet small",
        title="From a file in M3U or JSPF",
        **data(library="import"),
    )
    head = html.Div([html.H2("Playlists", id="shelf-playlists"), html.Div([make, take], className="head-buttons")],
                    className="shelf-head")  # fmt: skip
    if playlists:
        body: Any = html.Div([playlist_card(tile) for tile in playlists], className="grid topics")
    else:
        body = _empty(
            "No playlists yet. ",
            "Make one here, add tracks from the menu of any card, or import one of another player.",
        )
    return html.Section([head, body], className="shelf", **aria(labelledby="shelf-playlists"))


def playlist_card(tile: PlaylistTile) -> html.Article:
    cover = mosaic(tile.covers) if tile.covers else html.Div(icon("library"), className="mosaic blank")
    link = dcc.Link(tile.name, href=links.playlist_page(tile.playlist_id), className="topic-name")
    return html.Article([cover, link, html.Div(tracks_in_words(tile.size), className="topic-size")], className="topic")


def _likes(listening: Listening, tracks: Mapping[str, TrackView], part: str) -> html.Section:
    found = [tracks[each.track_id] for each in listening.likes if each.track_id in tracks]
    rows = [library_row(track) for track in found]
    total = len(listening.likes)
    more = _more(links.LIKES, total) if part == ALL and total > SOME else None
    play = _play_all("likes") if any(track.playable for track in found) else None
    body: Any = _rows("likes", rows) if rows else _empty("Nothing liked yet. ", "The heart of a track keeps it here.")
    if part != ALL and total > MOST:
        body = [body, html.P(f"The newest {MOST} of {total:,}.", className="shelf-note")]
    return _section("likes", "Likes", [play, more], body, part)


def _history(listening: Listening, tracks: Mapping[str, TrackView], part: str, *, now_ms: int) -> html.Section:
    shown = listening.history[: SOME if part == ALL else MOST]
    rows = [
        library_row(tracks[each.track_id], note=_how(each, tracks[each.track_id], now_ms=now_ms), after=[_forget(each)])
        for each in shown
        if each.track_id in tracks
    ]
    more = _more(links.HISTORY, len(listening.history)) if part == ALL and len(listening.history) > SOME else None
    body = _rows("history", rows) if rows else _empty("Nothing heard yet. ", "What you play is listed here.")
    return _section("history", "History", [more], body, part)


def _forget(listen: Listen) -> html.Button:
    return html.Button(
        icon("close"),
        type="button",
        className="small-round",
        title="Forget this play",
        **aria(label="Forget this play"),
        **data(library="forget", event=listen.event_ids[0]),
    )


def _how(listen: Listen, track: TrackView, *, now_ms: int) -> str:
    when = ago(listen.at, now_ms=now_ms)
    if listen.ended != "skip" or listen.played_ms is None:
        return when
    heard_s = listen.played_ms / 1000
    return f"{when}, skipped after {duration(min(heard_s, track.duration_s or heard_s))}"


def _section(name: str, heading: str, buttons: Sequence[Any], body: Any, part: str) -> html.Section:
    """Alone on its page it has the heading of the page; its own is for screen readers."""
    words = html.H2(heading, id=f"shelf-{name}", className="" if part == ALL else "unseen")
    head = [words, html.Div(list(buttons), className="head-buttons")]
    return html.Section(
        [html.Div(head, className="shelf-head"), html.Div(body)], className="shelf", **aria(labelledby=f"shelf-{name}")
    )


def _rows(name: str, rows: Sequence[html.Li]) -> html.Ol:
    return html.Ol(list(rows), className="rows", **shelf_attributes(name, None))


def _play_all(name: str) -> html.Button:
    return html.Button([icon("play"), "Play"], type="button", className="button small", **data(playshelf=name))


def _more(href: str, total: int) -> dcc.Link:
    return dcc.Link(f"Show all {total:,}", href=href, className="button quiet small")


def _empty(what: str, advice: str) -> html.P:
    return html.P([html.Strong(what), advice], className="empty")
