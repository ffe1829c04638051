"""The map page, in Chromium: points are drawn, named, played, found by keyboard, and the listener moves."""

from __future__ import annotations

import pytest
from browser_player import Player
from player_pages import TRACKS, add_topics_and_map
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from test_player import audio, home, listener, press, title, wait  # noqa: F401 - fixtures

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
    page.find_element(By.CSS_SELECTOR, ".map-genre").click()
    wait(page, f"return ((([r, g, b]) => r + g + b === 0))((() => {{ {colour.replace('arguments[0]', '0')} }})())")


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
