"""Addresses of pages and files of tracks and topics, with whatever an id holds escaped."""

from __future__ import annotations

from urllib.parse import quote, unquote, urlsplit

HOME = "/"
TRACK_PREFIX = "/track/"
TOPIC_PREFIX = "/topic/"


def track_page(track_id: str) -> str:
    return TRACK_PREFIX + quote(track_id, safe=":")


def topic_page(music_topic_id: str) -> str:
    return TOPIC_PREFIX + quote(music_topic_id, safe="")


def media(track_id: str) -> str:
    return "/media/" + quote(track_id, safe=":")


def cover(track_id: str) -> str:
    return "/cover/" + quote(track_id, safe=":")


def spectrogram(track_id: str) -> str:
    return "/spectrogram/" + quote(track_id, safe=":")


def web_page(address: str | None) -> str | None:
    """The address where it is a page of the web; None for anything else, such as a script."""
    try:
        parts = urlsplit((address or "").strip())
    except ValueError:
        return None
    return parts.geturl() if parts.scheme in ("http", "https") and parts.hostname else None


def site(address: str) -> str:
    """The name of the site a web page is on: ``example.org`` of ``https://www.example.org/page``."""
    return (urlsplit(address).hostname or "").removeprefix("www.")


def track_of_page(pathname: str) -> str | None:
    """The track whose page this is, or None."""
    return _after(TRACK_PREFIX, pathname)


def topic_of_page(pathname: str) -> str | None:
    """The topic of music whose page this is, or None."""
    return _after(TOPIC_PREFIX, pathname)


def _after(prefix: str, pathname: str) -> str | None:
    if not pathname.startswith(prefix):
        return None
    return unquote(pathname.removeprefix(prefix)).rstrip("/") or None
