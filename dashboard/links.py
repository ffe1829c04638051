"""Addresses of pages and of files of tracks, with whatever an id holds escaped."""

from __future__ import annotations

from urllib.parse import quote, unquote, urlencode, urlsplit

HOME = "/"
LIBRARY, LIKES, HISTORY = "/library", "/library/likes", "/library/history"
WELCOME = "/welcome"
PLAYLIST_PREFIX = "/playlist/"
TRACK_PREFIX = "/track/"
TOPIC_PREFIX = "/topic/"
ARTIST_PREFIX, ALBUM_PREFIX, GENRE_PREFIX = "/artist/", "/album/", "/genre/"
SEARCH = "/search"
MAP, TASTE, ACTIVITY = "/map", "/taste", "/activity"


def track_page(track_id: str) -> str:
    return TRACK_PREFIX + quote(track_id, safe=":")


def topic_page(music_topic_id: str) -> str:
    return TOPIC_PREFIX + quote(music_topic_id, safe="")


def artist_page(artist_id: str, *, number: int = 1) -> str:
    return _numbered(ARTIST_PREFIX + quote(artist_id, safe=""), number)


def album_page(album_id: str) -> str:
    return ALBUM_PREFIX + quote(album_id, safe="")


def genre_page(genre_id: str, *, number: int = 1) -> str:
    return _numbered(GENRE_PREFIX + quote(genre_id, safe=""), number)


def search_page(query: str, *, kind: str | None = None, number: int = 1) -> str:
    return _numbered(f"{SEARCH}?{urlencode({'q': query, **({'kind': kind} if kind else {})})}", number)


def playlist_page(playlist_id: str) -> str:
    return PLAYLIST_PREFIX + quote(playlist_id, safe="")


def playlist_export(playlist_id: str, kind: str) -> str:
    return f"/playlists/{quote(playlist_id, safe='')}/export/{quote(kind, safe='')}"


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


def playlist_of_page(pathname: str) -> str | None:
    """The playlist whose page this is, or None."""
    return _after(PLAYLIST_PREFIX, pathname)


def topic_of_page(pathname: str) -> str | None:
    """The topic of music whose page this is, or None."""
    return _after(TOPIC_PREFIX, pathname)


def artist_of_page(pathname: str) -> str | None:
    return _after(ARTIST_PREFIX, pathname)


def album_of_page(pathname: str) -> str | None:
    return _after(ALBUM_PREFIX, pathname)


def genre_of_page(pathname: str) -> str | None:
    return _after(GENRE_PREFIX, pathname)


def _numbered(address: str, number: int) -> str:
    """The address of a page of a long list; the first one needs no number."""
    return address if number == 1 else f"{address}{'&' if '?' in address else '?'}page={number}"


def _after(prefix: str, pathname: str) -> str | None:
    if not pathname.startswith(prefix):
        return None
    return unquote(pathname.removeprefix(prefix)).rstrip("/") or None
