"""The queue, in Chromium: what plays next, put together and into order by mouse and by keys, and kept."""

from __future__ import annotations

from typing import Any

import pytest
from axe_core_python.selenium import Axe
from browser_player import Player
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from test_player import audio, home, listener, play, press, title, wait  # noqa: F401 - fixtures

pytestmark = pytest.mark.timeout(120)
AHEAD = "return spotistream.queue.ahead().map((entry) => entry.title)"
SHOWN = "return [...document.querySelectorAll('#queue-ahead .queue-title')].map((each) => each.textContent)"


def ahead(browser: Chrome) -> Any:
    return browser.execute_script(AHEAD)


def choose(browser: Chrome, track_id: str, item: str) -> None:
    """An item of the menu of a card, by its button."""
    browser.execute_script("document.querySelector(`[data-track='${arguments[0]}'] [data-menu]`).click()", track_id)
    browser.find_element(By.CSS_SELECTOR, f"#track-menu [data-do={item}]").click()


def open_queue(browser: Chrome) -> None:
    browser.find_element(By.ID, "player-queue").click()
    wait(browser, "return !document.getElementById('queue').hidden")


def row(number: int, name: str) -> tuple[str, str]:
    return By.CSS_SELECTOR, f"#queue-ahead li:nth-child({number}) {name}"


@pytest.fixture
def queued(home: Chrome) -> Chrome:  # noqa: F811
    """Song 1 plays, 2, 3 and 4 are in the queue, which is open."""
    play(home, "demo:1")
    for number in (2, 3, 4):
        choose(home, f"demo:{number}", "add")
    open_queue(home)
    assert home.execute_script(SHOWN) == ["Song 2", "Song 3", "Song 4"]
    return home


def test_menu_of_a_card_puts_tracks_next_and_last(home: Chrome) -> None:  # noqa: F811
    play(home, "demo:1")
    choose(home, "demo:5", "add")
    choose(home, "demo:6", "add")
    choose(home, "demo:7", "next")
    assert ahead(home) == ["Song 7", "Song 5", "Song 6"]
    assert home.execute_script("return document.getElementById('toast').textContent") == "Song 7 plays next"

    home.find_element(By.ID, "player-next").click()
    wait(home, "return document.getElementById('player-title').textContent === 'Song 7'")
    assert ahead(home) == ["Song 5", "Song 6"]


def test_rows_of_a_list_and_the_page_of_a_track_have_the_menu_too(home: Chrome) -> None:  # noqa: F811
    for path, place in (("/artist/a1", ".row"), ("/track/demo:5", ".hero")):
        home.execute_script("dash_clientside.set_props('url', {pathname: arguments[0]})", path)
        wait(home, "return document.querySelector(`#page ${arguments[0]} [data-menu]`)", place).click()
        home.find_element(By.CSS_SELECTOR, "#track-menu [data-do=add]").click()
    assert ahead(home) == ["Song 1", "Song 5"]


def test_menu_is_worked_by_keys_and_gives_the_focus_back(home: Chrome) -> None:  # noqa: F811
    button = home.find_element(By.CSS_SELECTOR, "[data-track='demo:5'] [data-menu]")
    assert button.get_attribute("aria-label") == "More for Song 5 by Artist 5"
    button.send_keys(Keys.ENTER)
    focused = "return document.activeElement.textContent"
    assert home.execute_script(focused) == "Play next"
    ActionChains(home).send_keys(Keys.ARROW_DOWN).perform()
    assert home.execute_script(focused) == "Add to queue"
    ActionChains(home).send_keys(Keys.ENTER).perform()
    assert ahead(home) == ["Song 5"]
    assert home.switch_to.active_element == button
    button.send_keys(Keys.ENTER)
    ActionChains(home).send_keys(Keys.ESCAPE).perform()
    assert not home.find_element(By.ID, "track-menu").is_displayed()
    assert home.switch_to.active_element == button


