"""What is offered follows the listener: read anew when the listener changes, when a push arrives, and on the timer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, no_update

from dashboard import ids
from dashboard.callbacks.listener import NAMESPACE
from dashboard.components.cards import for_you_section, offer_data, shelf, with_fresh
from dashboard.components.plain import plain
from spotistream.config import Config
from spotistream.errors import ServiceUnavailable
from spotistream.serving.live import RecommendationFeed
from spotistream.serving.recommendations import read_offer
from spotistream.serving.store import DocumentStore

OFFERED = 30
RECENT_CARDS = 6


def register(app: Dash, store: DocumentStore, feed: RecommendationFeed, config: Config) -> None:
    @app.callback(
        Output(ids.OFFER, "data"),
        Input(ids.LISTENER, "data"),
        Input(ids.LIVE, "data"),
        Input(ids.TICK, "n_intervals"),
        State(ids.SHOWN, "data"),
    )
    async def offer(user_id: str | None, _live: object, _tick: object, shown: Mapping[str, Any] | None) -> Any:
        return no_update if user_id is None else await asyncio.to_thread(offered, store, feed, config, user_id, shown)

    @app.callback(Output(ids.FOR_YOU, "children"), Input(ids.SHOWN, "data"))
    async def show(data: Mapping[str, Any] | None) -> Any:
        return plain(for_you_section(data))

    @app.callback(Output(ids.RECENT_SHELF, "children"), Input(ids.RECENT, "data"))
    async def show_recent(track_ids: Sequence[str] | None) -> Any:
        return plain(await asyncio.to_thread(recent, store, track_ids))

    app.clientside_callback(
        ClientsideFunction(NAMESPACE, "offerChanged"), Output(ids.SHOWN, "data"), Input(ids.OFFER, "data")
    )


def offered(
    store: DocumentStore,
    feed: RecommendationFeed,
    config: Config,
    user_id: str,
    shown: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The offer as data, with what is new against the one that is ``shown``.

    Where the store is away that one stays, if it is of the same listener, marked ``away``.
    """
    try:
        offer = read_offer(
            store,
            user_id,
            limit=OFFERED,
            max_per_artist=config.recommend.max_per_artist,
            pushed=feed.newest(user_id),
        )
    except ServiceUnavailable:
        same = shown is not None and shown.get("user_id") == user_id
        return {**(shown if same and shown is not None else {"user_id": user_id}), "away": True}
    return with_fresh(offer_data(offer), shown)


def recent(store: DocumentStore, track_ids: Sequence[str] | None) -> Any:
    """A shelf of the tracks this browser played last, newest first; nothing where there are none."""
    wanted = [track_id for track_id in track_ids or () if isinstance(track_id, str)][:RECENT_CARDS]
    try:
        tracks = store.tracks(wanted)
    except ServiceUnavailable:
        return None
    found = [tracks[track_id] for track_id in wanted if track_id in tracks]
    return shelf("recent", "Recently played here", found, model_version=None)
