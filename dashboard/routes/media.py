"""``GET /media/<track_id>``, ``/cover/<track_id>`` and ``/spectrogram/<track_id>``.

Which file that is the store says, never the request; and only from the folders it belongs to."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from fastapi import FastAPI, Request, Response
from starlette.responses import FileResponse, PlainTextResponse

from dashboard.artwork import cover_svg
from dashboard.folders import Folders, is_elsewhere, path_within
from dashboard.security import FILE_POLICY
from spotistream.serving.store import DocumentStore

AUDIO_TYPES = {
    "mp3": "audio/mpeg",
    "mp2": "audio/mpeg",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "m4b": "audio/mp4",
    "mp4": "audio/mp4",
    "aac": "audio/aac",
    "ac3": "audio/ac3",
    "wav": "audio/wav",
    "wave": "audio/wav",
    "w64": "audio/x-w64",
    "rf64": "audio/x-rf64",
    "aif": "audio/aiff",
    "aiff": "audio/aiff",
    "aifc": "audio/aiff",
    "au": "audio/basic",
    "wma": "audio/x-ms-wma",
    "asf": "audio/x-ms-wma",
    "webm": "audio/webm",
    "weba": "audio/webm",
    "mka": "audio/x-matroska",
    "ape": "audio/x-ape",
    "wv": "audio/x-wavpack",
    "mpc": "audio/x-musepack",
    "mp+": "audio/x-musepack",
    "mpp": "audio/x-musepack",
    "dsf": "audio/x-dsf",
    "dff": "audio/x-dff",
    "tta": "audio/x-tta",
    "tak": "audio/x-tak",
    "caf": "audio/x-caf",
    "amr": "audio/amr",
}
"""The content type of each format; ``assets/formats.js`` asks the browser by the same."""
PICTURE_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".svg": "image/svg+xml",
}
MEDIA_CACHE = "private, max-age=3600"
COVER_CACHE = "private, max-age=3600"
NOT_HERE = "there is no audio of this track here"


def add_media_routes(server: FastAPI, store: DocumentStore, folders: Folders) -> None:
    @server.api_route("/media/{track_id:path}", methods=["GET", "HEAD"], include_in_schema=False)
    def media(request: Request, track_id: str) -> Response:
        track = store.track(track_id)
        if track is None or not track.playable:
            return PlainTextResponse("there is no audio of this track", status_code=404)
        if is_elsewhere(track.path):
            return PlainTextResponse("the audio of this track is not on a disk of this machine", status_code=501)
        path = path_within(track.path, [folders.music], what=f"the audio of track {track_id}")
        kind = AUDIO_TYPES.get((track.format or path_suffix(path)).lower())
        if path is None or kind is None:
            return PlainTextResponse(NOT_HERE, status_code=404)
        return file_response(request, path, media_type=kind, cache=MEDIA_CACHE) or PlainTextResponse(
            NOT_HERE, status_code=404
        )

    @server.api_route("/cover/{track_id:path}", methods=["GET", "HEAD"], include_in_schema=False)
    def cover(request: Request, track_id: str) -> Response:
        track = store.track(track_id)
        location = track.cover_path if track is not None else None
        path = path_within(location, [folders.covers, folders.music], what=f"the cover of track {track_id}")
        return picture_response(request, path) or drawn_response(request, cover_svg(track_id))

    @server.api_route("/spectrogram/{track_id:path}", methods=["GET", "HEAD"], include_in_schema=False)
    def spectrogram(request: Request, track_id: str) -> Response:
        track = store.track(track_id)
        location = track.spectrogram_path if track is not None else None
        path = path_within(location, [folders.pictures], what=f"the spectrogram of track {track_id}")
        return picture_response(request, path) or PlainTextResponse(
            "there is no spectrogram of this track here", status_code=404
        )


def picture_response(request: Request, path: Path | None) -> Response | None:
    """The picture; None where there is no file of a kind that browsers show."""
    kind = PICTURE_TYPES.get(path.suffix.lower()) if path is not None else None
    return file_response(request, path, media_type=kind, cache=COVER_CACHE) if path is not None and kind else None


def path_suffix(path: Path | None) -> str:
    return path.suffix.removeprefix(".") if path is not None else ""


def file_response(request: Request, path: Path, *, media_type: str, cache: str) -> Response | None:
    """The file, a range of it (206, 416) or 304; None where there is no such file."""
    try:
        found = path.stat()
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode) or not os.access(path, os.R_OK):
        return None
    etag = f'"{found.st_mtime_ns:x}-{found.st_size:x}"'
    headers = {"etag": etag, "cache-control": cache, "content-security-policy": FILE_POLICY}
    if is_unchanged(request, etag):
        return Response(status_code=304, headers=headers)
    return FileResponse(path, media_type=media_type, headers=headers, stat_result=found)


def drawn_response(request: Request, svg: str) -> Response:
    etag = f'"{hashlib.sha256(svg.encode()).hexdigest()[:20]}"'
    headers = {"etag": etag, "cache-control": COVER_CACHE, "content-security-policy": FILE_POLICY}
    if is_unchanged(request, etag):
        return Response(status_code=304, headers=headers)
    return Response(svg, media_type="image/svg+xml", headers=headers)


def is_unchanged(request: Request, etag: str) -> bool:
    known = request.headers.get("if-none-match")
    if known is None:
        return False
    return known.strip() == "*" or etag in (each.strip().removeprefix("W/") for each in known.split(","))
