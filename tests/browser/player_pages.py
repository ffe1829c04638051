"""Every page of the player with something on it, for tests that look at all of them."""

from __future__ import annotations

from browser_player import DATABASE, Player
from pymongo import MongoClient

from spotistream.serving.track_map import TrackMap, current_document, part_documents
from spotistream.tables import (
    CURRENT_TOPICS,
    MUSIC_TOPICS_COLLECTION,
    POPULAR_TRACKS,
    TOPIC_SHELF,
    TRACK_MAP_COLLECTION,
)

TRACKS = 14
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
    """Two topics of music, and a map with the tracks in a row from left to right, of two genres in turns."""
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
    )
    popular = [{"track_id": each, "score": 1.0} for each in covers]
    documents = {
        MUSIC_TOPICS_COLLECTION: [
            {"_id": CURRENT_TOPICS, "topics": tiles},
            {"_id": "1", **tiles[0], "description": "Calm.", "typical": covers, "nearest": tiles[1:], "tempo": 90.0},
        ],
        POPULAR_TRACKS: [{"_id": f"{TOPIC_SHELF}1", "model_version": "m1", "tracks": popular}],
        TRACK_MAP_COLLECTION: [*part_documents(drawn), current_document(drawn)],
    }
    with MongoClient(player.services.mongo) as client:
        for collection, found in documents.items():
            for document in found:
                client[DATABASE][collection.name].replace_one({"_id": document["_id"]}, document, upsert=True)
