"""Home: what is for you, what is popular, and the topics of music."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from dash import html

from dashboard import ids
from dashboard.components.attributes import aria
from dashboard.components.cards import for_you_section, shelf
from dashboard.components.messages import no_music
from dashboard.components.radio import radio_button
from dashboard.components.topics import topic_shelf
from spotistream.config import Config
from spotistream.serving.catalogue import Catalogue
from spotistream.serving.recommendations import diverse
from spotistream.serving.store import DocumentStore
from spotistream.serving.views import TrendingTracks

POPULAR_CARDS = 12
RISING = "More listeners than the day before"
RISING_SIMULATED = f"{RISING}, simulated ones included"
NEW_CARDS = TRENDING_CARDS = 6
TRENDING_FOR = timedelta(hours=24)
"""How long after its window what was trending then is still news."""
TOPIC_TILES = 36
SIMULATION_NOTE = "Counted over all listeners, simulated ones included"


def home(
    store: DocumentStore, config: Config, offer: Mapping[str, Any] | None, catalogue: Catalogue | None = None
) -> html.Div | html.Section:
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
                        [
                            html.H2("For you", id="shelf-for-you"),
                            html.Span("live", className="live-mark"),
                            radio_button("for-you", "For you"),
                        ],
                        className="shelf-head",
                    ),
                    html.Div(for_you_section(offer), id=ids.FOR_YOU),
                ],
                className="shelf",
                **aria(labelledby="shelf-for-you"),
            ),
            html.Div(id=ids.JUST_PLAYED),
            trending_shelf(store, config, store.trending(TRENDING_CARDS * 4), now=datetime.now(UTC)),
            shelf("popular", heading, varied, model_version=popular.model_version, note=note),
            topic_shelf("topics", "Topics", store.topics()[:TOPIC_TILES]),
            html.Div(id=ids.RECENT_SHELF),
            new_shelf(store, config, catalogue),
        ]
    )


def new_shelf(store: DocumentStore, config: Config, catalogue: Catalogue | None) -> html.Section | None:
    """What came into the catalogue last; nothing where it is not known when tracks came."""
    newest = catalogue.newest(NEW_CARDS * 8) if catalogue is not None else []
    tracks = store.tracks(newest)
    found = [tracks[each] for each in newest if each in tracks]
    varied = diverse(found, max_per_artist=config.recommend.max_per_artist)[:NEW_CARDS]
    return shelf("new", "New in the catalogue", varied, model_version=None)


def trending_shelf(
    store: DocumentStore, config: Config, trending: TrendingTracks, *, now: datetime
) -> html.Section | None:
    """What more listeners play than before; nothing where nothing rises, or it did too long ago."""
    if trending.window_end is None or now - trending.window_end > TRENDING_FOR:
        return None
    tracks = store.tracks(entry.track_id for entry in trending.tracks)
    found = [tracks[entry.track_id] for entry in trending.tracks if entry.track_id in tracks]
    varied = diverse(found, max_per_artist=config.recommend.max_per_artist)[:TRENDING_CARDS]
    note = RISING_SIMULATED if config.simulation.enabled else RISING
    return shelf("trending", "Trending", varied, model_version=None, note=note)
