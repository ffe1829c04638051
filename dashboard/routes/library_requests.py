"""What the routes of the library have in common: reading a request that may be anything, and answering it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import Request
from starlette.responses import JSONResponse, Response

from dashboard.routes.bodies import TooLarge, limited_body
from dashboard.security import is_foreign
from spotistream.errors import InputError
from spotistream.events import USER_ID_PATTERN
from spotistream.serving.library import NoSuchPlaylist, NotYours
from spotistream.serving.library_messages import json_object
from spotistream.serving.playlists import Playlist, checked_id, renamed, with_track_moved, with_tracks, without_track
from spotistream.serving.store import DocumentStore

MAX_BODY_BYTES = 100_000
MAX_AT_ONCE = 500
"""Tracks of one request."""
NO_STORE = {"cache-control": "no-store"}

Change = Callable[[Playlist, int], Playlist]


async def answered(request: Request, does: Callable[[], Awaitable[Response | Mapping[str, Any]]]) -> Response:
    """The answer, or what is wrong with the request in one line."""
    if is_foreign(request.headers):
        return _refusal("not for pages of other sites", 403)
    try:
        found = await does()
    except TooLarge as exc:
        return _refusal(str(exc), 413)
    except NoSuchPlaylist as exc:
        return _refusal(str(exc), 404)
    except NotYours as exc:
        return _refusal(str(exc), 403)
    except InputError as exc:
        return _refusal(str(exc), 400)
    return found if isinstance(found, Response) else JSONResponse(found, headers=NO_STORE)


def asking(user_id: object) -> str:
    """Who asks: for now whoever the request says. The place where accounts compare it with who is logged in."""
    return checked_id("user_id", user_id, USER_ID_PATTERN)


async def json_body(request: Request) -> Mapping[str, Any]:
    """The JSON object of the body. Raises ``InputError`` or ``TooLarge``."""
    return json_object(await limited_body(request, MAX_BODY_BYTES), what="request body")


def change_of(store: DocumentStore, record: Mapping[str, Any]) -> Change:
    """The change a request asks for. Raises ``InputError``."""
    match record.get("change"):
        case "rename":
            name = record.get("name")
            return lambda playlist, now: renamed(playlist, name, now=now)  # type: ignore[arg-type]  # it checks it
        case "add":
            tracks, at = tracks_there(store, record.get("tracks")), record.get("at")
            return lambda playlist, now: with_tracks(playlist, tracks, at=at, now=now)
        case "remove":
            track_id = str(record.get("track"))
            return lambda playlist, now: without_track(playlist, track_id, now=now)
        case "move":
            moved, to = str(record.get("track")), record.get("to")
            return lambda playlist, now: with_track_moved(playlist, moved, to, now=now)  # type: ignore[arg-type]
    raise _wrong("change", "is not one of rename, add, remove, move, delete")


def tracks_there(store: DocumentStore, track_ids: object) -> list[str]:
    """The ids, each of a track of the catalogue. Raises ``InputError``."""
    if not isinstance(track_ids, list) or len(track_ids) > MAX_AT_ONCE:
        raise _wrong("tracks", f"is not a list of at most {MAX_AT_ONCE} tracks")
    if not all(isinstance(each, str) for each in track_ids):
        raise _wrong("tracks", "holds what is no id")
    known = store.tracks(track_ids)
    if unknown := [each for each in track_ids if each not in known]:
        raise _wrong("tracks", f"holds {unknown[0][:80]!r}, which is not in the catalogue")
    return track_ids


def _refusal(error: str, status: int) -> JSONResponse:
    return JSONResponse({"error": error}, status_code=status, headers=NO_STORE)


def _wrong(what: str, problem: str) -> InputError:
    return InputError(what, problem, remedy="send it again with it corrected")
