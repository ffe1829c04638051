"""The taste page follows the listener: who it is, and what is new of them."""

from __future__ import annotations

import asyncio
from typing import Any

from dash import Dash, Input, Output

from dashboard import ids
from dashboard.components.plain import plain
from dashboard.pages.taste import taste_body
from spotistream.serving.library_store import LibraryStore


def register(app: Dash, store: LibraryStore) -> None:
    @app.callback(
        Output(ids.TASTE, "children"),
        Input(ids.LISTENER, "data"),
        Input(ids.LIVE, "data"),
        Input(ids.TASTE_CHANGED, "data"),
    )
    async def show(user_id: str | None, _live: object, _changed: object) -> Any:
        return plain(await asyncio.to_thread(taste_body, store, user_id))
