"""The application: pages, callbacks and routes over a store, a publisher and a feed that are given to it."""

from __future__ import annotations

import logging
from pathlib import Path

from dash import Dash
from fastapi import FastAPI, Request
from starlette.responses import JSONResponse

from dashboard.backend import PlayerBackend
from dashboard.callbacks import activity as callbacks_of_activity
from dashboard.callbacks import for_you, library, listener, navigation, taste
from dashboard.components.layout import root
from dashboard.folders import folders_of
from dashboard.routes.activity import add_activity_route
from dashboard.routes.api import add_api_routes
from dashboard.routes.events import add_event_route
from dashboard.routes.library import add_library_routes
from dashboard.routes.live import add_live_route
from dashboard.routes.map import add_map_routes
from dashboard.routes.media import add_media_routes
from dashboard.routes.playlist_files import add_playlist_file_routes
from dashboard.routes.radio import add_radio_route
from dashboard.routes.search import add_search_route
from dashboard.routes.similar import add_similar_route
from dashboard.security import SecurityHeaders, page_policy
from spotistream.config import Config
from spotistream.errors import ServiceUnavailable
from spotistream.serving.activity import Activity
from spotistream.serving.catalogue_keeper import CatalogueKeeper
from spotistream.serving.library import Library
from spotistream.serving.library_store import LibraryStore
from spotistream.serving.live import RecommendationFeed
from spotistream.serving.publisher import EventPublisher

log = logging.getLogger(__name__)
FOLDER = Path(__file__).parent


def create_app(
    store: LibraryStore,
    events: EventPublisher,
    feed: RecommendationFeed,
    config: Config,
    catalogue: CatalogueKeeper | None = None,
    activity: Activity | None = None,
) -> Dash:
    """The Dash application; its ``server`` is the ASGI application. Starts nothing.

    catalogue : what search and the pages of artists know; without one they know nothing yet
    activity : what happens on the service; without one nothing did
    """
    activity = activity or Activity()
    catalogue = catalogue or CatalogueKeeper(store)
    app = Dash(
        __name__,
        backend=PlayerBackend,
        title="spotistream",
        update_title="",
        assets_folder=str(FOLDER / "assets"),
        index_string=(FOLDER / "index.html").read_text(encoding="utf-8"),
        serve_locally=True,
        suppress_callback_exceptions=True,
        on_error=log_and_raise,
    )
    server: FastAPI = app.server
    add_media_routes(server, store, folders_of(config))
    add_event_route(server, events)
    add_live_route(server, feed)
    add_similar_route(server, store, config)
    add_api_routes(server, store, events, feed, config)
    add_search_route(server, catalogue)
    add_map_routes(server, store)
    add_radio_route(server, store, feed, catalogue)
    add_activity_route(server, activity)
    kept = Library(store, events)
    add_library_routes(server, store, kept)
    add_playlist_file_routes(server, store, kept, catalogue)
    server.add_exception_handler(ServiceUnavailable, service_unavailable)
    app.layout = root()
    navigation.register(app, store, config, catalogue)
    listener.register(app, store)
    taste.register(app, store)
    callbacks_of_activity.register(app, store, activity)
    for_you.register(app, store, feed, config)
    library.register(app, store)
    app._setup_server()  # Dash does it with the first request for its start page; another page may be asked for first
    server.add_middleware(SecurityHeaders, policy=page_policy(app.csp_hashes()))
    return app


def log_and_raise(error: Exception) -> None:
    """Dash answers 500 without a word in the log."""
    log.error("a callback failed", exc_info=error)
    raise error


async def service_unavailable(_request: Request, exc: Exception) -> JSONResponse:
    """503, with the service but not its address: that is for the log."""
    log.warning("%s", exc)
    service = exc.service if isinstance(exc, ServiceUnavailable) else "a service"
    return JSONResponse({"error": f"{service} does not answer; try again"}, status_code=503)
