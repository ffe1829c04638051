from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

import pytest

from spotistream.simulation.listeners import make_listeners
from spotistream.simulation.live import LIVE_LISTEN_MS, live_events
from spotistream.simulation.shelves import SimTrack

START = datetime(2026, 1, 15, 12, tzinfo=UTC)
TRACKS = [SimTrack(f"file:{i:016x}", f"artist{i % 8}", f"g{i % 4}", 240.0) for i in range(40)]


def live(n, *, count=50, per_minute=60.0):
    listeners = make_listeners(TRACKS, count=count, seed=11)
    return list(islice(live_events(listeners, TRACKS, per_minute=per_minute, start=START, seed=11), n))


def test_events_fall_due_in_order_from_the_start_on():
    events = live(1000)
    assert events[0].event_time == START
    assert all(one.event_time <= other.event_time for one, other in pairwise(events))
    assert len({event.event_id for event in events}) == 1000
    assert events == live(1000)


@pytest.mark.parametrize("per_minute", [6.0, 30.0, 600.0])
def test_the_rate_is_the_chosen_one(per_minute):
    events = live(2000, count=500, per_minute=per_minute)
    minutes = (events[-1].event_time - START) / timedelta(minutes=1)
    assert 0.9 * per_minute < 2000 / minutes < 1.1 * per_minute


def test_a_listen_ends_within_the_live_time_and_reports_the_whole_track():
    playing = {}
    for event in live(2000):
        if event.action == "play":
            assert event.user_id not in {user for user, _ in playing.values()}
            playing[event.session_id] = (event.user_id, event.event_time)
        elif event.action in ("complete", "skip"):
            user, since = playing.pop(event.session_id)
            assert user == event.user_id
            assert event.event_time - since <= timedelta(milliseconds=LIVE_LISTEN_MS)
            assert event.action == "skip" or event.played_ms == 240_000


def test_few_listeners_are_not_driven_faster_than_they_listen():
    events = live(400, count=2, per_minute=10_000.0)
    minutes = (events[-1].event_time - START) / timedelta(minutes=1)
    assert 400 / minutes < 2 * 60
    assert Counter(event.user_id for event in events).keys() == {"sim-0001", "sim-0002"}


def test_a_rate_of_nothing_is_refused():
    with pytest.raises(ValueError, match="per_minute"):
        live(1, per_minute=0.0)
