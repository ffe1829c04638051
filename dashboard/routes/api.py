"""``GET /recommendations/<user_id>`` and ``GET /healthz``."""

from __future__ import annotations

import logging
import re
import uuid
from datetime import UTC, datetime

from fastapi import FastAPI, Request
from starlette.background import BackgroundTask
from starlette.responses import JSONResponse

from dashboard.security import is_foreign
from spotistream.config import Config
from spotistream.errors import ServiceUnavailable
from spotistream.events import USER_ID_PATTERN, PlayEvent
from spotistream.serving.live import RecommendationFeed
from spotistream.serving.publisher import EventPublisher
from spotistream.serving.recommendations import API_LIMIT, api_answer, read_offer
from spotistream.serving.store import DocumentStore

log = logging.getLogger(__name__)
NO_STORE = {"cache-control": "no-store"}


def add_api_routes(
    server: FastAPI, store: DocumentStore, publisher: EventPublisher, feed: RecommendationFeed, config: Config
) -> None:
    @server.get("/recommendations/{user_id}", include_in_schema=False)
    def recommendations(request: Request, user_id: str) -> JSONResponse:
        if not re.fullmatch(USER_ID_PATTERN, user_id, re.ASCII):
            return JSONResponse({"error": f"user_id does not match {USER_ID_PATTERN}"}, status_code=400)
        if is_foreign(request.headers):
            return JSONResponse({"error": "not for pages of other sites"}, status_code=403)
        offer = read_offer(store, user_id, limit=API_LIMIT, max_per_artist=config.recommend.max_per_artist)
        visited = BackgroundTask(publish_visit, publisher, visit(user_id, now=datetime.now(UTC)))
        return JSONResponse(api_answer(offer), headers=NO_STORE, background=visited)

    @server.get("/healthz", include_in_schema=False)
    def healthz() -> JSONResponse:
        try:
            store.ping()
        except ServiceUnavailable:
            return JSONResponse({"status": "the document store is away"}, status_code=503, headers=NO_STORE)
        return JSONResponse({"status": "ok", "live": feed.connected}, headers=NO_STORE)


def visit(user_id: str, *, now: datetime) -> PlayEvent:
    return PlayEvent(event_id=str(uuid.uuid4()), user_id=user_id, action="visit", event_time=now, source="api")


def publish_visit(publisher: EventPublisher, event: PlayEvent) -> None:
    """After the answer: a broker that is away costs the visit, not the recommendations."""
    try:
        publisher.publish(event)
    except ServiceUnavailable as exc:
        log.warning("a visit was not published: %s", exc)
