import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from kafka_fakes import Messages

from spotistream.config import load_config
from spotistream.errors import InputError, ServiceUnavailable
from spotistream.events import PlayEvent
from spotistream.pipelines import simulate, simulate_past
from spotistream.pipelines.simulate import play_when_due, run_live
from spotistream.pipelines.simulate_past import STATE_FILE, next_state, read_state

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
DOCUMENTS = [
    {"_id": f"file:{i:016x}", "artist_id": f"a{i % 5}", "genre": None, "duration_s": 25.0, "playable": i != 3}
    for i in range(20)
]


@pytest.fixture
def cfg(tmp_path):
    loaded = load_config(home=tmp_path, environ={})
    return replace(loaded, simulation=replace(loaded.simulation, listeners=5, plays=100, days=3))


def past(monkeypatch, cfg, *, documents=DOCUMENTS, now=NOW, fail_at=None):
    messages = Messages(fail_at)
    monkeypatch.setattr(simulate_past, "BulkPublisher", messages)
    monkeypatch.setattr(simulate, "read_tracks", lambda mongo, *, fields: list(documents))
    try:
        return messages.sent, simulate_past.simulate_past(cfg, progress=False, now=now)
    except ServiceUnavailable:
        return messages.sent, None


def test_the_past_is_sent_once(monkeypatch, cfg):
    sent, line = past(monkeypatch, cfg)
    assert sum(value["action"] == "play" for _, _, value in sent) == 100
    assert {topic for topic, _, _ in sent} == {"plays"}
    assert all(key == value["user_id"] for _, key, value in sent)
    assert "file:0000000000000003" not in {value["track_id"] for _, _, value in sent}
    assert line == f"{len(sent)} events sent, 100 past plays of 5 simulated listeners"
    assert past(monkeypatch, cfg) == ([], "100 past plays of 5 simulated listeners were there")


def test_a_past_that_was_cut_short_is_sent_again_with_the_same_ids(monkeypatch, cfg):
    cut, line = past(monkeypatch, cfg, fail_at=50)
    assert line is None
    again, _ = past(monkeypatch, cfg, now=NOW + timedelta(hours=5))
    assert again[:50] == cut
    assert len(again) > 200


def test_another_catalogue_has_another_past(monkeypatch, cfg):
    past(monkeypatch, cfg)
    others = [{**document, "_id": f"file:other{i}"} for i, document in enumerate(DOCUMENTS)]
    sent, _ = past(monkeypatch, cfg, documents=others)
    assert len(sent) > 200


def test_a_few_new_tracks_leave_the_past_alone(monkeypatch, cfg):
    past(monkeypatch, cfg)
    sent, _ = past(monkeypatch, cfg, documents=[*DOCUMENTS, {**DOCUMENTS[0], "_id": "file:new"}])
    assert sent == []


def test_other_settings_make_another_past(monkeypatch, cfg):
    past(monkeypatch, cfg)
    state = read_state(cfg.home / STATE_FILE)
    tracks = simulate.playable_tracks(cfg)
    assert state.sent
    assert next_state(state, cfg.simulation, tracks, now=NOW) == state
    assert not next_state(state, replace(cfg.simulation, seed=12), tracks, now=NOW).sent


def test_a_broken_state_file_counts_as_none(cfg):
    path = cfg.home / STATE_FILE
    for text in ("", "[]", "{", '{"until": 1}'):
        path.write_text(text)
        assert read_state(path) is None


def test_without_playable_tracks_it_is_one_line(monkeypatch, cfg):
    with pytest.raises(InputError, match="the catalogue has no track to play"):
        past(monkeypatch, cfg, documents=DOCUMENTS[3:4])


def event(at):
    return PlayEvent(event_id="e", user_id="sim-0001", action="play", event_time=at, source="simulation")


class StopAfter(threading.Event):
    """A stop that is set at the ``waits``-th wait, and remembers how long each would have been."""

    def __init__(self, waits):
        super().__init__()
        self.waits, self.waited = waits, []

    def wait(self, timeout=None):
        self.waited.append(timeout)
        return len(self.waited) >= self.waits


def test_events_wait_for_their_time():
    messages, stop = Messages(), StopAfter(2)
    events = [event(NOW + timedelta(seconds=s)) for s in (0, 3, 9)]
    play_when_due(events, messages, stop=stop, clock=lambda: NOW)
    assert stop.waited == [3.0, 9.0]
    assert len(messages.sent) == 2


def test_events_of_a_time_slept_through_are_not_made_up_for():
    messages = Messages()
    events = [event(NOW - timedelta(minutes=5))]
    play_when_due(events, messages, stop=threading.Event(), clock=lambda: NOW)
    assert messages.sent == []


def test_live_listening_goes_on_after_the_broker_was_away(monkeypatch, cfg):
    messages = Messages(fail_at=3)
    monkeypatch.setattr(simulate, "BulkPublisher", messages)
    monkeypatch.setattr(simulate, "read_tracks", lambda mongo, *, fields: list(DOCUMENTS))
    cfg = replace(cfg, simulation=replace(cfg.simulation, live_events_per_minute=6000.0, listeners=200))
    stop = StopAfter(100)
    run = threading.Thread(target=lambda: run_live(cfg, stop=stop))
    stop.is_set = lambda: len(stop.waited) >= 100
    run.start()
    run.join(timeout=10)
    assert not run.is_alive()
    assert simulate.FIRST_PAUSE_S in stop.waited
    assert len(messages.sent) > 3


def test_live_listening_does_not_start_without_a_broker(monkeypatch, cfg):
    def away(kafka, **_):
        raise ServiceUnavailable("Kafka", "x:1", setting="kafka.bootstrap_servers")

    monkeypatch.setattr(simulate, "BulkPublisher", away)
    monkeypatch.setattr(simulate, "read_tracks", lambda mongo, *, fields: list(DOCUMENTS))
    with pytest.raises(ServiceUnavailable):
        run_live(cfg, stop=threading.Event())
