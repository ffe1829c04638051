"""Reads of the document store. Everything is read by ``_id``; lists of tracks come by one find."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pymongo import MongoClient
from pymongo.collection import Collection as MongoCollection
from pymongo.errors import ConfigurationError, ConnectionFailure, OperationFailure

from spotistream.config import Mongo
from spotistream.errors import ConfigError, ServiceUnavailable
from spotistream.layouts import Collection
from spotistream.serving.artists import AlbumView, ArtistView, GenreView, album_view, artist_view, genre_view
from spotistream.serving.catalogue import TRACK_FIELDS
from spotistream.serving.topics import TopicPlace, TopicTile, TopicView, topic_tiles, topic_view
from spotistream.serving.track_map import CURRENT, TrackMap, part_ids, track_map_of
from spotistream.serving.views import (
    PopularTracks,
    Recommendations,
    Scored,
    SimilarTracks,
    TrackView,
    TrendingTracks,
    recommendations_view,
    scored,
    similar_tracks,
    track_view,
)
from spotistream.tables import (
    ALBUMS_COLLECTION,
    ARTISTS_COLLECTION,
    CURRENT_TOPICS,
    GENRE_PREDICTIONS_COLLECTION,
    GENRE_SHELF,
    GENRES_COLLECTION,
    MUSIC_TOPICS_COLLECTION,
    POPULAR_OVERALL,
    POPULAR_TRACKS,
    RECOMMENDATIONS_COLLECTION,
    SIMILAR_TRACKS,
    TOPIC_SHELF,
    TRACK_MAP_COLLECTION,
    TRACK_TOPICS_COLLECTION,
    TRACKS_COLLECTION,
    TRENDING_SHELF,
)

Document = dict[str, Any]
LAST_CHARACTER = "\U0010ffff"
MAP_ATTEMPTS = 3
"""The map is read again where it was replaced while it was read."""
LISTED_TRACKS = 20_000
NAMES = dict.fromkeys(TRACK_FIELDS, 1)
REFUSED_CODES = (13, 18)
"""MongoDB's codes for missing rights and failed authentication."""


