"""Which page an address shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from dashboard import links
from dashboard.components.messages import no_such_topic, no_such_track, not_found, unavailable
from dashboard.pages.activity import activity_page
from dashboard.pages.album import album_page
from dashboard.pages.artist import artist_page
from dashboard.pages.genre import genre_page
from dashboard.pages.home import home
from dashboard.pages.kept import kept_page
from dashboard.pages.map import map_page
from dashboard.pages.search import search_page
from dashboard.pages.taste import taste_page
from dashboard.pages.topic import topic_page
from dashboard.pages.track import track_page
from dashboard.pages.welcome import welcome_page
from spotistream.config import Config
from spotistream.errors import ServiceUnavailable
from spotistream.events import TRACK_ID_PATTERN
from spotistream.serving.catalogue_keeper import CatalogueKeeper
from spotistream.serving.store import DocumentStore

TOPIC_ID_PATTERN = r"\d{1,6}(\.\d{1,6})?"
"""A number, and with a dot and another one for a part."""


def page(
    store: DocumentStore,
    config: Config,
    pathname: str | None,
    offer: Mapping[str, Any] | None = None,
    *,
    query: str | None = None,
    catalogue: CatalogueKeeper | None = None,
) -> Any:
    """The page at ``pathname``; a friendly message where the store is away or there is no such page.

    offer : what the browser was offered last, if it was
    query : what follows ``?`` in the address, with it
    """
    pathname = pathname or links.HOME
    catalogue = catalogue or CatalogueKeeper(store)
    asked = dict(parse_qsl((query or "").removeprefix("?")))
    try:
        if pathname == links.HOME:
            return home(store, config, offer, catalogue.catalogue)
        if pathname == links.WELCOME:
            return welcome_page(store, config)
        if (kept := kept_page(pathname)) is not None:
            return kept
        if pathname == links.ACTIVITY:
            return activity_page()
        if pathname == links.TASTE:
            return taste_page()
        if pathname == links.MAP:
            return map_page(store)
        if pathname == links.SEARCH:
            return search_page(store, catalogue, asked.get("q", ""), asked.get("kind"))
        if (topic_id := links.topic_of_page(pathname)) is not None:
            known = re.fullmatch(TOPIC_ID_PATTERN, topic_id, re.ASCII)
            return topic_page(store, config, topic_id) if known else no_such_topic()
        if (artist_id := links.artist_of_page(pathname)) is not None:
            return artist_page(store, catalogue.catalogue, artist_id, asked.get("page"))
        if (album_id := links.album_of_page(pathname)) is not None:
            return album_page(store, catalogue.catalogue, album_id)
        if (genre_id := links.genre_of_page(pathname)) is not None:
            return genre_page(store, config, catalogue.catalogue, genre_id, asked.get("page"))
        track_id = links.track_of_page(pathname)
        if track_id is None:
            return not_found()
        if not re.fullmatch(TRACK_ID_PATTERN, track_id, re.ASCII):
            return no_such_track()
        return track_page(store, track_id, analysed_s=config.audio.max_seconds)
    except ServiceUnavailable:
        return unavailable()
