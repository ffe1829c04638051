"""Every page of the player with something on it, for tests that look at all of them."""

from __future__ import annotations

import time

from browser_player import DATABASE, Player
from pymongo import MongoClient

from spotistream.serving.listening import Listen, Listening, listening_document
from spotistream.serving.track_map import TrackMap, current_document, part_documents
from spotistream.tables import (
    CURRENT_TOPICS,
    LISTENING,
    MUSIC_TOPICS_COLLECTION,
    POPULAR_TRACKS,
    TOPIC_SHELF,
    TRACK_MAP_COLLECTION,
    TRACK_TOPICS_COLLECTION,
)

DAY_MS = 86_400_000
TRACKS = 14
WEEKS = 8
PAGES = (
    "/",
    "/track/demo:1",
    "/topic/1",
    "/artist/a1",
    "/genre/test",
    "/search?q=song",
    "/search?q=qqqq",
    "/map",
    "/library",
    "/taste",
    "/activity",
    "/welcome",
    "/nowhere",
)


def add_topics_and_map(player: Player) -> None:
    """Two topics of music, and a map with the tracks in a row from left to right, of two genres in turns; the first
    eight tracks are of one topic, the next five of the other.
    """
    covers = [f"demo:{number}" for number in range(1, 5)]
    tiles = [{"music_topic_id": f"{n}", "name": f"Topic {n}", "size": 7, "covers": covers} for n in (1, 2)]
    numbers = range(TRACKS)
    drawn = TrackMap(
        map_version="v1",
        track_ids=tuple(f"demo:{number + 1}" for number in numbers),
        x=tuple(-0.9 + 1.8 * number / (TRACKS - 1) for number in numbers),
        y=(0.0,) * TRACKS,
        genres=tuple(("Even", "Odd")[number % 2] for number in numbers),
        playable=(True,) * TRACKS,
        topics=("1",) * 8 + ("2",) * 5 + (None,),
    )
    popular = [{"track_id": each, "score": 1.0} for each in covers]
    documents = {
        MUSIC_TOPICS_COLLECTION: [
            {"_id": CURRENT_TOPICS, "topics": tiles},
            {
                "_id": "1",
                **tiles[0],
                "description": "Calm.",
                "typical": covers,
                "nearest": tiles[1:],
                "tempo": 90.0,
                "parts": [{"music_topic_id": "1.1", "name": "Slower", "size": 4}],
            },
        ],
        POPULAR_TRACKS: [{"_id": f"{TOPIC_SHELF}1", "model_version": "m1", "tracks": popular}],
        TRACK_TOPICS_COLLECTION: [{"_id": "demo:1", "music_topic_id": "1", "music_subtopic_id": "1.1"}],
        TRACK_MAP_COLLECTION: [*part_documents(drawn), current_document(drawn)],
    }
    with MongoClient(player.services.mongo) as client:
        for collection, found in documents.items():
            for document in found:
                client[DATABASE][collection.name].replace_one({"_id": document["_id"]}, document, upsert=True)


def add_history(player: Player, listener: str) -> None:
    """Eight weeks of seven plays, the first week of song 1 alone, the last of song 2 alone."""
    now = round(time.time() * 1000)
    listens = tuple(
        Listen(
            f"{week}-{day}", "demo:2" if day < week else "demo:1",
            at=now - ((WEEKS - 1 - week) * 7) * DAY_MS - day * 60_000, ended="complete", event_ids=(f"{week}-{day}",),
        )
        for week in range(WEEKS)
        for day in range(WEEKS - 1)
    )  # fmt: skip
    document = listening_document(listener, Listening(0, listens))
    with MongoClient(player.services.mongo) as client:
        client[DATABASE][LISTENING.name].replace_one({"_id": listener}, document, upsert=True)
