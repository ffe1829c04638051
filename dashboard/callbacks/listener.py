"""Who is listening: known to the browser, which keeps it; the server suggests names."""

from __future__ import annotations

import asyncio
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output

from dashboard import ids
from dashboard.components.listeners import suggestions
from spotistream.errors import ServiceUnavailable
from spotistream.serving.store import DocumentStore

NAMESPACE = "spotistream"
SUGGESTIONS = 8


def register(app: Dash, store: DocumentStore) -> None:
    app.clientside_callback(
        ClientsideFunction(NAMESPACE, "whoIsListening"), Output(ids.LISTENER, "data"), Input(ids.BOOT, "data")
    )
    app.clientside_callback(
        ClientsideFunction(NAMESPACE, "listenerChanged"),
        Output(ids.LISTENER_CHIP, "children"),
        Input(ids.LISTENER, "data"),
    )

    @app.callback(Output(ids.WHO_SUGGESTIONS, "children"), Input(ids.WHO_INPUT, "value"))
    async def suggest(prefix: str | None) -> Any:
        return await asyncio.to_thread(suggested, store, prefix)


def suggested(store: DocumentStore, prefix: str | None) -> list[Any]:
    """Buttons for listeners whose id starts with what was typed; none where the store is away."""
    try:
        return suggestions(store.listeners((prefix or "").strip(), SUGGESTIONS))
    except ServiceUnavailable:
        return []
