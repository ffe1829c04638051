"""``GET /live/<user_id>``: server-sent events, one for each refresh of the listener's recommendations."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator

from fastapi import FastAPI
from starlette.responses import JSONResponse, Response, StreamingResponse

from spotistream.events import USER_ID_PATTERN, iso_utc
from spotistream.serving.live import FeedClosed, RecommendationFeed
from spotistream.serving.views import Recommendations

HEARTBEAT_S = 15.0
RETRY_MS = 2000
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


def add_live_route(server: FastAPI, feed: RecommendationFeed) -> None:
    @server.get("/live/{user_id}", include_in_schema=False)
    async def live(user_id: str) -> Response:
        if not re.fullmatch(USER_ID_PATTERN, user_id, re.ASCII):
            return JSONResponse({"error": f"user_id does not match {USER_ID_PATTERN}"}, status_code=400)
        return StreamingResponse(
            pushed(feed, user_id, heartbeat_s=HEARTBEAT_S), media_type="text/event-stream", headers=HEADERS
        )


async def pushed(feed: RecommendationFeed, user_id: str, *, heartbeat_s: float) -> AsyncIterator[str]:
    """Server-sent events until the browser or the feed goes; a comment now and then keeps the connection open."""
    with feed.subscribe(user_id) as updates:
        yield f"retry: {RETRY_MS}\n: connected\n\n"
        while True:
            try:
                table = await asyncio.wait_for(updates.get(), heartbeat_s)
            except TimeoutError:
                yield ": still here\n\n"
            except FeedClosed:
                return
            else:
                yield sse_message(table)


def sse_message(table: Recommendations | None) -> str:
    """``resync`` tells the browser that it may have missed something."""
    if table is None:
        return "event: resync\ndata: {}\n\n"
    data = {"version": table.version, "updated_at": iso_utc(table.updated_at) if table.updated_at else None}
    return f"event: recommendations\ndata: {json.dumps(data)}\n\n"
