"""What the store is told of topics, and how the player reads it."""

from __future__ import annotations

from typing import Any

from spotistream.pipelines.topic_documents import (
    covers,
    list_document,
    place_document,
    popular_documents,
    topic_documents,
)
from spotistream.serving.topics import GenreShare, TopicTile, TopicView, topic_tiles, topic_view


def row(topic_id: str, size: int, centroid: list[float], *, parent: str | None = None) -> dict[str, Any]:
    return {
        "music_topic_id": topic_id, "parent_id": parent, "name": f"Topic {topic_id}", "size": size,
        "description": "Techno (90%).", "centroid": centroid, "genres": [{"title": "Techno", "share": 0.9}],
        "tempo": 140.0, "brightness": None, "energy": 0.1, "topics_version": "topics-1",
    }  # fmt: skip


ROWS = [
    row("1", 5, [1, 0]), row("2", 9, [0, 1]), row("3", 4, [0.6, 0.8]),
    row("1.1", 2, [1, 0], parent="1"), row("1.2", 3, [0.8, 0.6], parent="1"),
]  # fmt: skip


def documents() -> dict[str, dict[str, Any]]:
    found = topic_documents(
        ROWS, popular={"topic:1": ["a", "b"]}, typical={"1": ["b", "c"]}, albums={"a": "x", "b": "x", "c": None}
    )
    return {each["_id"]: each for each in found}


def test_a_topic_reads_back_as_it_was_written() -> None:
    assert topic_view(documents()["1"]) == TopicView(
        TopicTile("1", "Topic 1", 5, ("a", "c", "b")),
        "Techno (90%).",
        parts=(TopicTile("1.2", "Topic 1.2", 3), TopicTile("1.1", "Topic 1.1", 2)),
        nearest=(TopicTile("3", "Topic 3", 4), TopicTile("2", "Topic 2", 9)),
        typical=("b", "c"),
        genres=(GenreShare("Techno", 0.9),),
        tempo=140.0,
        energy=0.1,
        topics_version="topics-1",
    )


def test_a_part_knows_its_topic_and_is_near_its_sisters_only() -> None:
    part = topic_view(documents()["1.1"])
    assert part.parent == TopicTile("1", "Topic 1", 5)
    assert part.nearest == (TopicTile("1.2", "Topic 1.2", 3),)


def test_the_list_holds_topics_without_parts_the_largest_first() -> None:
    found = list_document(documents().values(), version="topics-1")
    assert [tile.music_topic_id for tile in topic_tiles(found["topics"])] == ["2", "1", "3"]
    assert (found["_id"], found["topics_version"]) == ("current", "topics-1")


def test_a_track_names_its_topic_and_the_part_of_it() -> None:
    row = {"track_id": "a", "music_topic_id": "1", "music_subtopic_id": None, "distance": 0.1}
    assert place_document(row, version="v") == {
        "_id": "a", "topics_version": "v", "music_topic_id": "1", "music_subtopic_id": None,
    }  # fmt: skip


def test_covers_are_of_different_albums_while_there_are_such() -> None:
    albums = {"a": "x", "b": "x", "c": "y", "d": None, "e": None}
    assert covers(["a", "b", "c", "d", "e"], albums) == ["a", "c", "d", "e"]
    assert covers(["a", "b", "a"], albums) == ["a", "b"]


def test_a_shelf_is_in_order_of_its_places() -> None:
    rows = [
        {"shelf": "topic:1", "track_id": "b", "score": 0.5, "place": 2},
        {"shelf": "genre:jazz", "track_id": "c", "score": 1.0, "place": 1},
        {"shelf": "topic:1", "track_id": "a", "score": 1.0, "place": 1},
    ]
    assert popular_documents(rows, version="v") == [
        {"_id": "genre:jazz", "model_version": "v", "tracks": [{"track_id": "c", "score": 1.0}]},
        {
            "_id": "topic:1", "model_version": "v",
            "tracks": [{"track_id": "a", "score": 1.0}, {"track_id": "b", "score": 0.5}],
        },
    ]  # fmt: skip
