"""The search box and the page of results, in Chromium."""

from __future__ import annotations

import pytest
from browser_player import Player
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from test_player import audio, home, listener, play, press, seen, wait  # noqa: F401 - fixtures

pytestmark = pytest.mark.timeout(120)
OPTIONS = "return [...document.querySelectorAll('[role=option] .search-name')].map(one => one.textContent)"


def typed(browser: Chrome, text: str) -> WebElement:
    """The box, with this text and what is offered for it."""
    press(browser, "/")
    box = browser.switch_to.active_element
    assert box.get_attribute("role") == "combobox"
    box.send_keys(text)
    wait(browser, "return document.querySelectorAll('[role=option]').length > 0")
    return box


def test_typing_offers_and_keys_choose_while_the_music_plays_on(home: Chrome) -> None:  # noqa: F811
    play(home, "demo:1")
    box = typed(home, "artst 11")
    assert home.execute_script(OPTIONS)[0] == "Artist 11"
    box.send_keys(Keys.ARROW_DOWN)
    active = box.get_attribute("aria-activedescendant")
    assert home.find_element(By.ID, active).get_attribute("aria-selected") == "true"
    box.send_keys(Keys.ARROW_UP)
    assert box.get_attribute("aria-activedescendant") in (None, "")
    box.send_keys(Keys.ARROW_DOWN + Keys.ENTER)
    wait(home, "return location.pathname === '/artist/a11'")
    assert audio(home, "paused") is False


def test_escape_closes_and_then_empties_the_box(home: Chrome) -> None:  # noqa: F811
    box = typed(home, "song 7")
    box.send_keys(Keys.ESCAPE)
    assert box.get_attribute("aria-expanded") == "false"
    assert box.get_attribute("value") == "song 7"
    box.send_keys(Keys.ESCAPE)
    assert box.get_attribute("value") == ""


def test_enter_leads_to_all_results_and_a_row_plays(home: Chrome) -> None:  # noqa: F811
    typed(home, "song 7").send_keys(Keys.ENTER)
    wait(home, "return location.search === '?q=song%207' && document.querySelector('.rows .row-title')")
    row = home.find_element(By.CSS_SELECTOR, ".rows .row")
    assert row.find_element(By.CSS_SELECTOR, ".row-title").text == "Song 7"
    row.find_element(By.CSS_SELECTOR, "[data-play]").click()
    wait(home, "return document.getElementById('audio').currentTime > 0.2")
    assert home.execute_script("return document.getElementById('player-title').textContent") == "Song 7"


def test_nothing_found_is_said(home: Chrome, player: Player) -> None:  # noqa: F811
    press(home, "/")
    home.switch_to.active_element.send_keys("qqqqqq")
    said = "Nothing fits “qqqqqq”"
    found = seen(home, "return document.querySelector('.search-said')?.textContent", said)
    assert found == said, f"the box says {found!r}"
    home.get(f"{player.url}/search?q=%3Cb%3Eqqqqqq")
    said = "Nothing fits “<b>qqqqqq”"
    found = seen(home, "return document.querySelector('#page h1')?.textContent", said)
    assert found == said, f"the page says {found!r}"
