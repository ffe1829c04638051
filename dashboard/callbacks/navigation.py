"""The page follows the address."""

from __future__ import annotations

import asyncio
from typing import Any

from dash import Dash, Input, Output

from dashboard import ids
from dashboard.pages.router import page
from spotistream.config import Config
from spotistream.serving.store import DocumentStore


def register(app: Dash, store: DocumentStore, config: Config) -> None:
    @app.callback(Output(ids.PAGE, "children"), Input(ids.URL, "pathname"))
    async def navigate(pathname: str | None) -> Any:
        return await asyncio.to_thread(page, store, config, pathname)
