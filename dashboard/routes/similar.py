"""``GET /similar/<track_id>``: the shelf "Because you just played …", at once, from the neighbours in the store.

It is JSON that Dash draws: ``{"track_id": …, "shelf": component or null}``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import zip_longest

from dash import html
from dash.development.base_component import Component
from fastapi import FastAPI
from starlette.responses import Response

from dashboard.components.cards import card_data, shelf_of_cards
from dashboard.components.plain import plain
from spotistream.config import Config
from spotistream.serving.recommendations import diverse
from spotistream.serving.store import DocumentStore
from spotistream.serving.views import SimilarTracks

SHELF = "just-played"
CARDS = 6
CACHE = "private, max-age=300"


def add_similar_route(server: FastAPI, store: DocumentStore, config: Config) -> None:
    @server.get("/similar/{track_id:path}", include_in_schema=False)
    def similar(track_id: str) -> Response:
        section = just_played(store, track_id, max_per_artist=config.recommend.max_per_artist)
        answer = json.dumps({"track_id": track_id, "shelf": plain(section)}, default=Component.to_plotly_json)
        return Response(answer, media_type="application/json", headers={"cache-control": CACHE})


def just_played(store: DocumentStore, track_id: str, *, max_per_artist: int) -> html.Section | None:
    """Neighbours by listeners and by sound in turns, each with its reason; nothing where there are none."""
    neighbours = store.similar(track_id)
    reasons = dict(reversed(list(in_turns(neighbours))))
    tracks = store.tracks([track_id, *reasons])
    played = tracks.get(track_id)
    if played is None:
        return None
    order = dict.fromkeys(near for near, _ in in_turns(neighbours))
    found = [tracks[near] for near in order if near in tracks and near != track_id]
    varied = diverse(found, max_per_artist=max_per_artist)[:CARDS]
    cards = [card_data(track, reasons[track.track_id].format(played.name)) for track in varied]
    heading = f"Because you just played {played.name}"
    return shelf_of_cards(SHELF, heading, cards, model_version=neighbours.model_version)


def in_turns(neighbours: SimilarTracks) -> Iterator[tuple[str, str]]:
    """Ids with the pattern of their reason: one of listeners, one of sound, and so on."""
    for by_listeners, by_sound in zip_longest(neighbours.by_listeners, neighbours.by_sound):
        if by_listeners is not None:
            yield by_listeners.track_id, "liked by listeners of {}"
        if by_sound is not None:
            yield by_sound.track_id, "sounds like {}"
