"""What a listener does in the player, in Chromium, over a real broker and store."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from browser_player import DATABASE, SECONDS, Player
from kafka import KafkaConsumer, KafkaProducer
from pymongo import MongoClient
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from spotistream.events import parse_event
from spotistream.tables import PLAYS_TOPIC, RECOMMENDATIONS_COLLECTION, RECOMMENDATIONS_TOPIC

pytestmark = pytest.mark.timeout(120)
Events = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def listener() -> str:
    return f"tester-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def home(browser: Chrome, player: Player, listener: str) -> Iterator[Chrome]:
    """The home page of a new listener, read and live; afterwards the console must be silent."""
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.get(f"{player.url}/healthz")
    browser.get_log("browser")
    browser.execute_script("localStorage.clear()")
    browser.execute_script("localStorage.setItem('spotistream.listener', JSON.stringify(arguments[0]))", listener)
    browser.get(player.url)
    wait(browser, "return document.querySelectorAll('#for-you [data-track]').length === 9")
    wait(browser, "return document.documentElement.dataset.live === 'on'")
    yield browser
    severe = [entry["message"] for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
    assert [message for message in severe if "ERR_INTERNET_DISCONNECTED" not in message] == []


@pytest.fixture
def events(player: Player, listener: str) -> Iterator[Events]:
    """Wait until the listener has sent ``count`` events to Kafka; all of them, oldest first."""
    consumer = KafkaConsumer(
        PLAYS_TOPIC.name, bootstrap_servers=player.services.kafka, auto_offset_reset="earliest", group_id=None
    )
    seen: list[dict[str, Any]] = []

    def received(count: int, *, within_s: float = 10.0) -> list[dict[str, Any]]:
        end = time.monotonic() + within_s
        while len(seen) < count and time.monotonic() < end:
            for records in consumer.poll(timeout_ms=200).values():
                seen.extend(json.loads(record.value) for record in records if record.key == listener.encode())
        return seen

    yield received
    consumer.close()


def wait(browser: Chrome, script: str, *arguments: Any, seconds: float = 10.0) -> Any:
    return WebDriverWait(browser, seconds, poll_frequency=0.05).until(
        lambda driver: driver.execute_script(script, *arguments), f"not within {seconds} s: {script}"
    )


def seen(browser: Chrome, script: str, wanted: object, *arguments: Any, seconds: float = 10.0) -> Any:
    """What the script returns as soon as that is what is wanted, else what it returns in the end."""
    deadline = time.monotonic() + seconds
    while (found := browser.execute_script(script, *arguments)) != wanted and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def play(browser: Chrome, track_id: str) -> None:
    browser.execute_script("document.querySelector(`[data-track='${arguments[0]}'] [data-play]`).click()", track_id)
    wait(browser, "return document.getElementById('audio').currentTime > 0.3")


def audio(browser: Chrome, name: str) -> Any:
    return browser.execute_script(f"return document.getElementById('audio').{name}")


def press(browser: Chrome, key: str) -> None:
    browser.find_element(By.TAG_NAME, "body").send_keys(key)


def title(browser: Chrome) -> str:
    return str(browser.execute_script("return document.getElementById('player-title').textContent"))


def table(version: int, because_of: str, action: str, track_ids: list[str]) -> dict[str, Any]:
    reason = {"code": "sounds_like", "track_id": because_of}
    return {
        "version": version,
        "model_version": "m2",
        "updated_at": "2026-03-01T12:00:00.000Z",
        "caused_by": {"event_id": str(uuid.uuid4()), "track_id": because_of, "action": action, "event_time": None},
        "recommendations": [
            {
                "rank": rank,
                "track_id": each,
                "score": 1 / rank,
                "reason": reason,
            }
            for rank, each in enumerate(track_ids, start=1)
        ],
    }


def test_music_goes_on_while_pages_change(home: Chrome) -> None:
    play(home, "demo:1")
    home.execute_script("window.samePage = true")
    home.find_element(By.ID, "player-title").click()
    wait(home, "return location.pathname.startsWith('/track/') && document.querySelector('.hero h1')")
    before = audio(home, "currentTime")
    wait(home, "return document.getElementById('audio').currentTime > arguments[0] + 0.5", before)

    assert home.execute_script("return window.samePage") is True
    assert home.title == "Song 1 · spotistream"
    assert home.execute_script("return document.querySelector('.hero-play').textContent") == "Pause"
    assert "Sounds like Song 1" in home.page_source


def test_every_event_reaches_kafka_with_its_fields(home: Chrome, events: Events, listener: str) -> None:
    play(home, "demo:1")
    home.find_element(By.ID, "player-like").click()
    home.find_element(By.ID, "player-next").click()
    wait(home, "return document.getElementById('player-title').textContent === 'Song 2'")
    wait(home, "return document.getElementById('audio').currentTime > 0.3")
    home.execute_script("document.getElementById('audio').currentTime = arguments[0]", SECONDS - 0.7)
    received = events(6)

    assert [(event["action"], event["track_id"]) for event in received] == [
        ("play", "demo:1"),
        ("like", "demo:1"),
        ("skip", "demo:1"),
        ("play", "demo:2"),
        ("skip", "demo:2"),
        ("play", "demo:3"),
    ]
    played = [event["played_ms"] for event in received]
    assert played[:2] == [None, None]
    assert 200 <= played[2] <= SECONDS * 1000
    assert 200 <= played[4] < SECONDS / 2 * 1000, "what was jumped over is not listened to"
    sessions = [event["session_id"] for event in received]
    assert len(set(sessions[:3])) == len(set(sessions[3:5])) == 1
    assert len(set(sessions)) == 3
    for event in received:
        assert parse_event(event, now=datetime.now(UTC)).user_id == listener
        assert (event["source"], event["shelf"], event["model_version"]) == ("player", "for-you", "m1")


def test_for_you_changes_within_two_seconds_and_says_why(home: Chrome, player: Player, listener: str) -> None:
    play(home, "demo:1")
    document = table(1, "demo:1", "play", ["demo:9", "demo:10", "demo:11"])
    with MongoClient(player.services.mongo) as client:
        client[DATABASE][RECOMMENDATIONS_COLLECTION.name].insert_one({"_id": listener, **document})
    producer = KafkaProducer(bootstrap_servers=player.services.kafka)
    producer.send(RECOMMENDATIONS_TOPIC.name, key=listener.encode(), value=json.dumps(document).encode()).get(5)
    wait(home, "return document.querySelector('#for-you .because')", seconds=2.0)
    first = [card.get_attribute("data-track") for card in home.find_elements(By.CSS_SELECTOR, "#for-you [data-track]")]

    because = home.find_element(By.CSS_SELECTOR, ".because").get_attribute("textContent")
    assert because == "Updated because you just played Song 1 · 2 new tracks"
    assert first == ["demo:9", "demo:10", "demo:11"]
    assert home.find_element(By.CSS_SELECTOR, "#for-you .card-why").text == "sounds like Song 1"

    # The topic may be ahead of the store: the push alone is enough. And what plays next follows it.
    ahead = table(2, "demo:1", "skip", ["demo:12"])
    producer.send(RECOMMENDATIONS_TOPIC.name, key=listener.encode(), value=json.dumps(ahead).encode()).get(5)
    wait(home, "return document.querySelector('.because')?.textContent.includes('you skipped Song 1')", seconds=2.0)
    producer.close()
    home.find_element(By.ID, "player-next").click()
    wait(home, "return document.getElementById('player-title').textContent === 'Song 12'")


def test_keys_play_seek_and_change_the_volume(home: Chrome) -> None:
    play(home, "demo:1")
    press(home, " ")
    wait(home, "return document.getElementById('audio').paused")
    home.execute_script("document.getElementById('audio').currentTime = 0.5")
    level = "return spotistream.decks.volume().level"
    at, loud = audio(home, "currentTime"), home.execute_script(level)
    press(home, Keys.ARROW_RIGHT)
    press(home, "-")
    wait(home, "return document.getElementById('audio').currentTime > arguments[0] + 4", at)

    assert home.execute_script(level) == pytest.approx(loud - 0.05)
    press(home, "n")
    wait(home, "return document.getElementById('player-title').textContent === 'Song 2'")
    press(home, "p")
    wait(home, "return document.getElementById('player-title').textContent === 'Song 1'")


def test_listener_is_chosen_kept_and_checked(home: Chrome) -> None:
    home.find_element(By.CSS_SELECTOR, "[data-who=open]").click()
    home.find_element(By.ID, "who-input").send_keys("not a name" + Keys.ENTER)

    assert "Use 1 to 64" in home.find_element(By.ID, "who-problem").text

    home.execute_script("dash_clientside.set_props('who-input', {value: 'sim-'})")
    wait(home, "return document.querySelector('[data-listener=\"sim-001\"]')").click()
    wait(home, "return document.getElementById('listener-chip').textContent === 'sim-001 · simulation'")
    home.refresh()
    wait(home, "return document.getElementById('listener-chip')?.textContent === 'sim-001 · simulation'")


def test_events_wait_while_offline_and_arrive_once(home: Chrome, events: Events) -> None:
    play(home, "demo:1")
    assert len(events(1)) == 1
    offline = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    home.execute_cdp_cmd("Network.enable", {})
    home.execute_cdp_cmd("Network.emulateNetworkConditions", offline)
    home.find_element(By.ID, "player-like").click()
    time.sleep(0.5)

    assert home.execute_script("return spotistream.events.waiting()") == 1

    home.execute_cdp_cmd("Network.emulateNetworkConditions", {**offline, "offline": False})
    wait(home, "return spotistream.events.waiting() === 0", seconds=15)
    assert [event["action"] for event in events(3, within_s=2)] == ["play", "like"]


def test_listen_that_counts_is_kept_when_the_page_closes(home: Chrome, events: Events) -> None:
    play(home, "demo:1")
    wait(home, "return document.getElementById('audio').currentTime > arguments[0]", SECONDS / 2 + 0.3)
    home.get("about:blank")
    received = events(2)

    assert [event["action"] for event in received] == ["play", "complete"]
    assert received[1]["played_ms"] >= SECONDS * 1000 / 2


@pytest.mark.parametrize("path", ["/", "/track/demo:1", "/nowhere"])
def test_narrow_screen_does_not_scroll_sideways(home: Chrome, player: Player, path: str) -> None:
    metrics = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
    home.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    home.get(f"{player.url}{path}")
    wait(home, "return document.querySelector('#page h1')")

    assert home.execute_script("return document.documentElement.scrollWidth") <= 360
