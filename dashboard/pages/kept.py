"""The pages of what a listener keeps, by their address."""

from __future__ import annotations

import re
from typing import Any

from dashboard import links
from dashboard.pages.library import PARTS, library_page
from dashboard.pages.playlist import no_such_playlist, playlist_page
from spotistream.events import UUID_PATTERN


def kept_page(pathname: str) -> Any:
    """The page at ``pathname``, None where it is another kind of page."""
    if pathname in PARTS:
        return library_page(PARTS[pathname])
    playlist_id = links.playlist_of_page(pathname)
    if playlist_id is None:
        return None
    return playlist_page(playlist_id) if re.fullmatch(UUID_PATTERN, playlist_id, re.ASCII) else no_such_playlist()
