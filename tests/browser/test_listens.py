"""Listens as events, in Chromium: whatever happens to the page, each ends once, with what was heard of the track."""

from __future__ import annotations

from contextlib import suppress

import pytest
from browser_player import SECONDS, Player
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from test_player import Events, events, home, listener, play, title, wait  # noqa: F401 - fixtures

pytestmark = pytest.mark.timeout(120)
HEARD = "return document.getElementById('audio').currentTime > arguments[0]"


def heard(browser: Chrome, seconds: float) -> None:
    wait(browser, HEARD, seconds)


def is_titled(browser: Chrome, name: str) -> None:
    wait(browser, "return document.getElementById('player-title')?.textContent === arguments[0]", name)


def test_a_listen_counts_from_half_the_track_or_four_minutes(home: Chrome) -> None:  # noqa: F811
    rule = "return arguments[0].map(([heardS, durationS]) => spotistream.listen.counts(heardS, durationS))"
    counting = [(120, 240), (240, 3600), (3, 6)]
    too_short = [(119.9, 240), (239.9, 3600), (10, None), (0, 0)]
    assert home.execute_script(rule, counting) == [True] * 3
    assert home.execute_script(rule, too_short) == [False] * 4


def test_track_that_is_heard_to_its_end_is_complete(home: Chrome, events: Events) -> None:  # noqa: F811
    play(home, "demo:1")
    is_titled(home, "Song 2")
    received = events(3)
    assert [(event["action"], event["track_id"]) for event in received] == [
        ("play", "demo:1"),
        ("complete", "demo:1"),
        ("play", "demo:2"),
    ]
    assert received[1]["played_ms"] == pytest.approx(SECONDS * 1000, abs=500)


def test_listen_goes_on_after_a_reload(home: Chrome, events: Events) -> None:  # noqa: F811
    play(home, "demo:1")
    heard(home, 1.2)
    home.refresh()
    is_titled(home, "Song 1")
    home.find_element(By.ID, "player-toggle").click()
    heard(home, 2.2)
    home.find_element(By.ID, "player-next").click()
    received = events(3)
    assert [event["action"] for event in received] == ["play", "skip", "play"]
    assert received[0]["session_id"] == received[1]["session_id"]
    assert 1900 <= received[1]["played_ms"] <= 5000, "both parts of it"


def test_listen_that_was_counted_when_the_page_closed_is_not_judged_again(
    home: Chrome,  # noqa: F811
    events: Events,  # noqa: F811
) -> None:
    play(home, "demo:1")
    heard(home, SECONDS / 2 + 0.3)
    home.refresh()
    is_titled(home, "Song 1")
    home.find_element(By.ID, "player-toggle").click()
    is_titled(home, "Song 2")
    heard(home, 0.2)
    each_once = {event["event_id"]: (event["action"], event["track_id"]) for event in events(4, within_s=4)}
    assert list(each_once.values()) == [("play", "demo:1"), ("complete", "demo:1"), ("play", "demo:2")]


def test_listen_of_a_page_that_crashed_is_ended_by_the_next(
    home: Chrome,  # noqa: F811
    player: Player,
    events: Events,  # noqa: F811
) -> None:
    crashing = home.current_window_handle
    home.switch_to.new_window("tab")
    other = home.current_window_handle
    home.switch_to.window(crashing)
    play(home, "demo:1")
    heard(home, 2.6)
    assert len(events(1)) == 1
    with suppress(WebDriverException):
        home.get("chrome://crash")
    home.switch_to.window(other)
    home.get(player.url)
    is_titled(home, "Song 1")
    home.execute_script("document.querySelector(\"[data-track='demo:3'] [data-play]\").click()")
    received = events(3)
    assert [(event["action"], event["track_id"]) for event in received] == [
        ("play", "demo:1"),
        ("skip", "demo:1"),
        ("play", "demo:3"),
    ]
    assert received[0]["session_id"] == received[1]["session_id"]
    assert received[1]["played_ms"] >= 1500
    with suppress(WebDriverException):
        home.switch_to.window(crashing)
        home.close()
    home.switch_to.window(other)


def test_an_old_listen_that_was_left_open_ends_when_it_was_left(
    home: Chrome,  # noqa: F811
    events: Events,  # noqa: F811
    listener: str,  # noqa: F811
) -> None:
    home.execute_script(
        """localStorage.setItem('spotistream.open.old', JSON.stringify({
            userId: arguments[0], page: 'gone', heardS: 3.5, durationS: 6, savedAt: Date.parse('2026-01-02T03:04:05Z'),
            endId: '00000000-0000-4000-8000-000000000001', fields: {track_id: 'demo:5', session_id: 'old'}}))""",
        listener,
    )
    home.refresh()
    (ended,) = events(1)
    assert (ended["action"], ended["track_id"], ended["played_ms"]) == ("complete", "demo:5", 3500)
    assert ended["event_time"] == "2026-01-02T03:04:05.000Z"
    assert ended["event_id"] == "00000000-0000-4000-8000-000000000001"


def test_what_the_beacon_sent_is_sent_again_as_the_same_event(
    home: Chrome,  # noqa: F811
    player: Player,
    events: Events,  # noqa: F811
) -> None:
    play(home, "demo:1")
    heard(home, SECONDS / 2 + 0.3)
    assert len(events(1)) == 1
    home.get("about:blank")
    assert [event["action"] for event in events(2)] == ["play", "complete"]
    home.get(player.url)
    wait(home, "return window.spotistream?.events.waiting() === 0")
    again = events(3)
    assert again[2] == again[1]


def test_not_for_me_goes_on_and_is_not_offered_again(home: Chrome, events: Events) -> None:  # noqa: F811
    play(home, "demo:1")
    home.find_element(By.ID, "player-dislike").click()
    is_titled(home, "Song 2")
    heard(home, 0.2)
    received = events(4)
    assert [(event["action"], event["track_id"]) for event in received] == [
        ("play", "demo:1"),
        ("dislike", "demo:1"),
        ("skip", "demo:1"),
        ("play", "demo:2"),
    ]
    assert (received[1]["shelf"], received[1]["model_version"]) == ("for-you", "m1")
    assert home.find_element(By.CSS_SELECTOR, "#for-you .is-disliked").get_attribute("data-track") == "demo:1"
    home.execute_script("document.querySelector(\"[data-track='demo:1'] [data-menu]\").click()")
    home.find_element(By.CSS_SELECTOR, "#track-menu [data-do=dislike]").click()
    assert (events(5)[4]["action"], events(5)[4]["track_id"]) == ("unlike", "demo:1")
    assert not home.find_elements(By.CSS_SELECTOR, "#for-you .is-disliked")


def test_a_play_can_be_taken_back(home: Chrome, events: Events) -> None:  # noqa: F811
    play(home, "demo:4")
    home.find_element(By.CSS_SELECTOR, ".player-more").click()
    home.find_element(By.CSS_SELECTOR, "#track-menu [data-do=forget]").click()
    started, taken_back = events(2)
    assert (taken_back["action"], taken_back["track_id"]) == ("forget", "demo:4")
    assert taken_back["target_event_id"] == started["event_id"]
    wait(home, "return !document.querySelector(\"#recent-shelf [data-track='demo:4']\")")
    home.find_element(By.CSS_SELECTOR, ".player-more").click()
    assert not home.find_element(By.CSS_SELECTOR, "#track-menu [data-do=forget]").is_displayed(), "it was forgotten"
    assert title(home) == "Song 4"