class DocumentStore:
    """The store as the player sees it.

    Every read raises ``ServiceUnavailable`` when the store does not answer within ``timeout_ms`` and ``ConfigError``
    when it refuses the credentials. Nothing is connected before the first read.
    """

    def __init__(self, *, uri: str, database: str, timeout_ms: int) -> None:
        self._address = Mongo(uri=uri, database=database, timeout_ms=timeout_ms).address
        try:
            self._client: MongoClient[Document] = MongoClient(
                uri,
                connect=False,
                tz_aware=True,
                appname="spotistream-player",
                serverSelectionTimeoutMS=timeout_ms,
                connectTimeoutMS=timeout_ms,
                socketTimeoutMS=timeout_ms,
            )
        except (ConfigurationError, ValueError) as exc:
            raise ConfigError("mongo.uri", f"cannot be used: {exc}", source="the configuration") from exc
        self._database = self._client[database]

    def close(self) -> None:
        self._client.close()

    def ping(self) -> None:
        with self._answering():
            self._database.command("ping")

    def track(self, track_id: str) -> TrackView | None:
        return self.tracks([track_id]).get(track_id)

    def tracks(self, track_ids: Iterable[str]) -> Mapping[str, TrackView]:
        """The tracks that exist of those asked for, by id; one find, and one where genres are missing."""
        wanted = sorted(set(track_ids))
        if not wanted:
            return {}
        with self._answering():
            found = list(self._collection(TRACKS_COLLECTION).find({"_id": {"$in": wanted}}))
            guessed = self._predicted_genres([each["_id"] for each in found if not each.get("genre")])
        return {each["_id"]: track_view({**each, "predicted_genre": guessed.get(each["_id"])}) for each in found}

    def _predicted_genres(self, track_ids: list[str]) -> Mapping[str, str]:
        if not track_ids:
            return {}
        found = self._collection(GENRE_PREDICTIONS_COLLECTION).find({"_id": {"$in": track_ids}}, {"genre": 1})
        return {document["_id"]: document["genre"] for document in found}

    def similar(self, track_id: str) -> SimilarTracks:
        """Nearest tracks; empty where the model has none."""
        document = self._one(SIMILAR_TRACKS, track_id)
        return SimilarTracks() if document is None else similar_tracks(document)

    def similar_of(self, track_ids: Iterable[str]) -> Mapping[str, SimilarTracks]:
        """The nearest tracks of each of some tracks for which the model has some, by id; one find."""
        with self._answering():
            found = self._collection(SIMILAR_TRACKS).find({"_id": {"$in": sorted(set(track_ids))}})
            return {document["_id"]: similar_tracks(document) for document in found}

    def popular(self, limit: int) -> PopularTracks:
        """The most played tracks; before the first training playable tracks in title order, all with score 0.

        Of more than ``LISTED_TRACKS`` they are any: the embedded store holds in memory all that it sorts.
        """
        document = self._one(POPULAR_TRACKS, POPULAR_OVERALL)
        if document is not None and document.get("tracks"):
            return PopularTracks(scored(document["tracks"][:limit]), document.get("model_version"))
        with self._answering():
            tracks = self._collection(TRACKS_COLLECTION)
            playable = tracks.find({"playable": True}, {"_id": 1, "title": 1}).limit(limit)
            if tracks.estimated_document_count() <= LISTED_TRACKS:
                playable = playable.sort([("title", 1), ("_id", 1)])
            first = list(playable)
        return PopularTracks(tuple(Scored(document["_id"], 0.0) for document in first))

    def trending(self, limit: int) -> TrendingTracks:
        """The tracks that rise most, of all music; none before a window of plays was complete."""
        document = self._one(POPULAR_TRACKS, f"{TRENDING_SHELF}{POPULAR_OVERALL}")
        if document is None:
            return TrendingTracks()
        return TrendingTracks(scored(document["tracks"][:limit]), document["window_end"])

    def topics(self) -> tuple[TopicTile, ...]:
        """The topics of music, the largest first; none before they were found."""
        document = self._one(MUSIC_TOPICS_COLLECTION, CURRENT_TOPICS)
        return () if document is None else topic_tiles(document.get("topics"))

    def topic(self, music_topic_id: str) -> TopicView | None:
        """A topic or a part of one; None where there is none of that id."""
        document = None if music_topic_id == CURRENT_TOPICS else self._one(MUSIC_TOPICS_COLLECTION, music_topic_id)
        return None if document is None else topic_view(document)

    def topics_edition(self) -> str | None:
        """Names the topics as they are, with their names and tracks; None before they were found."""
        document = self._one(MUSIC_TOPICS_COLLECTION, CURRENT_TOPICS)
        if document is None:
            return None
        tiles = [(each.music_topic_id, each.name, each.size) for each in topic_tiles(document.get("topics"))]
        return hashlib.sha256(json.dumps([document.get("topics_version"), tiles]).encode()).hexdigest()[:12]

    def topic_places(self, track_ids: Iterable[str]) -> Mapping[str, TopicPlace]:
        """The topics of those tracks that have one, by id; one find."""
        with self._answering():
            found = self._collection(TRACK_TOPICS_COLLECTION).find({"_id": {"$in": sorted(set(track_ids))}})
            return {each["_id"]: TopicPlace(each["music_topic_id"], each.get("music_subtopic_id")) for each in found}

    def popular_in_topic(self, music_topic_id: str, limit: int) -> PopularTracks:
        """Its most played tracks; where nobody played, those nearest to its centre, with score 0."""
        return self._shelf(f"{TOPIC_SHELF}{music_topic_id}", limit)

    def popular_in_genre(self, genre_id: str, limit: int) -> PopularTracks:
        """Its most played tracks; none where nobody played any."""
        return self._shelf(f"{GENRE_SHELF}{genre_id}", limit)

    def artist(self, artist_id: str) -> ArtistView | None:
        document = self._one(ARTISTS_COLLECTION, artist_id)
        return None if document is None else artist_view(document)

    def album(self, album_id: str) -> AlbumView | None:
        document = self._one(ALBUMS_COLLECTION, album_id)
        return None if document is None else album_view(document)

    def genre(self, genre_id: str) -> GenreView | None:
        document = self._one(GENRES_COLLECTION, genre_id)
        return None if document is None else genre_view(document)

    def recommendations(self, user_id: str) -> Recommendations | None:
        """The listener's table, or None for a listener the service has never heard of."""
        document = self._one(RECOMMENDATIONS_COLLECTION, user_id)
        return None if document is None else recommendations_view(user_id, document)

    def listeners(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Ids that start with ``prefix`` of listeners who have a table, in order. A range, so any text is safe."""
        within = {"_id": {"$gte": prefix, "$lt": prefix + LAST_CHARACTER}}
        with self._answering():
            found = self._collection(RECOMMENDATIONS_COLLECTION).find(within, {"_id": 1}).sort("_id", 1).limit(limit)
            return tuple(document["_id"] for document in found)

    def track_ids(self) -> Iterator[str]:
        """Every track, some twice; of a catalogue beyond ``LISTED_TRACKS`` those on the map.

        The embedded store answers no other request of a collection while it goes through all of it.
        """
        current = self._one(TRACK_MAP_COLLECTION, CURRENT)
        for part in part_ids(current) if current is not None else ():
            yield from (self._one(TRACK_MAP_COLLECTION, part) or {}).get("track_ids", ())
        tracks = self._collection(TRACKS_COLLECTION)
        with self._answering():
            if current is None or tracks.estimated_document_count() <= LISTED_TRACKS:
                yield from [document["_id"] for document in tracks.find({}, {"_id": 1})]

    def track_names(self, track_ids: Iterable[str]) -> list[Document]:
        """What a catalogue in memory is made of, of the tracks that exist of those asked for; one find."""
        with self._answering():
            found = self._collection(TRACKS_COLLECTION).find({"_id": {"$in": list(track_ids)}}, NAMES)
            return list(found)

    def genre_titles(self) -> Mapping[str, str]:
        """The title of each genre, by its id."""
        with self._answering():
            return {each["_id"]: each["title"] for each in self._collection(GENRES_COLLECTION).find({}, {"title": 1})}

    def map_edition(self) -> str | None:
        """Names exactly the content of the map there is; None before there is one."""
        current = self._one(TRACK_MAP_COLLECTION, CURRENT)
        return None if current is None else str(current["edition"])

    def track_map(self) -> TrackMap:
        """Every point of one edition of the map; empty before there is one."""
        for _ in range(MAP_ATTEMPTS):
            current = self._one(TRACK_MAP_COLLECTION, CURRENT)
            if current is None:
                break
            with self._answering():
                parts = list(self._collection(TRACK_MAP_COLLECTION).find({"_id": {"$in": part_ids(current)}}))
            found = track_map_of(current, parts)
            if found is not None:
                return found
        return TrackMap()

    def _shelf(self, key: str, limit: int) -> PopularTracks:
        document = self._one(POPULAR_TRACKS, key)
        if document is None:
            return PopularTracks()
        return PopularTracks(scored((document.get("tracks") or ())[:limit]), document.get("model_version"))

    def _one(self, collection: Collection, key: str) -> Document | None:
        """By ``$in``, for which the embedded store has an index: for ``$eq`` it reads the whole collection."""
        with self._answering():
            return self._collection(collection).find_one({"_id": {"$in": [key]}})

    def _collection(self, collection: Collection) -> MongoCollection[Document]:
        return self._database[collection.name]

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except ConnectionFailure as exc:
            raise ServiceUnavailable("the document store", self._address, setting="mongo.uri") from exc
        except OperationFailure as exc:
            if exc.code in REFUSED_CODES:
                problem = f"{self._address} refuses the user name and password"
                raise ConfigError("mongo.uri", problem, source="the configuration") from exc
            raise
