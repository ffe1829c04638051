from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest

from spotistream.events import parse_event
from spotistream.simulation.listeners import make_listeners
from spotistream.simulation.past import listens_by_listener, past_events
from spotistream.simulation.shelves import SimTrack

UNTIL = datetime(2026, 1, 15, 12, tzinfo=UTC)
PLAYS = 8_000
GENRES = ("ambient", "chiptune", "folk", "house", "jazz", "metal", "soul", "waltz")
TRACKS = [SimTrack(f"file:{i:016x}", f"artist{i % 32}", GENRES[i % 8], 25.0) for i in range(160)]


@pytest.fixture(scope="module")
def events():
    listeners = make_listeners(TRACKS, count=100, seed=11)
    return list(past_events(listeners, TRACKS, plays=PLAYS, days=90, until=UNTIL, seed=11))


def test_the_chosen_number_of_listens_each_with_its_end(events):
    actions = Counter(event.action for event in events)
    assert actions["play"] == actions["complete"] + actions["skip"] == PLAYS
    assert 0.08 < actions["skip"] / PLAYS < 0.4
    assert 0.01 < actions["like"] / PLAYS < 0.15


def test_events_are_in_time_order_and_never_after_until(events):
    assert all(one.event_time <= other.event_time for one, other in pairwise(events))
    assert events[-1].event_time <= UNTIL
    assert UNTIL - timedelta(days=91) < events[0].event_time
    assert UNTIL - events[-1].event_time < timedelta(hours=12)


def test_every_event_passes_the_check_on_arrival(events):
    import json

    for event in events[:500]:
        assert parse_event(json.loads(event.to_json()), now=UNTIL) == event


def test_a_session_id_ties_one_play_to_one_end(events):
    by_session = defaultdict(list)
    for event in events:
        by_session[event.session_id].append(event)
    assert len(by_session) == PLAYS
    for listen in by_session.values():
        assert listen[0].action == "play"
        assert [event.action in ("complete", "skip") for event in listen].count(True) == 1
        assert len({(event.user_id, event.track_id) for event in listen}) == 1
        end = next(event for event in listen if event.action in ("complete", "skip"))
        assert end.event_time - listen[0].event_time == timedelta(milliseconds=end.played_ms)
        assert end.played_ms == 25_000 if end.action == "complete" else 1_000 <= end.played_ms <= 12_500


def test_a_listener_hears_one_track_at_a_time(events):
    at_it = {}
    for event in events:
        if event.action == "play":
            assert at_it.get(event.user_id) is None
            at_it[event.user_id] = event.session_id
        elif event.action in ("complete", "skip"):
            assert at_it.pop(event.user_id) == event.session_id


def test_the_same_arguments_give_the_same_events_with_ids_of_their_own(events):
    listeners = make_listeners(TRACKS, count=100, seed=11)
    again = list(past_events(listeners, TRACKS[::-1], plays=PLAYS, days=90, until=UNTIL, seed=11))
    assert again == events
    assert len({event.event_id for event in events}) == len(events)
    assert {event.source for event in events} == {"simulation"}


def test_a_track_is_liked_once(events):
    likes = Counter((event.user_id, event.track_id) for event in events if event.action == "like")
    assert max(likes.values()) == 1


def test_plays_form_sessions(events):
    by_user = defaultdict(list)
    for event in events:
        if event.action == "play":
            by_user[event.user_id].append(event.event_time)
    gaps = [later - earlier for times in by_user.values() for earlier, later in pairwise(times)]
    in_session = sum(gap < timedelta(minutes=2) for gap in gaps)
    assert 0.7 < in_session / len(gaps) < 0.97


def test_popular_tracks_have_most_plays(events):
    counts = sorted(Counter(event.track_id for event in events if event.action == "play").values(), reverse=True)
    assert sum(counts[:32]) > 0.35 * PLAYS


def test_earlier_genres_predict_later_plays_better_than_popularity(events):
    """Mean log-likelihood of the genre of each later play, and tracks of the top 20 that were played later."""
    genre_of = {track.track_id: track.genre for track in TRACKS}
    plays = defaultdict(list)
    for event in events:
        if event.action == "complete":
            plays[event.user_id].append(event.track_id)
    halves = {user: (heard[: len(heard) // 2], heard[len(heard) // 2 :]) for user, heard in plays.items()}
    popular = Counter(track for earlier, _ in halves.values() for track in earlier)
    by_popularity = Counter(genre_of[track] for track in popular.elements())
    gain, hits_taste, hits_popular = [], 0, 0
    for earlier, later in halves.values():
        own = Counter(genre_of[track] for track in earlier)
        own_share = {g: (own[g] + 4 * by_popularity[g] / popular.total()) / (own.total() + 4) for g in GENRES}
        for track in later:
            genre = genre_of[track]
            gain.append(np.log(own_share[genre] / (by_popularity[genre] / popular.total())))
        ranked = sorted(popular, key=lambda track: (-own_share[genre_of[track]] * popular[track], track))
        hits_taste += len(set(ranked[:20]) & set(later))
        hits_popular += len({track for track, _ in popular.most_common(20)} & set(later))
    assert np.mean(gain) > 0.5
    assert hits_taste > 1.5 * hits_popular


@pytest.mark.parametrize("tracks", [TRACKS[:1], TRACKS[:2], [SimTrack("fma:2", "x", None, 240.0)] * 1])
def test_a_tiny_catalogue_is_enough(tracks):
    listeners = make_listeners(tracks, count=3, seed=1)
    events = list(past_events(listeners, tracks, plays=30, days=2, until=UNTIL, seed=1))
    assert sum(event.action == "play" for event in events) == 30
    assert events[-1].event_time <= UNTIL


def test_more_plays_than_fit_into_the_days_begin_earlier():
    tracks = [SimTrack("fma:2", "x", None, 240.0)]
    listeners = make_listeners(tracks, count=1, seed=1)
    events = list(past_events(listeners, tracks, plays=1_000, days=1, until=UNTIL, seed=1))
    assert events[-1].event_time <= UNTIL
    assert events[0].event_time < UNTIL - timedelta(days=1)


def test_every_listener_has_some_plays():
    listeners = make_listeners(TRACKS, count=500, seed=11)
    counts = listens_by_listener(listeners, plays=50_000, seed=11)
    assert counts.sum() == 50_000
    assert counts.min() >= 5
    assert listens_by_listener(listeners, plays=7, seed=11).sum() == 7
