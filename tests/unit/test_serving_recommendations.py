"""What is offered, why, and how the API says it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from player_fakes import MemoryStore, track

from spotistream.serving.recommendations import (
    api_answer,
    cause_text,
    diverse,
    newer,
    offer_from_table,
    read_offer,
    reason_text,
)
from spotistream.serving.topics import TopicTile, TopicView
from spotistream.serving.views import Cause, Reason, Recommendations, Recommended

AT = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)
TRACKS = {each.track_id: each for each in (track(1), track(2), track(3, playable=False), track(4, title=None))}


def table(version: int, *entries: tuple[int, str, Reason], cause: Cause | None = None) -> Recommendations:
    offered = tuple(Recommended(rank, track_id, 1.0 / rank, reason) for rank, track_id, reason in entries)
    return Recommendations("maya", version, "m7", AT, cause, offered)


def test_tracks_that_cannot_be_played_or_are_gone_are_left_out_and_ranks_closed() -> None:
    because = Reason("because_played", "demo:1")
    given = table(3, (3, "demo:2", because), (1, "demo:3", because), (2, "demo:99", because))

    offer = offer_from_table(given, TRACKS, limit=5)

    assert [(item.rank, item.track.track_id) for item in offer.items] == [(1, "demo:2")]


def test_api_answers_the_best_five_with_reason_objects() -> None:
    store = MemoryStore(
        [track(1), track(2)],
        recommendations={
            "maya": {
                "version": 4,
                "model_version": "m7",
                "updated_at": AT,
                "caused_by": None,
                "recommendations": [
                    {
                        "rank": 1,
                        "track_id": "demo:2",
                        "score": 0.5,
                        "reason": {"code": "sounds_like", "track_id": "demo:1"},
                    }
                ],
            }
        },
    )

    answer = api_answer(read_offer(store, "maya", limit=5, max_per_artist=2))

    assert answer == {
        "user_id": "maya",
        "model_version": "m7",
        "updated_at": "2026-03-01T12:00:00.250Z",
        "recommendations": [
            {
                "rank": 1,
                "track_id": "demo:2",
                "title": "Song 2",
                "artist": "Artist 2",
                "score": 0.5,
                "reason": {"code": "sounds_like", "track_id": "demo:1", "music_topic_id": None},
            }
        ],
    }


def test_a_topic_is_named_as_the_reason() -> None:
    reason = {"code": "popular_in_topic", "track_id": None, "music_topic_id": "4"}
    given = {"version": 1, "recommendations": [{"rank": 1, "track_id": "demo:2", "score": 0.5, "reason": reason}]}
    tiles = [TopicView(TopicTile("4", "Fast bright techno", 9)), TopicView(TopicTile("5", "Jazz", 3))]
    store = MemoryStore([track(2)], recommendations={"maya": given}, topics=tiles)

    offer = read_offer(store, "maya", limit=5, max_per_artist=2)

    assert [item.why for item in offer.items] == ["popular in Fast bright techno"]
    assert api_answer(offer)["recommendations"][0]["reason"] == reason


def test_a_topic_that_is_gone_is_not_named() -> None:
    assert reason_text(Reason("popular_in_topic", None, "4"), TRACKS, None, {}) == "popular in music you like"


def test_unknown_listener_is_offered_popular_tracks_of_several_artists_first() -> None:
    same = {"artist": "One", "artist_id": "one"}
    store = MemoryStore(
        [track(1, **same), track(2, **same), track(3, **same), track(4)],
        popular=["demo:1", "demo:2", "demo:3", "demo:4"],
    )

    offer = read_offer(store, "nobody", limit=4, max_per_artist=2)

    assert not offer.known
    assert [item.track.track_id for item in offer.items] == ["demo:1", "demo:2", "demo:4", "demo:3"]
    assert {item.reason for item in offer.items} == {Reason("popular")}
    assert api_answer(offer)["updated_at"] is None


def test_tracks_without_an_artist_are_not_one_artist() -> None:
    nameless = [track(number, artist=None, artist_id=None) for number in (1, 2, 3)]

    assert diverse(nameless, max_per_artist=1) == nameless


def test_pushed_table_wins_only_when_its_version_is_higher() -> None:
    old, new = table(1), table(2)

    assert newer(old, new) is new
    assert newer(new, old) is new
    assert newer(None, old) is old
    assert newer(old, None) is old


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        (Reason("because_played", "demo:1"), "because you just played Song 1"),
        (Reason("because_played", "demo:2"), "because you played Song 2"),
        (Reason("because_liked", "demo:2"), "because you like Song 2"),
        (Reason("sounds_like", "demo:4"), "sounds like Untitled"),
        (Reason("popular"), "popular right now"),
        (Reason("because_played", "demo:99"), "from what you listen to"),
        (Reason("invented_later", "demo:2"), "because of Song 2"),
    ],
)
def test_reasons_are_said_in_words(reason: Reason, text: str) -> None:
    assert reason_text(reason, TRACKS, Cause("e1", "demo:1", "play", AT)) == text


@pytest.mark.parametrize(
    ("cause", "text"),
    [
        (Cause("e1", "demo:1", "play", AT), "you just played Song 1"),
        (Cause("e1", "demo:2", "skip", AT), "you skipped Song 2"),
        (Cause("e1", "demo:2", "like", AT), "you like Song 2"),
        (Cause("e1", None, "visit", AT), None),
        (Cause("e1", "demo:99", "play", AT), None),
        (None, None),
    ],
)
def test_cause_of_a_change_is_said_in_words(cause: Cause | None, text: str | None) -> None:
    assert cause_text(cause, TRACKS) == text
