"""Home: what is for you, what is popular, and the topics of music."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from dashboard import ids
from dashboard.components.attributes import aria
from dashboard.components.cards import for_you_section, shelf
from dashboard.components.messages import no_music
from dashboard.components.topics import topic_shelf
from spotistream.config import Config
from spotistream.serving.recommendations import diverse
from spotistream.serving.store import DocumentStore

POPULAR_CARDS = 12
TOPIC_TILES = 36
SIMULATION_NOTE = "Counted over all listeners, simulated ones included"


def home(store: DocumentStore, config: Config, offer: Mapping[str, Any] | None) -> html.Div | html.Section:
    """The section "for you" has a callback of its own: it changes while the page is open."""
    popular = store.popular(POPULAR_CARDS * 4)
    tracks = store.tracks(entry.track_id for entry in popular.tracks)
    found = [tracks[entry.track_id] for entry in popular.tracks if entry.track_id in tracks]
    varied = diverse(found, max_per_artist=config.recommend.max_per_artist)[:POPULAR_CARDS]
    if not varied:
        return no_music()
    note = SIMULATION_NOTE if config.simulation.enabled and popular.model_version else None
    heading = "Popular now" if popular.model_version else "From the catalogue"
    return html.Div(
        [
            html.H1("Your music", className="unseen"),
            html.Section(
                [
                    html.Div(
                        [html.H2("For you", id="shelf-for-you"), html.Span("live", className="live-mark")],
                        className="shelf-head",
                    ),
                    html.Div(for_you_section(offer), id=ids.FOR_YOU),
                ],
                className="shelf",
                **aria(labelledby="shelf-for-you"),
            ),
            shelf("popular", heading, varied, model_version=popular.model_version, note=note),
            topic_shelf("topics", "Topics", store.topics()[:TOPIC_TILES]),
            html.Div(id=ids.RECENT_SHELF),
        ]
    )
