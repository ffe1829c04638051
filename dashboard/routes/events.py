"""``POST /events``: what the listener did, from the browser to Kafka.

The answer says for each event whether it was taken, so that the browser's outbox can let go of it. 202: at least one
was taken; 400: none can be; 413: too large; 503: the broker is away, send them again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from dashboard.routes.bodies import TooLarge, limited_body
from dashboard.security import is_foreign
from spotistream.errors import InputError
from spotistream.events import MAX_EVENT_BYTES, PlayEvent, iso_utc, parse_event
from spotistream.serving.publisher import EventPublisher

MAX_EVENTS = 100
MAX_BODY_BYTES = MAX_EVENT_BYTES * MAX_EVENTS
SOURCE = "player"


@dataclass(frozen=True)
class Checked:
    """``rejected`` holds what the browser is told of each event that is wrong."""

    events: tuple[PlayEvent, ...]
    rejected: tuple[dict[str, Any], ...]


def add_event_route(server: FastAPI, publisher: EventPublisher) -> None:
    @server.post("/events", include_in_schema=False)
    async def events(request: Request) -> JSONResponse:
        if is_foreign(request.headers):
            return JSONResponse({"error": "events are taken from this player's own pages"}, status_code=403)
        try:
            records = decoded(await limited_body(request, MAX_BODY_BYTES))
            checked = check_events(records, now=datetime.now(UTC))
        except TooLarge as exc:
            return JSONResponse({"error": str(exc)}, status_code=413)
        except InputError as exc:
            return JSONResponse({"error": str(exc)}, status_code=400)
        answer = {"accepted": [event.event_id for event in checked.events], "rejected": list(checked.rejected)}
        if not checked.events:
            return JSONResponse(answer, status_code=400)
        await run_in_threadpool(publisher.publish, *checked.events)
        return JSONResponse(answer, status_code=202)


def decoded(body: bytes) -> list[Any]:
    """One event or a list of them as a list. Raises ``InputError`` or ``TooLarge``."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise InputError("request body", "is not JSON", remedy="send one event or a list of events") from None
    records = value if isinstance(value, list) else [value]
    if not records:
        raise InputError("request body", "holds no event", remedy="send one event or a list of events")
    if len(records) > MAX_EVENTS:
        raise TooLarge(f"a request holds at most {MAX_EVENTS} events")
    if any(
        len(json.dumps(record, ensure_ascii=False).encode(errors="surrogatepass")) > MAX_EVENT_BYTES
        for record in records
    ):
        raise TooLarge(f"an event holds at most {MAX_EVENT_BYTES} bytes")
    return records


def check_events(records: Iterable[Any], *, now: datetime) -> Checked:
    """The events that are right, with our own ``source``, and what is wrong with the others."""
    events: list[PlayEvent] = []
    rejected: list[dict[str, Any]] = []
    for index, record in enumerate(records):
        try:
            if not isinstance(record, Mapping):
                raise InputError("event", "is not a JSON object", remedy="send one event or a list of events")
            events.append(parse_event({**record, "source": SOURCE, **not_ahead(record, now=now)}, now=now))
        except InputError as exc:
            event_id = record.get("event_id") if isinstance(record, Mapping) else None
            rejected.append({"index": index, "event_id": event_id, "error": str(exc)})
    return Checked(tuple(events), tuple(rejected))


def not_ahead(record: Mapping[str, Any], *, now: datetime) -> dict[str, str]:
    """The time of an event from a browser whose clock is ahead: now, rather than the event being lost."""
    try:
        ahead = datetime.fromisoformat(record["event_time"]) > now
    except (KeyError, TypeError, ValueError):
        return {}
    return {"event_time": iso_utc(now)} if ahead else {}
