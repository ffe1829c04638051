"""The page of one playlist. Its listener can change it; everybody can play it and take it along as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html

from dashboard import ids, links
from dashboard.components.attributes import aria, data
from dashboard.components.cards import shelf_attributes
from dashboard.components.icons import icon
from dashboard.components.library_rows import library_row, missing_row
from dashboard.components.messages import message, unavailable
from dashboard.components.topics import mosaic, tracks_in_words
from dashboard.moments import together
from spotistream.errors import ServiceUnavailable
from spotistream.serving.library_store import LibraryStore
from spotistream.serving.playlist_files import JSPF, M3U
from spotistream.serving.playlists import Playlist
from spotistream.serving.views import TrackView

SHELF = "playlist"
SHOWN = 500
"""Rows at most, as many as the queue of the player takes; a file has them all."""


def playlist_page(playlist_id: str) -> html.Div:
    """The frame: who may change it is known when the browser has said who is listening."""
    waiting = html.P("Looking …", className="shelf-note")
    return html.Div([dcc.Store(id=ids.PLAYLIST_ID, data=playlist_id), html.Div(waiting, id=ids.PLAYLIST_BODY)])


def playlist_body(store: LibraryStore, playlist_id: str, user_id: str | None) -> Any:
    """The playlist; a friendly message where there is none, or the store is away."""
    try:
        playlist = store.playlist(playlist_id)
        if playlist is None:
            return no_such_playlist()
        tracks = store.tracks(playlist.tracks[:SHOWN])
    except ServiceUnavailable:
        return unavailable()
    own = playlist.user_id == user_id
    rows = [_row(track_id, tracks.get(track_id), own=own) for track_id in playlist.tracks[:SHOWN]]
    rest = len(playlist.tracks) - len(rows)
    return html.Div(
        [
            _hero(playlist, tracks, own=own),
            html.P(_advice(own), className="empty") if not rows else None,
            html.Ol(rows, id=ids.PLAYLIST_ROWS, className="rows playlist-rows", **shelf_attributes(SHELF, None)),
            html.P(f"And {rest:,} more, which a file has too.", className="shelf-note") if rest else None,
            html.P(id=ids.PLAYLIST_SAID, className="unseen", role="status", **aria(live="polite")),
        ],
        className="playlist-page",
        **data(playlist=playlist_id, own="true" if own else None),
    )


def no_such_playlist() -> html.Section:
    way_on = dcc.Link("Your library", href=links.LIBRARY, className="button")
    return message("This playlist is not here", "It was deleted, or the address is misspelt.", way_on=way_on)


def _hero(playlist: Playlist, tracks: Mapping[str, TrackView], *, own: bool) -> html.Section:
    there = [tracks[each] for each in playlist.tracks if each in tracks]
    length = sum(track.duration_s or 0 for track in there) if len(playlist.tracks) <= SHOWN else 0
    facts = [tracks_in_words(len(playlist.tracks)), together(length) if length else None]
    cover = (
        mosaic([track.track_id for track in there]) if there else html.Div(icon("library"), className="mosaic blank")
    )
    words = html.Div(
        [
            html.P("Your playlist" if own else f"A playlist of {playlist.user_id}", className="eyebrow"),
            html.H1(playlist.name),
            html.P(" · ".join(fact for fact in facts if fact), className="by-line"),
            html.Div(_actions(playlist, playable=any(track.playable for track in there), own=own), className="actions"),
        ],
        className="hero-words",
    )
    return html.Section([cover, words], className="hero topic-hero")


def _actions(playlist: Playlist, *, playable: bool, own: bool) -> Sequence[Any]:
    play = html.Button([icon("play"), "Play"], type="button", className="button hero-play", **data(playshelf=SHELF))
    files = [
        html.A(
            [icon("download"), name],
            href=links.playlist_export(playlist.playlist_id, kind),
            className="button quiet small",
            download="",
            **aria(label=f"Export as {name}"),
        )
        for name, kind in (("M3U", M3U), ("JSPF", JSPF))
    ]
    changes = [_button("rename", "edit", "Rename"), _button("delete", "trash", "Delete")] if own else []
    return [play if playable else None, *changes, *files]


def _button(does: str, picture: str, label: str) -> html.Button:
    return html.Button([icon(picture), label], type="button", className="button quiet small", **data(library=does))


def _row(track_id: str, track: TrackView | None, *, own: bool) -> html.Li:
    name = track.name if track is not None else track_id
    grip = _grip(name) if own else None
    remove = [_remove(name)] if own else []
    if track is None:
        return missing_row(track_id, before=grip, after=remove)
    return library_row(track, before=grip, after=remove)


def _grip(name: str) -> html.Button:
    """Dragged by mouse, pen or finger; with the focus on it, the arrow keys move the row."""
    return html.Button(
        icon("grip"),
        type="button",
        className="row-grip",
        title="Drag to another place, or press the arrow up and down keys",
        **aria(label=f"Move {name}: arrow up and down"),
        **data(grip="row"),
    )


def _remove(name: str) -> html.Button:
    label = f"Remove {name} from the playlist"
    return html.Button(
        icon("close"),
        type="button",
        className="small-round",
        title="Remove",
        **aria(label=label),
        **data(library="remove"),
    )


def _advice(own: bool) -> str:
    return "Nothing in it yet. Add tracks from the menu of any card." if own else "Nothing in it yet."
