"""Radio, in Chromium: begins without an interruption, goes on without repeats, follows skips and its dial."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_core_python.selenium import Axe
from browser_player import DATABASE, Player
from player_pages import add_topics_and_map
from pymongo import MongoClient
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from test_player import Events, audio, events, home, listener, play, title, wait  # noqa: F401 - fixtures
from test_queue import choose, open_queue

from spotistream.services.running import Addresses
from spotistream.tables import SIMILAR_TRACKS, TRACKS_COLLECTION

pytestmark = pytest.mark.timeout(120)
TRACKS = 14
HEARD_BY_ITS_LISTENERS, LIKE_ITS_SOUND = range(2, 7), range(8, 13)
"""Neighbours of track 1; those of track 2 are 3 and 4."""
AHEAD = "return spotistream.queue.ahead().map((entry) => entry.title)"


@pytest.fixture(scope="module", autouse=True)
def near(player_services: Addresses, catalogue: None) -> None:
    """Neighbours by which the dial can be told, and no track that does not play."""

    def document(number: int, by_listeners: Any, by_sound: Any) -> dict[str, Any]:
        lists = [[{"track_id": f"demo:{each}", "score": 0.5} for each in found] for found in (by_listeners, by_sound)]
        return {"_id": f"demo:{number}", "model_version": "m1", "by_listeners": lists[0], "by_sound": lists[1]}

    documents = [document(1, HEARD_BY_ITS_LISTENERS, LIKE_ITS_SOUND), document(2, (3, 4), (3, 4))]
    with MongoClient(player_services.mongo) as client:
        database = client[DATABASE]
        database[SIMILAR_TRACKS.name].delete_many({})
        database[SIMILAR_TRACKS.name].insert_many(documents)
        silent = {"_id": {"$in": ["demo:aiff", "demo:gone", "demo:broken"]}}
        database[TRACKS_COLLECTION.name].update_many(silent, {"$set": {"playable": False}})


def ahead(browser: Chrome) -> list[int]:
    """Numbers of the tracks that come next."""
    return [number_of(each) for each in browser.execute_script(AHEAD)]


def number_of(name: str) -> int:
    return int(re.sub(r"\D", "", name))


def start_radio(browser: Chrome, *, dial: float = 0.5) -> None:
    """From track 1, which plays; the chance in it is always the same."""
    play(browser, "demo:1")
    browser.execute_script("spotistream.radio.setDial(arguments[0])", dial)
    browser.execute_script("window.random = Math.random; Math.random = () => 0.5")
    choose(browser, "demo:1", "radio")
    wait(browser, "return spotistream.queue.radio() !== null")
    browser.execute_script("Math.random = window.random")


def skip(browser: Chrome) -> int:
    """To the next track, once what comes after it is known."""
    before = title(browser)
    browser.find_element(By.ID, "player-next").click()
    wait(browser, "return document.getElementById('player-title').textContent !== arguments[0]", before)
    return number_of(title(browser))


def is_on(browser: Chrome) -> str | None:
    shown = browser.find_element(By.ID, "radio")
    return browser.find_element(By.ID, "radio-from").text if shown.is_displayed() else None


def test_radio_of_what_plays_does_not_interrupt_it_and_comes_next(home: Chrome, events: Events) -> None:  # noqa: F811
    play(home, "demo:1")
    choose(home, "demo:5", "add")
    before = audio(home, "currentTime")
    choose(home, "demo:1", "radio")
    wait(home, "return spotistream.queue.radio() !== null")

    assert home.execute_script("return document.getElementById('toast').textContent") == "Radio from Song 1 is on"
    assert (title(home), audio(home, "paused")) == ("Song 1", False)
    assert before < audio(home, "currentTime") < before + 4
    first, *others = ahead(home)
    assert first == 5
    assert len(others) == len(set(others)) == 10
    assert {1, 5} & set(others) == set()

    assert skip(home) == 5
    wait(home, "return document.getElementById('audio').currentTime > 0.2")
    second = skip(home)
    assert second == others[0]
    wait(home, "return document.getElementById('audio').currentTime > 0.2")
    plays = [each for each in events(5) if each["action"] == "play"]
    assert [(each["track_id"], each["shelf"]) for each in plays][2] == (f"demo:{second}", "radio")


def test_radio_of_another_track_begins_with_it_after_what_plays(home: Chrome) -> None:  # noqa: F811
    play(home, "demo:1")
    choose(home, "demo:9", "radio")
    wait(home, "return spotistream.queue.radio() !== null")

    assert title(home) == "Song 1"
    assert ahead(home)[0] == 9


def test_skip_sends_what_is_like_it_behind_the_others_at_once(home: Chrome) -> None:  # noqa: F811
    start_radio(home, dial=0)
    open_queue(home)
    before = ahead(home)
    assert sorted(before[:5]) == list(HEARD_BY_ITS_LISTENERS)
    assert before.index(3) < before.index(6)

    home.find_element(By.CSS_SELECTOR, "[aria-label='Play Song 2 by Artist 2 now']").click()
    wait(home, "return document.getElementById('audio').currentTime > 0.2")
    assert title(home) == "Song 2"
    now = skip(home)
    wait(home, f"{AHEAD}.indexOf('Song 6') < {AHEAD.removeprefix('return ')}.indexOf('Song 4')")
    after = ahead(home)
    assert after[0] in {5, 6} - {now}
    assert {1, 2, now} & set(after) == set()


def test_dial_changes_what_comes_next_and_is_kept(home: Chrome) -> None:  # noqa: F811
    start_radio(home)
    open_queue(home)
    dial = home.find_element(By.CSS_SELECTOR, "#radio-dial input")
    assert dial.get_attribute("aria-label") == "Radio, from familiar to discover"
    assert home.find_element(By.ID, "radio-dial").text.split() == ["Familiar", "Discover"]
    of_first_three = "return spotistream.queue.ahead().slice(0, 3).every(({ track }) => {} .includes(track))"

    for key, expected, word in (
        (Keys.HOME, HEARD_BY_ITS_LISTENERS, "familiar"),
        (Keys.END, LIKE_ITS_SOUND, "discovery"),
    ):
        dial.send_keys(key)
        ids = str([f"demo:{number}" for number in expected])
        wait(home, of_first_three.replace("{} ", ids))
        assert dial.get_attribute("aria-valuetext") == word
        assert title(home) == "Song 1"

    home.refresh()
    wait(home, "return document.getElementById('player-title')?.textContent === 'Song 1'")
    open_queue(home)
    assert is_on(home) == "Radio from Song 1"
    assert home.find_element(By.CSS_SELECTOR, "#radio-dial input").get_attribute("value") == "1"


def test_nothing_comes_twice_until_all_was_played_and_then_it_goes_on(home: Chrome) -> None:  # noqa: F811
    start_radio(home)
    played = [1]
    for _ in range(TRACKS + 2):
        wait(home, "return spotistream.queue.ahead().length > 0")
        played.append(skip(home))
    assert sorted(played[:TRACKS]) == list(range(1, TRACKS + 1))
    assert len(played) == TRACKS + 3


def test_radio_is_ended_by_its_button_and_by_playing_something_else(home: Chrome) -> None:  # noqa: F811
    start_radio(home)
    open_queue(home)
    assert is_on(home) == "Radio from Song 1"
    label = "return document.getElementById('player-queue').getAttribute('aria-label')"
    assert home.execute_script(label) == "Queue, with radio from Song 1"
    home.find_element(By.ID, "radio-end").click()
    assert (is_on(home), ahead(home), title(home)) == (None, [], "Song 1")
    assert home.execute_script(label) == "Queue"
    assert home.find_element(By.ID, "queue-after-heading").is_displayed()

    choose(home, "demo:1", "radio")
    wait(home, "return spotistream.queue.radio() !== null")
    assert not home.find_element(By.ID, "queue-after-heading").is_displayed()
    play(home, "demo:5")
    assert (is_on(home), title(home)) == (None, "Song 5")


def test_radio_of_an_artist_a_topic_and_for_you_begins_where_nothing_plays(home: Chrome, player: Player) -> None:  # noqa: F811
    add_topics_and_map(player)
    pages = (("/", "For you"), ("/artist/a1", "Artist 1"), ("/topic/1", "Topic 1"))
    for path, name in pages:
        home.execute_script("dash_clientside.set_props('url', {pathname: arguments[0]})", path)
        button = f"#page [data-radio-name='{name}']"
        wait(home, "const found = document.querySelector(arguments[0]); found?.click(); return Boolean(found)", button)
        wait(home, "return spotistream.queue.radio()?.name === arguments[0]", name)
        wait(home, "return !document.getElementById('audio').paused")
        assert len(ahead(home)) >= 5
        home.find_element(By.ID, "player-toggle").click()
        wait(home, "return document.getElementById('audio').paused")


def test_server_that_is_away_leaves_what_was_to_come(home: Chrome) -> None:  # noqa: F811
    start_radio(home)
    before = ahead(home)
    home.execute_script(
        "const real = window.fetch;"
        "window.fetch = (path, options) =>"
        " String(path).startsWith('/radio') ? Promise.reject(new TypeError()) : real(path, options)"
    )
    assert skip(home) == before[0]
    assert skip(home) == before[1]
    assert ahead(home) == before[2:]
    choose(home, "demo:9", "radio")
    wait(home, "return document.getElementById('toast').textContent.startsWith('The player\\'s server')")


def test_nothing_serious_is_found_by_axe_while_a_radio_is_on(home: Chrome) -> None:  # noqa: F811
    start_radio(home)
    open_queue(home)
    found = Axe().run(home, {"include": [["#queue"], ["#player"], ["#page"]]})["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
