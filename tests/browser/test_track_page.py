"""The pictures of a track's sound, in Chromium: drawn, followed, and used to go to a place."""

from __future__ import annotations

import pytest
from browser_player import SECONDS, Player
from player_pages import add_topics_and_map
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from test_player import events, home, listener, wait  # noqa: F401 - fixtures

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def page(home: Chrome, player: Player) -> Chrome:  # noqa: F811
    """The page of a track, not played yet."""
    home.get(f"{player.url}/track/demo:1")
    wait(home, "return document.querySelector('.waveform input')")
    return home


def test_waveform_shows_what_was_played_and_leads_to_a_place(page: Chrome) -> None:
    bar = page.find_element(By.CSS_SELECTOR, ".waveform")
    assert bar.find_element(By.TAG_NAME, "input").get_attribute("aria-label") == "Position in Song 1"
    page.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", bar)
    ActionChains(page).move_to_element(bar).click().perform()
    wait(page, "return document.getElementById('audio').currentTime > arguments[0]", SECONDS / 2 - 0.2)
    assert page.execute_script("return document.getElementById('player-title').textContent") == "Song 1"
    played = "return parseFloat(document.querySelector('.waveform').style.getPropertyValue('--played'))"
    wait(page, f"{played} > 50")
    page.find_element(By.CSS_SELECTOR, ".waveform input").send_keys(Keys.ARROW_LEFT)
    wait(page, "return document.getElementById('audio').currentTime < 2")
    wait(page, f"{played} < 40")


def test_pictures_are_there_and_nothing_jumps_when_they_come(page: Chrome) -> None:
    page.execute_script("document.querySelector('.spectrogram-picture').scrollIntoView({block: 'center'})")
    wait(page, "return document.querySelector('.spectrogram-picture').naturalWidth === 480")
    box = page.find_element(By.CSS_SELECTOR, ".spectrogram-picture").size
    assert box["width"] / box["height"] == pytest.approx(480 / 128, rel=0.02)
    mask = page.execute_script("return getComputedStyle(document.querySelector('.waveform-picture')).maskImage")
    assert mask.startswith('url("data:image/svg+xml')


def test_topic_of_a_track_and_the_part_of_it_are_one_click_away(page: Chrome, player: Player) -> None:
    add_topics_and_map(player)
    page.refresh()
    wait(page, "return document.querySelectorAll('.facts a[href^=\"/topic/\"]').length === 2")
    found = page.find_elements(By.CSS_SELECTOR, ".facts a[href^='/topic/']")
    assert [(each.text, each.get_attribute("href").removeprefix(player.url)) for each in found] == [
        ("Topic 1", "/topic/1"),
        ("Slower", "/topic/1.1"),
    ]
    found[0].click()
    wait(page, "return document.querySelector('h1')?.textContent === 'Topic 1'")


def test_track_without_pictures_has_no_empty_place_for_them(home: Chrome, player: Player) -> None:  # noqa: F811
    home.get(f"{player.url}/track/demo:14")
    wait(home, "return document.querySelector('.hero h1')")
    assert home.find_elements(By.CSS_SELECTOR, ".sound") == []
