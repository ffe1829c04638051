"""``GET /search/suggestions?q=…``: what the search box offers while somebody types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Query
from starlette.responses import JSONResponse

from dashboard import links
from spotistream.serving.catalogue_keeper import CatalogueKeeper
from spotistream.serving.search import MAX_QUERY, Hit

SUGGESTED = 8
NO_STORE = {"cache-control": "no-store"}
PAGE_OF: dict[str, Callable[[str], str]] = {
    "artist": links.artist_page,
    "album": links.album_page,
    "genre": links.genre_page,
    "track": links.track_page,
}


def add_search_route(server: FastAPI, catalogue: CatalogueKeeper) -> None:
    @server.get("/search/suggestions", include_in_schema=False)
    def suggestions(q: str = Query(default="", max_length=10 * MAX_QUERY)) -> JSONResponse:
        """``ready`` is false until the catalogue has been read."""
        hits = catalogue.search(q, limit=SUGGESTED)
        answer = {"ready": catalogue.index is not None, "hits": [suggestion(hit) for hit in hits]}
        return JSONResponse(answer, headers=NO_STORE)


def suggestion(hit: Hit) -> dict[str, Any]:
    return {
        "kind": hit.kind,
        "name": hit.name,
        "by": hit.by,
        "href": PAGE_OF[hit.kind](hit.id),
        "cover": links.cover(hit.cover),
    }
