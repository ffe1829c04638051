"""The map of the catalogue in documents."""

from __future__ import annotations

from dataclasses import replace

import pytest

from spotistream.serving.track_map import POINTS_A_PART, TrackMap, current_document, part_documents, track_map_of


def map_of(count: int) -> TrackMap:
    return TrackMap(
        map_version="map-1",
        track_ids=tuple(f"t:{number}" for number in range(count)),
        x=tuple(number / count for number in range(count)),
        y=(0.5,) * count,
        genres=("Folk", None) * (count // 2) + ("Jazz",) * (count % 2),
        playable=(True,) * count,
        topics=("1", None) * (count // 2) + ("2",) * (count % 2),
    )


@pytest.mark.parametrize(
    ("count", "parts"), [(0, 0), (1, 1), (POINTS_A_PART, 1), (POINTS_A_PART + 1, 2), (2 * POINTS_A_PART + 1, 3)]
)
def test_a_map_of_any_size_comes_back_as_it_was(count: int, parts: int) -> None:
    written = map_of(count)
    documents = list(part_documents(written))
    assert len(documents) == current_document(written)["parts"] == parts
    assert current_document(written)["points"] == count
    assert track_map_of(current_document(written), reversed(documents)) == written


def test_documents_say_what_they_are_part_of() -> None:
    written = map_of(3)
    (document,) = part_documents(written)
    assert document == {
        "_id": f"{written.edition}/0",
        "edition": written.edition,
        "map_version": "map-1",
        "parts": 1,
        "track_ids": ["t:0", "t:1", "t:2"],
        "x": [0.0, 1 / 3, 2 / 3],
        "y": [0.5, 0.5, 0.5],
        "genres": ["Folk", None, "Jazz"],
        "playable": [True, True, True],
        "topics": ["1", None, "2"],
    }


def test_a_map_of_before_topics_were_on_it_is_read() -> None:
    written = map_of(3)
    (document,) = part_documents(written)
    del document["topics"]
    assert track_map_of(current_document(written), [document]) == replace(written, topics=())


def test_a_map_with_a_part_missing_or_of_another_edition_is_none() -> None:
    written = map_of(POINTS_A_PART + 1)
    first, second = part_documents(written)
    other = next(part_documents(replace(written, y=(0.1, *written.y[1:]))))
    assert track_map_of(current_document(written), [first]) is None
    assert track_map_of(current_document(written), [other, second]) is None


def test_the_same_content_has_the_same_edition() -> None:
    assert map_of(2).edition == map_of(2).edition
    assert map_of(2).edition != map_of(3).edition
    assert map_of(2).edition != replace(map_of(2), map_version="map-2").edition
