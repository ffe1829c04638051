"""``GET /map/points``: the map in one binary answer. ``GET /map/tracks?ids=…``: what its points are called."""

from __future__ import annotations

import gzip
import re
from typing import Any

from fastapi import FastAPI, Query, Request
from starlette.responses import JSONResponse, Response

from dashboard.components.cards import card_data
from dashboard.routes.media import is_unchanged
from spotistream.events import TRACK_ID_PATTERN
from spotistream.serving.map_points import MapKeeper
from spotistream.serving.store import DocumentStore

MOST_TRACKS = 24
LONGEST_IDS = 4000
BINARY = "application/octet-stream"


def add_map_routes(server: FastAPI, store: DocumentStore) -> None:
    kept = MapKeeper(store)

    @server.get("/map/points", include_in_schema=False)
    def points(request: Request) -> Response:
        found = kept.points()
        if found is None:
            return JSONResponse({"error": "there is no map yet"}, status_code=404)
        etag = f'"{found.edition}"'
        headers = {"etag": etag, "cache-control": "private, no-cache", "vary": "accept-encoding"}
        if is_unchanged(request, etag):
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(found.packed, media_type=BINARY, headers={**headers, "content-encoding": "gzip"})
        return Response(gzip.decompress(found.packed), media_type=BINARY, headers=headers)

    @server.get("/map/tracks", include_in_schema=False)
    def tracks(ids: str = Query(max_length=LONGEST_IDS)) -> JSONResponse:
        wanted = [each for each in ids.split(",") if re.fullmatch(TRACK_ID_PATTERN, each, re.ASCII)][:MOST_TRACKS]
        found = store.tracks(wanted)
        named: list[dict[str, Any]] = [card_data(found[each]) for each in wanted if each in found]
        return JSONResponse({"tracks": named}, headers={"cache-control": "private, max-age=300"})