def test_queue_is_put_into_order_by_dragging_buttons_and_keys(queued: Chrome) -> None:
    grip, last = (queued.find_element(*row(at, ".queue-grip")) for at in (1, 3))
    ActionChains(queued, duration=50).click_and_hold(grip).move_to_element(last).move_by_offset(
        0, 20
    ).release().perform()
    assert ahead(queued) == queued.execute_script(SHOWN) == ["Song 3", "Song 4", "Song 2"]

    queued.find_element(*row(3, "[data-queue=up]")).click()
    assert ahead(queued) == ["Song 3", "Song 2", "Song 4"]
    assert queued.find_element(By.ID, "queue-said").text == "Song 2 is 2 of 3"

    queued.find_element(*row(2, ".queue-words")).send_keys(Keys.ALT, Keys.ARROW_UP)
    assert ahead(queued) == queued.execute_script(SHOWN) == ["Song 2", "Song 3", "Song 4"]
    assert queued.switch_to.active_element.get_attribute("aria-label") == "Play Song 2 by Artist 2 now"

    queued.switch_to.active_element.send_keys(Keys.DELETE)
    queued.find_element(*row(2, "[data-queue=remove]")).click()
    assert ahead(queued) == ["Song 3"]
    assert queued.switch_to.active_element.get_attribute("aria-label") == "Remove Song 3 from the queue"


def test_after_the_queue_comes_for_you(queued: Chrome) -> None:
    after = "return [...document.querySelectorAll('#queue-after .queue-title')].map((each) => each.textContent)"
    assert queued.execute_script(after) == ["Song 5", "Song 6", "Song 7", "Song 8", "Song 9"]
    queued.find_element(*row(3, ".queue-words")).click()
    wait(queued, "return document.getElementById('player-title').textContent === 'Song 4'")
    assert ahead(queued) == ["Song 2", "Song 3"]
    queued.find_element(By.ID, "queue-clear").click()
    assert queued.find_element(By.ID, "queue-empty").is_displayed()
    queued.find_element(By.ID, "player-next").click()
    wait(queued, "return document.getElementById('player-title').textContent === 'Song 2'")


def test_shelf_is_played_in_order_mixed_and_again(home: Chrome) -> None:  # noqa: F811
    popular = "document.querySelector(\"[data-shelf='popular'] [data-track='demo:9'] [data-play]\").click()"
    home.execute_script(popular)
    wait(home, "return document.getElementById('audio').currentTime > 0.2")
    rest = ["Song 10", "Song 11", "Song 12"]
    assert ahead(home) == rest
    shuffle, repeat = home.find_elements(By.CSS_SELECTOR, ".player-buttons .mode")
    shuffle.click()
    assert sorted(ahead(home)) == rest
    shuffle.click()
    assert ahead(home) == rest

    repeat.click()
    assert (repeat.get_attribute("aria-label"), repeat.get_attribute("aria-pressed")) == ("Repeat all", "true")
    for name in [*rest, "Song 9", "Song 10"]:
        home.find_element(By.ID, "player-next").click()
        wait(home, "return document.getElementById('player-title').textContent === arguments[0]", name)
    repeat.click()
    assert repeat.get_attribute("aria-label") == "Repeat this track"
    wait(home, "return document.getElementById('audio').duration > 0")
    home.execute_script("document.getElementById('audio').currentTime = 5.8")
    wait(home, "return document.getElementById('audio').currentTime < 1 && !document.getElementById('audio').paused")
    assert title(home) == "Song 10"


def test_queue_and_position_are_there_after_a_reload_of_each_listener(
    queued: Chrome,
    player: Player,
    listener: str,  # noqa: F811
) -> None:
    queued.execute_script("document.getElementById('audio').currentTime = 3")
    press(queued, " ")
    wait(queued, "return document.getElementById('audio').paused")
    queued.refresh()
    wait(queued, "return document.getElementById('player-title')?.textContent === 'Song 1'")
    assert audio(queued, "paused") is True
    assert 3 <= audio(queued, "currentTime") < 4
    assert ahead(queued) == ["Song 2", "Song 3", "Song 4"]

    queued.execute_script("dash_clientside.set_props('listener', {data: 'somebody-else'})")
    wait(queued, "return spotistream.player.listener() === 'somebody-else'")
    assert ahead(queued) == []
    queued.execute_script("dash_clientside.set_props('listener', {data: arguments[0]})", listener)
    wait(queued, "return spotistream.player.listener() !== 'somebody-else'")
    assert ahead(queued) == ["Song 2", "Song 3", "Song 4"]
    queued.find_element(By.ID, "player-toggle").click()
    wait(queued, "return document.getElementById('audio').currentTime > 3.5")


def test_nothing_serious_is_found_by_axe_in_queue_menu_and_keys(queued: Chrome) -> None:
    queued.execute_script("document.querySelector(\"[data-track='demo:5'] [data-menu]\").click()")
    queued.execute_script("document.getElementById('shortcuts').showModal()")
    parts = {"include": [[part] for part in ("#player", "#queue", "#track-menu", "#shortcuts")]}
    found = Axe().run(queued, parts)["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
