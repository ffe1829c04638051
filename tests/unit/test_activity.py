"""What is counted of the events, and how the activity page shows it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from player_fakes import KAFKA, MemoryPublisher, MemoryStore, track
from starlette.testclient import TestClient

from dashboard.app import create_app
from dashboard.pages.activity import activity_figures
from spotistream.config import load_config
from spotistream.serving import activity as counted
from spotistream.serving.activity import Activity, Fare
from spotistream.serving.live import RecommendationFeed

NOW = 1_800_000_030.0
HOUR = 3600


def message(action: str, *, at: float, user: str = "maya", number: int = 1, **values: Any) -> bytes:
    event = {
        "schema_version": 1,
        "event_id": str(uuid.uuid4()),
        "user_id": user,
        "track_id": f"demo:{number}",
        "action": action,
        "event_time": datetime.fromtimestamp(at, UTC).isoformat(),
        "source": "player",
    }
    return json.dumps({**event, **values}).encode()


def heard(activity: Activity, action: str, *, ago: float = 0.0, **values: Any) -> None:
    activity.hear(b"maya", message(action, at=NOW - ago, **values), NOW - ago)


def test_events_are_counted_in_the_minute_the_broker_had_them() -> None:
    activity = Activity()
    for ago in (0, 10, 60, HOUR - 60, HOUR + 60):
        heard(activity, "play", ago=ago)
    heard(activity, "like", ago=5)
    view = activity.view(now=NOW)

    assert view.minutes["play"][-2:] == (1, 2)
    assert view.minutes["play"][0] == 1
    assert sum(view.minutes["play"]) == 4
    assert view.per_minute["play"] == 3 / 5
    assert view.per_minute["like"] == 1 / 5


def test_listeners_are_active_for_five_minutes_and_simulated_ones_are_told_apart() -> None:
    activity = Activity()
    heard(activity, "play", ago=301)
    heard(activity, "skip", ago=299, user="leo")
    heard(activity, "play", user="sim-001")
    view = activity.view(now=NOW)

    assert (view.listeners, view.simulated) == (2, 1)


def test_recommended_tracks_are_compared_with_others() -> None:
    activity = Activity()
    for shelf, ends in (("for-you", ("complete", "complete", "complete", "skip")), ("popular", ("skip",)), (None, ())):
        values = {"shelf": shelf} if shelf else {}
        heard(activity, "play", **values)
        for end in ends:
            heard(activity, end, **values)
    view = activity.view(now=NOW)

    assert view.recommended == Fare(plays=1, share=1 / 3, skipped=1 / 4)
    assert view.other == Fare(plays=2, share=2 / 3, skipped=1.0)


def test_without_events_nothing_is_a_number_that_means_nothing() -> None:
    view = Activity().view(now=NOW)

    assert view.recommended == Fare(0, 0.0, None)
    assert view.delay_p50_s is None
    assert view.rising == ()


def test_rising_tracks_are_played_more_in_the_last_half_hour() -> None:
    activity = Activity()
    for number, before, after in ((1, 3, 3), (2, 1, 3), (3, 0, 5), (4, 2, 0)):
        for ago, count in ((45 * 60, before), (60, after)):
            for _ in range(count):
                heard(activity, "play", ago=ago, number=number)

    assert activity.view(now=NOW).rising == (("demo:3", 0, 5), ("demo:2", 1, 3))


@pytest.mark.parametrize("value", [None, b"", b"[]", b"nothing", b"{}", b"\xff", b'{"action": "play"}', b"[" * 100_000])
def test_message_that_is_no_event_is_left_out(value: bytes | None) -> None:
    activity = Activity()
    activity.hear(b"maya", value, NOW)

    assert activity.view(now=NOW).listeners == 0


def test_imported_history_is_no_activity() -> None:
    activity = Activity()
    heard(activity, "complete", source="import")

    assert activity.view(now=NOW).minutes["complete"][-1] == 0


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counted, "MOST_LISTENERS", 3)
    monkeypatch.setattr(counted, "TRACKS_A_MINUTE", 2)
    activity = Activity()
    for minute in reversed(range(200)):
        heard(activity, "play", ago=60 * minute + HOUR)
    for number in range(10):
        heard(activity, "play", user=f"user-{number}", number=number)
    view = activity.view(now=NOW)

    assert view.listeners == 3
    assert {each for each, _, _ in view.rising} == {"demo:0", "demo:1"}
    assert len(activity._counts) <= counted.MINUTES + 1


def test_delays_are_said_by_their_median_and_their_slow_end() -> None:
    activity = Activity()
    for delay in (0.1, 0.2, 0.3, 0.4, 9.0, -1.0, 10_000.0):
        activity.shown(delay)
    view = activity.view(now=NOW)

    assert (view.delay_p50_s, view.delay_p95_s, view.delays) == (0.3, 9.0, 5)


def test_page_names_what_rises_and_survives_a_store_that_is_away() -> None:
    activity, store = Activity(), MemoryStore([track(1)])
    heard(activity, "play")
    heard(activity, "play", number=2)

    def text() -> str:
        return json.dumps(activity_figures(store, activity.view(now=NOW)), default=lambda part: part.to_plotly_json())

    assert "Song 1" in text()
    assert "demo:2" not in text()
    store.away = True
    assert "cannot be read just now" in text()


@pytest.fixture
def activity() -> Activity:
    return Activity()


@pytest.fixture
def client(activity: Activity, tmp_path: Path) -> Iterator[TestClient]:
    config = load_config(home=tmp_path, environ={})
    app = create_app(MemoryStore(), MemoryPublisher(), RecommendationFeed(KAFKA), config, activity=activity)
    with TestClient(app.server, base_url="http://127.0.0.1:8050") as client:
        yield client


def test_browser_says_how_long_it_took(client: TestClient, activity: Activity) -> None:
    assert client.post("/activity/shown", content=b'{"ms": 1234}').status_code == 204
    assert activity.view(now=NOW).delay_p50_s == 1.234


@pytest.mark.parametrize("body", [b"", b"5", b'{"ms": -1}', b'{"ms": 1e3}', b'{"ms": true}', b'{"ms": 99999999999}'])
def test_delay_that_is_none_is_refused(client: TestClient, activity: Activity, body: bytes) -> None:
    assert client.post("/activity/shown", content=body).status_code == 400
    assert activity.view(now=NOW).delays == 0


def test_page_of_another_site_cannot_say_one(client: TestClient) -> None:
    answer = client.post("/activity/shown", content=b'{"ms": 5}', headers={"origin": "https://example.org"})

    assert answer.status_code == 403
