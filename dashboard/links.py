"""Addresses of pages and files of a track, with whatever an id holds escaped."""

from __future__ import annotations

from urllib.parse import quote, unquote

HOME = "/"
TRACK_PREFIX = "/track/"


def track_page(track_id: str) -> str:
    return TRACK_PREFIX + quote(track_id, safe=":")


def media(track_id: str) -> str:
    return "/media/" + quote(track_id, safe=":")


def cover(track_id: str) -> str:
    return "/cover/" + quote(track_id, safe=":")


def track_of_page(pathname: str) -> str | None:
    """The track whose page this is, or None."""
    if not pathname.startswith(TRACK_PREFIX):
        return None
    return unquote(pathname.removeprefix(TRACK_PREFIX)).rstrip("/") or None
