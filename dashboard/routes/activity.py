"""``POST /activity/shown``: a browser says how long after an event it showed what follows from it."""

from __future__ import annotations

import json

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from dashboard.routes.bodies import TooLarge, limited_body
from dashboard.security import is_foreign
from spotistream.serving.activity import SLOWEST_S, Activity

MOST_MS = int(SLOWEST_S * 1000)
MAX_BODY_BYTES = 1_000


def add_activity_route(server: FastAPI, activity: Activity) -> None:
    @server.post("/activity/shown", include_in_schema=False)
    async def shown(request: Request) -> Response:
        if is_foreign(request.headers):
            return JSONResponse({"error": "not for pages of other sites"}, status_code=403)
        try:
            value = json.loads(await limited_body(request, MAX_BODY_BYTES))
        except (ValueError, RecursionError, TooLarge):
            value = None
        delay_ms = value.get("ms") if isinstance(value, dict) else None
        if type(delay_ms) is not int or not 0 <= delay_ms <= MOST_MS:
            return JSONResponse({"error": f"ms is not a whole number from 0 to {MOST_MS}"}, status_code=400)
        activity.shown(delay_ms / 1000)
        return Response(status_code=204)
