"""Which page an address shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dashboard import links
from dashboard.components.messages import no_such_track, not_found, unavailable
from dashboard.pages.home import home
from dashboard.pages.track import track_page
from spotistream.config import Config
from spotistream.errors import ServiceUnavailable
from spotistream.events import TRACK_ID_PATTERN
from spotistream.serving.store import DocumentStore


def page(store: DocumentStore, config: Config, pathname: str | None, offer: Mapping[str, Any] | None = None) -> Any:
    """The page at ``pathname``; a friendly message where the store is away or there is no such page.

    ``offer`` is what the browser was offered last, if it was.
    """
    pathname = pathname or links.HOME
    try:
        if pathname == links.HOME:
            return home(store, config, offer)
        track_id = links.track_of_page(pathname)
        if track_id is None:
            return not_found()
        if not re.fullmatch(TRACK_ID_PATTERN, track_id, re.ASCII):
            return no_such_track()
        return track_page(store, track_id, analysed_s=config.audio.max_seconds)
    except ServiceUnavailable:
        return unavailable()
