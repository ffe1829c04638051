"""What is remembered of a listener, and what it says about their taste."""

from __future__ import annotations

import itertools

import pytest

from spotistream.models.listener import ListenerEvent, ListenerState, merged, pack, unpack
from spotistream.models.taste import MS_PER_DAY, taste

PLAY = ListenerEvent(1_000, "e1", "t:1", "play", None, "s1")
END = ListenerEvent(2_000, "e2", "t:1", "complete", 1_000, "s1")
SKIP = ListenerEvent(3_000, "e3", "t:2", "skip", 500, "s2")
LIKE = ListenerEvent(4_000, "e4", "t:3", "like")
UNLIKE = ListenerEvent(5_000, "e5", "t:3", "unlike")
DISLIKE = ListenerEvent(6_000, "e6", "t:4", "dislike")
FORGET = ListenerEvent(7_000, "e7", "t:1", "forget", None, None, "e2")
EVENTS = (PLAY, END, SKIP, LIKE, UNLIKE, DISLIKE, FORGET)


def after(*events: ListenerEvent, state: ListenerState | None = None, max_events: int = 200) -> ListenerState:
    return merged(state or ListenerState(), events, max_events=max_events, max_opinions=1000)


def weights(*events: ListenerEvent, duration_ms: float | None = None, half_life_days: float = 1.0) -> dict[str, float]:
    lookup = lambda _track_id: duration_ms  # noqa: E731
    return taste(after(*events), duration_ms=lookup, half_life_days=half_life_days, recency=0.5).weights


def test_order_split_and_repetition_of_events_do_not_matter() -> None:
    expected = after(*EVENTS)
    for order in itertools.permutations(EVENTS, len(EVENTS)):
        assert after(*order) == expected
    state = ListenerState()
    for event in (*EVENTS, *reversed(EVENTS)):
        state = after(event, state=state)
    assert state == expected


def test_of_two_events_with_one_id_the_first_to_arrive_counts() -> None:
    other = SKIP._replace(event_id=PLAY.event_id)
    assert after(PLAY, other) == after(PLAY)
    assert after(other, state=after(PLAY)) == after(PLAY)


def test_only_the_newest_events_are_kept() -> None:
    assert after(PLAY, END, SKIP, max_events=2).listens == (END, SKIP)


def test_packing_loses_nothing() -> None:
    state = after(*EVENTS)
    assert unpack(pack(state)) == state


def test_a_play_and_its_end_are_one_listen() -> None:
    assert weights(PLAY, END) == {"t:1": pytest.approx(1.0)}


def test_a_play_that_still_goes_on_counts_at_once() -> None:
    assert weights(PLAY) == {"t:1": 1.0}


def test_a_forgotten_end_takes_its_play_with_it() -> None:
    assert weights(PLAY, END, FORGET) == {}


def test_a_skip_counts_against_the_track_unless_half_of_it_was_heard() -> None:
    assert weights(SKIP, duration_ms=2_000) == {"t:2": -0.5}
    assert weights(SKIP, duration_ms=1_000) == {"t:2": 0.5}
    assert weights(SKIP) == {"t:2": -0.5}


def test_an_unlike_takes_a_like_back() -> None:
    assert weights(LIKE) == {"t:3": 2.0}
    assert weights(LIKE, UNLIKE) == {}


def test_a_disliked_track_is_known_as_such() -> None:
    result = taste(after(DISLIKE), duration_ms=lambda _: None, half_life_days=1, recency=1)
    assert (result.disliked, result.weights) == (frozenset({"t:4"}), {"t:4": -1.0})


def test_weights_fade_with_days_and_with_newer_listens() -> None:
    old = ListenerEvent(0, "a", "t:1", "complete")
    new = ListenerEvent(MS_PER_DAY, "b", "t:2", "complete")
    assert weights(old, new) == {"t:2": 1.0, "t:1": pytest.approx(0.5 * 0.5)}


def test_heard_tracks_come_newest_first_and_once() -> None:
    again = ListenerEvent(9_000, "e9", "t:1", "play", None, "s9")
    result = taste(after(PLAY, END, SKIP, again), duration_ms=lambda _: None, half_life_days=1, recency=1)
    assert result.heard == ("t:1", "t:2")
