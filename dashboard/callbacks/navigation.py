"""The page follows the address."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from dash import Dash, Input, Output, State

from dashboard import ids
from dashboard.components.plain import plain
from dashboard.pages.router import page
from spotistream.config import Config
from spotistream.serving.catalogue_keeper import CatalogueKeeper
from spotistream.serving.store import DocumentStore


def register(app: Dash, store: DocumentStore, config: Config, catalogue: CatalogueKeeper) -> None:
    @app.callback(
        Output(ids.PAGE, "children"),
        Input(ids.URL, "pathname"),
        Input(ids.URL, "search"),
        Input(ids.RETRY, "data"),
        State(ids.OFFER, "data"),
    )
    async def navigate(pathname: str | None, query: str | None, _retry: object, offer: Mapping[str, Any] | None) -> Any:
        return await asyncio.to_thread(drawn, store, config, pathname, offer, query, catalogue)


def drawn(
    store: DocumentStore,
    config: Config,
    pathname: str | None,
    offer: Mapping[str, Any] | None,
    query: str | None,
    catalogue: CatalogueKeeper,
) -> Any:
    """The page as it is sent: what no callback writes to is HTML."""
    return plain(page(store, config, pathname, offer, query=query, catalogue=catalogue))
