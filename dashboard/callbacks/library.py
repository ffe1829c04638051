"""What the library and a playlist show: read anew when the listener changes, or something they keep."""

from __future__ import annotations

import asyncio
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State

from dashboard import ids
from dashboard.components.plain import plain
from dashboard.pages.library import library_body
from dashboard.pages.playlist import playlist_body
from spotistream.serving.library_store import LibraryStore

NAMESPACE = "library"


def register(app: Dash, store: LibraryStore) -> None:
    @app.callback(
        Output(ids.LIBRARY_BODY, "children"),
        Input(ids.LISTENER, "data"),
        Input(ids.LIBRARY_CHANGED, "data"),
        Input(ids.LIVE, "data"),
        Input(ids.LIBRARY_PART, "data"),
    )
    async def show_library(user_id: str | None, _changed: object, _live: object, part: str) -> Any:
        return plain(await asyncio.to_thread(library_body, store, user_id, part))

    @app.callback(
        Output(ids.PLAYLIST_BODY, "children"),
        Input(ids.LISTENER, "data"),
        Input(ids.LIBRARY_CHANGED, "data"),
        Input(ids.PLAYLIST_ID, "data"),
    )
    async def show_playlist(user_id: str | None, _changed: object, playlist_id: str) -> Any:
        return await asyncio.to_thread(playlist_body, store, playlist_id, user_id)

    app.clientside_callback(
        ClientsideFunction(NAMESPACE, "reordered"),
        Output(ids.PLAYLIST_ROWS, "children"),
        Input(ids.PLAYLIST_ORDER, "data"),
        State(ids.PLAYLIST_ROWS, "children"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction(NAMESPACE, "offered"), Output(ids.WELCOME_OFFER, "data"), Input(ids.OFFER, "data")
    )
