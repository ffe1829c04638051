"""When two tables of a listener are the same."""

from __future__ import annotations

from typing import Any

from spotistream.models.table_difference import reason_of, same_table
from spotistream.models.tables_of_listeners import Recommendation

TABLE = [
    Recommendation(1, "t:1", 0.9, "because_played", "t:8"),
    Recommendation(2, "t:2", 0.5, "popular"),
    Recommendation(3, "t:3", 0.500001, "popular_in_topic", None, "4"),
    Recommendation(4, "t:4", 0.1, "popular"),
]


def stored(table: list[Recommendation] = TABLE) -> list[dict[str, Any]]:
    return [
        {"rank": item.rank, "track_id": item.track_id, "score": item.score, "reason": reason_of(item)} for item in table
    ]


def changed(at: int, **values: Any) -> list[dict[str, Any]]:
    rows = stored()
    rows[at] |= values
    return rows


def test_the_same_rows_are_the_same() -> None:
    assert same_table(stored(), TABLE)


def test_a_score_may_differ_in_the_sixth_decimal_and_no_more() -> None:
    assert same_table(changed(0, score=0.900001), TABLE)
    assert not same_table(changed(0, score=0.900002), TABLE)


def test_another_track_reason_or_length_is_another_table() -> None:
    assert not same_table(changed(0, track_id="t:7"), TABLE)
    assert not same_table(changed(0, reason={"code": "popular", "track_id": None, "music_topic_id": None}), TABLE)
    assert not same_table(changed(2, reason={**reason_of(TABLE[2]), "music_topic_id": "5"}), TABLE)
    assert not same_table(stored()[:3], TABLE)


def test_tracks_of_equal_score_may_stand_in_either_order() -> None:
    rows = stored()
    rows[1] |= {"track_id": "t:3", "reason": reason_of(TABLE[2])}
    rows[2] |= {"track_id": "t:2", "reason": reason_of(TABLE[1])}
    assert same_table(rows, TABLE)
    rows = stored()
    rows[0] |= {"track_id": "t:2", "reason": reason_of(TABLE[1])}
    rows[1] |= {"track_id": "t:1", "reason": reason_of(TABLE[0])}
    assert not same_table(rows, TABLE)


def test_of_tracks_that_tie_for_the_last_place_either_may_be_there() -> None:
    assert same_table(changed(3, track_id="t:9"), TABLE)
