"""A store and a publisher in memory, for what needs no service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from spotistream.config import Kafka
from spotistream.errors import ServiceUnavailable
from spotistream.events import PlayEvent
from spotistream.serving.artists import AlbumView, ArtistView, GenreView
from spotistream.serving.listening import Listening
from spotistream.serving.topics import TopicPlace, TopicTile, TopicView
from spotistream.serving.track_map import TrackMap
from spotistream.serving.views import (
    PopularTracks,
    Recommendations,
    Scored,
    SimilarTracks,
    TrackView,
    TrendingTracks,
    recommendations_view,
)

KAFKA = Kafka(
    bootstrap_servers="127.0.0.1:1",
    fetch_max_wait_ms=20,
    max_offsets_per_trigger=1,
    partitions=1,
    replication_factor=1,
    security_protocol="PLAINTEXT",
    sasl_mechanism="",
    sasl_username="",
    sasl_password="",
)


def track(number: int, **values: Any) -> TrackView:
    """Track ``demo:<number>``."""
    given = {"title": f"Song {number}", "artist": f"Artist {number}", "artist_id": f"a{number}", "playable": True}
    return TrackView(track_id=f"demo:{number}", **{**given, **values})


class MemoryStore:
    """What ``DocumentStore`` answers, from dictionaries. ``away`` makes every read fail."""

    def __init__(
        self,
        tracks: Iterable[TrackView] = (),
        *,
        popular: Iterable[str] = (),
        recommendations: Mapping[str, Mapping[str, Any]] | None = None,
        similar: Mapping[str, SimilarTracks] | None = None,
        topics: Iterable[TopicView] = (),
    ) -> None:
        self.known = {each.track_id: each for each in tracks}
        self.popular_ids = tuple(popular)
        self.tables = dict(recommendations or {})
        self.neighbours = dict(similar or {})
        self.known_topics = {each.tile.music_topic_id: each for each in topics}
        self.places: dict[str, TopicPlace] = {}
        self.popular_of_topics: dict[str, PopularTracks] = {}
        self.popular_of_genres: dict[str, PopularTracks] = {}
        self.rising = TrendingTracks()
        self.map = TrackMap()
        self.heard: dict[str, Listening] = {}
        self.away = False

    def ping(self) -> None:
        if self.away:
            raise ServiceUnavailable("the document store", "mongodb://127.0.0.1:1", setting="mongo.uri")

    def track(self, track_id: str) -> TrackView | None:
        self.ping()
        return self.known.get(track_id)

    def tracks(self, track_ids: Iterable[str]) -> Mapping[str, TrackView]:
        self.ping()
        return {track_id: self.known[track_id] for track_id in track_ids if track_id in self.known}

    def track_ids(self) -> Iterator[str]:
        self.ping()
        return iter(list(self.known))

    def track_names(self, track_ids: Iterable[str]) -> list[dict[str, Any]]:
        return [{"_id": each.track_id, **asdict(each)} for each in self.tracks(track_ids).values()]

    def genre_titles(self) -> Mapping[str, str]:
        self.ping()
        return {}

    def similar(self, track_id: str) -> SimilarTracks:
        self.ping()
        return self.neighbours.get(track_id, SimilarTracks())

    def map_edition(self) -> str | None:
        self.ping()
        return self.map.edition if len(self.map) else None

    def track_map(self) -> TrackMap:
        self.ping()
        return self.map

    def similar_of(self, track_ids: Iterable[str]) -> Mapping[str, SimilarTracks]:
        self.ping()
        return {each: self.neighbours[each] for each in track_ids if each in self.neighbours}

    def artist(self, artist_id: str) -> ArtistView | None:
        self.ping()
        return None

    def album(self, album_id: str) -> AlbumView | None:
        self.ping()
        return None

    def genre(self, genre_id: str) -> GenreView | None:
        self.ping()
        return None

    def popular_in_genre(self, genre_id: str, limit: int) -> PopularTracks:
        self.ping()
        found = self.popular_of_genres.get(genre_id, PopularTracks())
        return PopularTracks(found.tracks[:limit], found.model_version)

    def popular(self, limit: int) -> PopularTracks:
        self.ping()
        return PopularTracks(tuple(Scored(each, 1.0) for each in self.popular_ids[:limit]), "m1")

    def trending(self, limit: int) -> TrendingTracks:
        self.ping()
        return TrendingTracks(self.rising.tracks[:limit], self.rising.window_end)

    def topics(self) -> tuple[TopicTile, ...]:
        self.ping()
        return tuple(each.tile for each in self.known_topics.values() if each.parent is None)

    def topics_edition(self) -> str | None:
        self.ping()
        return str(hash(tuple(self.topics()))) if self.known_topics else None

    def topic_places(self, track_ids: Iterable[str]) -> Mapping[str, TopicPlace]:
        self.ping()
        return {each: self.places[each] for each in track_ids if each in self.places}

    def topic(self, music_topic_id: str) -> TopicView | None:
        self.ping()
        return self.known_topics.get(music_topic_id)

    def popular_in_topic(self, music_topic_id: str, limit: int) -> PopularTracks:
        self.ping()
        found = self.popular_of_topics.get(music_topic_id, PopularTracks())
        return PopularTracks(found.tracks[:limit], found.model_version)

    def recommendations(self, user_id: str) -> Recommendations | None:
        self.ping()
        document = self.tables.get(user_id)
        return None if document is None else recommendations_view(user_id, document)

    def listening(self, user_id: str) -> Listening:
        self.ping()
        return self.heard.get(user_id, Listening())

    def listeners(self, prefix: str, limit: int) -> tuple[str, ...]:
        self.ping()
        return tuple(sorted(each for each in self.tables if each.startswith(prefix)))[:limit]


class MemoryPublisher:
    def __init__(self) -> None:
        self.published: list[PlayEvent] = []
        self.away = False

    def publish(self, *events: PlayEvent) -> None:
        if self.away:
            raise ServiceUnavailable("the Kafka broker", "127.0.0.1:1", setting="kafka.bootstrap_servers")
        self.published.extend(events)
