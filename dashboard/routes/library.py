"""What a listener keeps, over HTTP: ``/listeners`` and ``/playlists``. Who is listening is in each request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from dashboard.routes.library_requests import answered, asking, change_of, json_body, tracks_there
from spotistream.events import UUID_PATTERN
from spotistream.serving.library import Library
from spotistream.serving.library_store import LibraryStore
from spotistream.serving.playlists import Playlist, checked_id, checked_name

Answer = Mapping[str, Any]


def add_library_routes(server: FastAPI, store: LibraryStore, library: Library) -> None:
    @server.post("/listeners", include_in_schema=False)
    async def create_listener(request: Request) -> Response:
        async def made() -> Answer:
            record = await json_body(request)
            listener = await run_in_threadpool(
                library.create_listener, asking(record.get("user_id")), record.get("name")
            )
            return {"user_id": listener.user_id, "name": listener.name}

        return await answered(request, made)

    @server.get("/listeners/{user_id}/library", include_in_schema=False)
    async def kept(request: Request, user_id: str) -> Response:
        async def read() -> Answer:
            return await run_in_threadpool(library_of, store, asking(user_id))

        return await answered(request, read)

    @server.put("/playlists/{playlist_id}", include_in_schema=False)
    async def create_playlist(request: Request, playlist_id: str) -> Response:
        async def made() -> Answer:
            record = await json_body(request)
            user_id, name = asking(record.get("user_id")), checked_name(record.get("name"))
            tracks = await run_in_threadpool(tracks_there, store, record.get("tracks", []))
            return summary(await run_in_threadpool(library.create_playlist, playlist_id, user_id, name, tracks))

        return await answered(request, made)

    @server.post("/playlists/{playlist_id}/changes", include_in_schema=False)
    async def change_playlist(request: Request, playlist_id: str) -> Response:
        async def changed() -> Answer:
            record = await json_body(request)
            user_id = asking(record.get("user_id"))
            known_id = checked_id("playlist_id", playlist_id, UUID_PATTERN)
            if record.get("change") == "delete":
                await run_in_threadpool(library.delete_playlist, known_id, user_id)
                return {"playlist_id": known_id, "deleted": True}
            change = await run_in_threadpool(change_of, store, record)
            return summary(await run_in_threadpool(library.change_playlist, known_id, user_id, change))

        return await answered(request, changed)


def library_of(store: LibraryStore, user_id: str) -> Answer:
    """What a browser asks for: the playlists to add a track to, and the hearts to fill.

    ``known`` is false of a listener of whom no event has come yet.
    """
    tiles, listening = store.playlists_of(user_id), store.listening(user_id)
    return {
        "user_id": user_id,
        "known": listening.version >= 0,
        "playlists": [{"playlist_id": tile.playlist_id, "name": tile.name, "size": tile.size} for tile in tiles],
        "likes": [opinion.track_id for opinion in listening.likes],
    }


def summary(playlist: Playlist) -> Answer:
    return {"playlist_id": playlist.playlist_id, "name": playlist.name, "size": len(playlist.tracks)}
