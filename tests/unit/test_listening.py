"""History and likes of a listener follow from events, in whatever order and however often they come."""

from __future__ import annotations

import itertools
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from spotistream.events import PlayEvent
from spotistream.serving.listening import (
    MAX_HISTORY,
    Listen,
    Listening,
    listening_document,
    listening_of,
    with_events,
)

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
MS = round(START.timestamp() * 1000)


def event(number: int, action: str, track: int = 1, *, seconds: float = 0, **values: Any) -> PlayEvent:
    return PlayEvent(
        str(uuid.UUID(int=number)), "maya", action, START + timedelta(seconds=seconds), "player",
        track_id=f"t:{track}", **values,
    )  # fmt: skip


def after(*events: PlayEvent) -> Listening:
    return with_events(Listening(), enumerate(events))


def test_begin_and_end_of_a_listen_are_one_line_of_history() -> None:
    found = after(
        event(1, "play", session_id="s1"),
        event(2, "skip", seconds=9, session_id="s1", played_ms=8_500),
        event(3, "complete", 2, seconds=60, played_ms=50_000),
        event(4, "play", 3, seconds=70, session_id="s2"),
    )

    assert [(each.track_id, each.at - MS, each.ended, each.played_ms) for each in found.history] == [
        ("t:3", 70_000, None, None),
        ("t:2", 60_000, "complete", 50_000),
        ("t:1", 0, "skip", 8_500),
    ]


def test_the_newest_word_on_a_track_counts_whatever_comes_last() -> None:
    words = [event(1, "like"), event(2, "unlike", seconds=5), event(3, "like", 2), event(4, "dislike", 3, seconds=1)]
    for order in itertools.permutations(words):
        assert [each.track_id for each in after(*order).likes] == ["t:2"]


def test_likes_are_newest_first() -> None:
    assert [each.track_id for each in after(event(1, "like", 1), event(2, "like", 2, seconds=1)).likes] == [
        "t:2",
        "t:1",
    ]


def test_what_is_forgotten_goes_and_does_not_come_back() -> None:
    play = event(1, "play", session_id="s1")
    end = event(2, "complete", session_id="s1", seconds=9)
    found = after(play, end, event(3, "like"), event(4, "forget", target_event_id=play.event_id),
                  event(5, "forget", target_event_id=event(3, "like").event_id))  # fmt: skip

    assert (found.history, found.likes) == ((), ())
    assert with_events(found, [(9, play)]).history == ()


def test_the_same_messages_again_change_nothing() -> None:
    events = list(enumerate([event(1, "play", session_id="s1"), event(2, "like"), event(3, "visit")]))
    once = with_events(Listening(), events)

    assert with_events(once, events) == once
    assert once.version == 2
    assert with_events(with_events(Listening(), events[:1]), events) == once


def test_history_keeps_the_newest() -> None:
    found = after(*(event(number, "complete", number, seconds=number) for number in range(MAX_HISTORY + 5)))

    assert len(found.history) == MAX_HISTORY
    assert found.history[0].track_id == f"t:{MAX_HISTORY + 4}"
    assert found.history[-1].track_id == "t:5"


def test_a_document_is_what_it_was_made_of() -> None:
    found = after(event(1, "play", session_id="s1"), event(2, "like"), event(3, "forget", target_event_id="x" * 36))

    assert listening_of(json.loads(json.dumps(listening_document("maya", found)))) == found
    assert found.history == (Listen("s1 t:1", "t:1", MS, event_ids=(event(1, "play").event_id,)),)
    assert listening_of(None) == Listening()
