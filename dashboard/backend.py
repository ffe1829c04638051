"""Dash's FastAPI backend without what this player does not use."""

from __future__ import annotations

from typing import Any

from dash.backends._fastapi import FastAPIDashServer
from fastapi import FastAPI


class PlayerBackend(FastAPIDashServer):
    """No websocket: callbacks go by HTTP and updates by server-sent events. No API pages that load from elsewhere."""

    websocket_capability = False

    @staticmethod
    def create_app(name: str = "dashboard", config: dict[str, Any] | None = None) -> FastAPI:
        return FastAPI(title="spotistream", docs_url=None, redoc_url=None, openapi_url=None)
