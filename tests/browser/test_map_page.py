"""The map page, in Chromium: points are drawn, named, played, found by keyboard, and the listener moves."""

from __future__ import annotations

import pytest
from browser_player import DATABASE, Player
from player_pages import TRACKS, add_topics_and_map
from pymongo import MongoClient
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from test_player import audio, home, listener, press, title, wait  # noqa: F401 - fixtures

from spotistream.tables import CURRENT_TOPICS, MUSIC_TOPICS_COLLECTION

pytestmark = pytest.mark.timeout(120)
SCREEN = "return spotistream.map.state().screen(arguments[0]).map((pixel) => pixel / devicePixelRatio)"


@pytest.fixture
def page(home: Chrome, player: Player) -> Chrome:  # noqa: F811
    """The map of the tracks in a row from left to right."""
    add_topics_and_map(player)
    home.get(f"{player.url}/map")
    wait(home, "return window.spotistream?.map?.state().points === 14")
    wait(home, "return document.querySelectorAll('.map-list [data-track]').length === 8")
    return home


def at(browser: Chrome, point: int) -> ActionChains:
    """The pointer on a point."""
    canvas = browser.find_element(By.ID, "map-canvas")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", canvas)
    x, y = browser.execute_script(SCREEN, point)
    size = canvas.size
    return ActionChains(browser).move_to_element_with_offset(
        canvas, round(x - size["width"] / 2), round(y - size["height"] / 2)
    )


def test_point_says_what_it_is_and_a_click_plays_it(page: Chrome) -> None:
    at(page, 3).perform()
    wait(page, "return document.querySelector('.map-tip').textContent === 'Song 4 · Artist 4'")
    at(page, 3).click().perform()
    wait(page, "return document.getElementById('audio').currentTime > 0.2")
    assert title(page) == "Song 4"


def test_points_have_the_colours_of_the_legend_and_can_be_switched_off(page: Chrome) -> None:
    colour = """
        const [x, y] = spotistream.map.state().screen(arguments[0]);
        return [...document.getElementById('map-canvas').getContext('2d').getImageData(x, y, 1, 1).data].slice(0, 3)"""
    wait(page, f"return ((([r, g, b]) => r + g + b > 200))((() => {{ {colour.replace('arguments[0]', '4')} }})())")
    swatches = page.execute_script(
        "return [...document.querySelectorAll('.map-swatch')].map(one => getComputedStyle(one).backgroundColor)"
    )
    drawn = [page.execute_script(colour, point) for point in (0, 1)]
    for found, swatch in zip(drawn, swatches, strict=True):
        assert found == pytest.approx([int(part) for part in swatch[4:-1].split(",")], abs=4)
    page.find_element(By.CSS_SELECTOR, ".map-group").click()
    wait(page, f"return ((([r, g, b]) => r + g + b === 0))((() => {{ {colour.replace('arguments[0]', '0')} }})())")


def colours(browser: Chrome) -> list[list[str]]:
    """Each line of the legend: its name and how many tracks."""
    script = "return [...document.querySelectorAll('.map-group')].map((one) => one.innerText.split('\\n'))"
    return [[part.strip() for part in line] for line in browser.execute_script(script)]


def test_dots_legend_and_names_are_by_genre_or_by_topic(page: Chrome) -> None:
    drawn = "return spotistream.map.state().colours().slice(0, 3)"
    assert colours(page) == [["Even", "7"], ["Odd", "7"]]
    assert page.execute_script(drawn) == [0, 1, 0]
    row = "return document.querySelector('.map-list [data-track=\"demo:7\"] .row-artist').textContent"
    assert page.execute_script(row) == "Artist 7 · Even"

    page.find_element(By.CSS_SELECTOR, "[data-colours=topic]").click()
    assert colours(page) == [["Topic 1", "8"], ["Topic 2", "5"], ["Other", "1"]]
    assert page.execute_script(drawn) == [0, 0, 0]
    wait(page, f"return ({row.removeprefix('return ')}) === 'Artist 7 · Topic 1'")
    at(page, 9).perform()
    wait(page, "return document.querySelector('.map-tip').dataset.group === 'Topic 2'")
    page.find_element(By.CSS_SELECTOR, ".map-group").click()
    wait(
        page,
        "return [...document.querySelectorAll('.map-row')].every((row) => row.dataset.track.slice(5) > 8)",
    )

    page.refresh()
    wait(page, "return document.querySelectorAll('.map-group').length === 3")
    pressed = "return document.querySelector('[data-colours=topic]').getAttribute('aria-pressed')"
    assert page.execute_script(pressed) == "true", "what was chosen is kept"
    page.find_element(By.CSS_SELECTOR, "[data-colours=genre]").click()
    assert colours(page) == [["Even", "7"], ["Odd", "7"]]


def test_without_topics_the_page_says_how_they_come(page: Chrome, player: Player) -> None:
    page.find_element(By.CSS_SELECTOR, "[data-colours=topic]").click()
    with MongoClient(player.services.mongo) as client:
        client[DATABASE][MUSIC_TOPICS_COLLECTION.name].delete_one({"_id": CURRENT_TOPICS})
    page.refresh()
    wait(page, "return document.querySelectorAll('.map-group').length === 2")
    assert "spotistream run find_topics" in page.find_element(By.CSS_SELECTOR, ".map-note").text
    assert not page.find_element(By.CSS_SELECTOR, "[data-colours=topic]").is_enabled()


def test_keyboard_moves_comes_closer_and_plays_the_middle(page: Chrome) -> None:
    canvas = page.find_element(By.ID, "map-canvas")
    canvas.send_keys("+" * 6)
    wait(page, "return spotistream.map.state().view.scale > 10")
    canvas.send_keys(Keys.ARROW_RIGHT * 3)
    first = "return document.querySelector('.map-list [data-track]')?.dataset.track"
    wait(page, f"{first} === 'demo:8'")
    canvas.send_keys(Keys.ENTER)
    wait(page, "return document.getElementById('player-title').textContent === 'Song 8'")
    canvas.send_keys("0")
    assert page.execute_script("return spotistream.map.state().view") == {"x": 0, "y": 0, "scale": 1}


def test_listener_moves_to_what_they_play(page: Chrome) -> None:
    assert page.execute_script("return spotistream.map.state().here") is None
    at(page, 0).click().perform()
    wait(page, "return Math.abs(spotistream.map.state().here?.x + 0.9) < 0.01")
    at(page, TRACKS - 1).click().perform()
    wait(page, "return spotistream.map.state().here.x > 0.25")
