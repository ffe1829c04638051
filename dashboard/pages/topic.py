"""The page of one topic of music, or of a part of one: what it is like, what is played of it, and what is near."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dash import dcc, html

from dashboard import links
from dashboard.components.cards import shelf
from dashboard.components.facts import described
from dashboard.components.group_hero import play_button
from dashboard.components.messages import no_such_topic
from dashboard.components.radio import radio_button
from dashboard.components.topics import mosaic, topic_links, tracks_in_words
from dashboard.words import sound_features
from spotistream.config import Config
from spotistream.serving.recommendations import diverse
from spotistream.serving.store import DocumentStore
from spotistream.serving.topics import TopicView
from spotistream.serving.views import TrackView

POPULAR_CARDS, TYPICAL_CARDS = 12, 6
POPULAR_READ = 48
FEATURED_SHELF = "topic-popular"


def topic_page(store: DocumentStore, config: Config, music_topic_id: str) -> html.Div | html.Section:
    """What is popular in it, its parts, the tracks nearest to its centre, and topics that sound like it."""
    topic = store.topic(music_topic_id)
    if topic is None:
        return no_such_topic()
    popular = store.popular_in_topic(music_topic_id, POPULAR_READ)
    tracks = store.tracks([*(entry.track_id for entry in popular.tracks), *topic.typical])
    played = any(entry.score > 0 for entry in popular.tracks)
    most = config.recommend.max_per_artist
    first = _shown((entry.track_id for entry in popular.tracks), tracks, most=most)[:POPULAR_CARDS]
    typical = _shown(topic.typical, tracks, most=most)[:TYPICAL_CARDS]
    note = "Counted over all listeners, simulated ones included" if config.simulation.enabled and played else None
    version = popular.model_version
    heading = "Popular here" if played else "From this topic"
    return html.Div(
        [
            _hero(topic, playable=bool(first)),
            topic_links("What is in it", topic.parts),
            shelf(FEATURED_SHELF, heading, first, model_version=version, note=note),
            shelf("topic-typical", "Typical of it", typical, model_version=version) if played else None,
            topic_links("Sounds near it", topic.nearest),
        ],
        className="topic-page",
    )


def _shown(track_ids: Iterable[str], tracks: Mapping[str, TrackView], *, most: int) -> list[TrackView]:
    return diverse([tracks[each] for each in track_ids if each in tracks], max_per_artist=most)


def _hero(topic: TopicView, *, playable: bool) -> html.Section:
    tile = topic.tile
    above = topic.parent
    eyebrow = (
        dcc.Link(f"Part of {above.name}", href=links.topic_page(above.music_topic_id)) if above else "Topic of music"
    )
    actions = [play_button(FEATURED_SHELF), radio_button("topic", tile.name, seed_id=tile.music_topic_id)]
    words = html.Div(
        [
            html.P(eyebrow, className="eyebrow"),
            html.H1(tile.name),
            html.P(f"{tracks_in_words(tile.size)}. {topic.description}", className="by-line"),
            html.Div(actions, className="actions") if playable else None,
            described(sound_features(topic.tempo, topic.brightness, topic.energy)),
        ],
        className="hero-words",
    )
    return html.Section([mosaic(tile.covers), words], className="hero topic-hero")
