"""Playlists as files: ``GET /playlists/<id>/export/<kind>`` and ``POST /playlists/<id>/import``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from dashboard import links
from dashboard.routes.bodies import limited_body
from dashboard.routes.library_requests import answered, asking
from dashboard.security import FILE_POLICY
from spotistream.errors import InputError
from spotistream.events import UUID_PATTERN
from spotistream.names import fold_name
from spotistream.serving.catalogue_keeper import CatalogueKeeper
from spotistream.serving.library import Library, NoSuchPlaylist
from spotistream.serving.library_store import LibraryStore
from spotistream.serving.playlist_files import (
    JSPF,
    M3U,
    MAX_FILE_BYTES,
    MEDIA_TYPES,
    Entry,
    PlaylistFile,
    parse_file,
    to_jspf,
    to_m3u,
)
from spotistream.serving.playlist_import import found_in
from spotistream.serving.playlists import MAX_NAME, MAX_TRACKS, Playlist, checked_id
from spotistream.serving.views import TrackView

MAX_MISSING = 200
"""Entries that an import names as not found; all of them are counted."""
UNNAMED = "Imported playlist"
WRITERS = {M3U: to_m3u, JSPF: to_jspf}


def add_playlist_file_routes(
    server: FastAPI, store: LibraryStore, library: Library, catalogue: CatalogueKeeper
) -> None:
    @server.get("/playlists/{playlist_id}/export/{kind}", include_in_schema=False)
    async def export_playlist(request: Request, playlist_id: str, kind: str) -> Response:
        async def written() -> Response:
            return await run_in_threadpool(exported, store, playlist_id, kind, address=str(request.base_url))

        return await answered(request, written)

    @server.post("/playlists/{playlist_id}/import", include_in_schema=False)
    async def import_playlist(request: Request, playlist_id: str, user_id: str = "", name: str = "") -> Response:
        async def taken() -> Mapping[str, Any]:
            content = await limited_body(request, MAX_FILE_BYTES)
            owner = asking(user_id)
            return await run_in_threadpool(imported, library, catalogue, playlist_id, owner, name, content)

        return await answered(request, taken)


def exported(store: LibraryStore, playlist_id: str, kind: str, *, address: str) -> Response:
    """The file to download. ``address`` is where this player is, with a slash at the end."""
    if kind not in WRITERS:
        raise InputError("format", f"is not one of {', '.join(WRITERS)}", remedy="ask for one of them")
    playlist = store.playlist(checked_id("playlist_id", playlist_id, UUID_PATTERN))
    if playlist is None:
        raise NoSuchPlaylist
    listener = store.listener(playlist.user_id)
    creator = playlist.user_id if listener is None else listener.name
    text = WRITERS[kind](file_of(playlist, store.tracks(playlist.tracks), creator=creator, address=address))
    plain = "-".join(fold_name(playlist.name).encode("ascii", "ignore").decode().split()) or "playlist"
    named = f"attachment; filename=\"{plain}.{kind}\"; filename*=UTF-8''{quote(playlist.name, safe='')}.{kind}"
    headers = {"content-disposition": named, "cache-control": "no-store", "content-security-policy": FILE_POLICY}
    return Response(text, media_type=f"{MEDIA_TYPES[kind]}; charset=utf-8", headers=headers)


def file_of(playlist: Playlist, tracks: Mapping[str, TrackView], *, creator: str, address: str) -> PlaylistFile:
    """Tracks that have left the catalogue are left out: there is nothing to say of them."""
    there = [tracks[each] for each in playlist.tracks if each in tracks]
    root = address.rstrip("/")
    entries = (
        Entry(
            place,
            location=root + links.media(track.track_id),
            page=root + links.track_page(track.track_id),
            track_id=track.track_id,
            title=track.name,
            artist=track.artist or "",
            album=track.album or "",
            duration_s=track.duration_s,
        )
        for place, track in enumerate(there, start=1)
    )
    return PlaylistFile(playlist.name, creator, tuple(entries))


def imported(
    library: Library,
    catalogue: CatalogueKeeper,
    playlist_id: str,
    user_id: str,
    name: str,
    content: bytes,
) -> dict[str, Any]:
    """Make a playlist of a file, and say what of it was not found. ``name`` is used where the file has none.

    Raises ``InputError`` where the file is none, or nothing of it is in the catalogue.
    """
    file = parse_file(content)
    if catalogue.catalogue is None:
        raise InputError("catalogue", "is still being read after the start", remedy="import the file in a moment")
    found = found_in(catalogue.catalogue, file.entries)
    missing = [{"place": entry.place, "name": entry.name} for entry in found.missing[:MAX_MISSING]]
    report = {
        "entries": len(file.entries),
        "found": len(found.tracks),
        "repeated": found.repeated,
        "missing": missing,
        "missing_count": len(found.missing),
    }
    if not found.tracks:
        return {**report, "playlist_id": None}
    called = (file.name or name or UNNAMED)[:MAX_NAME]
    playlist = library.create_playlist(playlist_id, user_id, called, found.tracks[:MAX_TRACKS])
    return {**report, "playlist_id": playlist.playlist_id, "name": playlist.name, "size": len(playlist.tracks)}
