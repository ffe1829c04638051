"""The taste page, in Chromium: it follows what is played, says how that moved, and its switches become events."""

from __future__ import annotations

import pytest
from browser_player import Player
from player_pages import WEEKS, add_history
from selenium.webdriver import Chrome
from test_player import Events, events, home, listener, play, wait  # noqa: F401 - fixtures

pytestmark = pytest.mark.timeout(120)
HEADINGS = "return [...document.querySelectorAll('.taste h2')].map(each => each.textContent)"


def press(browser: Chrome, selector: str) -> None:
    """Whichever the button is at that moment: the page is drawn anew when the server has heard of a change."""
    browser.execute_script("document.querySelector(arguments[0]).click()", selector)


def test_switches_correct_the_taste(home: Chrome, player: Player, events: Events) -> None:  # noqa: F811
    play(home, "demo:1")
    events(1)
    home.find_element("css selector", ".nav-link[href='/taste']").click()
    wait(home, "return document.querySelector('.taste-summary')?.textContent === 'Mostly Test, going by one track.'")
    home.execute_script("document.getElementById('audio').pause()")

    press(home, ".taste-row [data-taste=like]")
    wait(home, "return document.querySelector('.taste-row [data-taste=like][aria-pressed=true]')")
    press(home, ".liking [data-taste=dislike]")
    wait(home, f"return ({HEADINGS.removeprefix('return ')}).includes('Not for you')")
    press(home, "[data-taste=undo]")
    wait(home, f"return !({HEADINGS.removeprefix('return ')}).includes('Not for you')")

    said = [event["action"] for event in events(4) if event["action"] not in ("play", "skip", "complete")]
    assert said == ["like", "dislike", "unlike"]


def test_what_was_played_over_weeks_is_a_picture_and_a_table(home: Chrome, player: Player, listener: str) -> None:  # noqa: F811
    add_history(player, listener)
    home.get(f"{player.url}/taste")
    wait(home, "return document.querySelectorAll('.moves-panel').length === 2")
    rows = home.execute_script(
        "return [...document.querySelectorAll('.moves-panel:last-child li')].map((row) => row.innerText)"
    )
    assert [row.split("\n")[0] for row in rows] == ["Artist 1", "Artist 2"]
    heights = (
        "return [...document.querySelectorAll('.moves-panel:last-child li:first-child .bar')].map(b => b.offsetHeight)"
    )
    wait(home, f"const found = ({heights.removeprefix('return ')}); return found[0] > 35 && found.at(-1) < 3")
    assert len(home.execute_script(heights)) == WEEKS
    press(home, ".moves-table summary")
    lines = home.execute_script(
        "return [...document.querySelectorAll('.moves-table tr')].map((row) => row.innerText.split('\\t'))"
    )
    assert [line[0] for line in lines] == [
        "Share of the plays",
        "Plays",
        "Genres",
        "Test",
        "Artists",
        "Artist 1",
        "Artist 2",
    ]
    assert [lines[5][1], lines[5][-1]] == ["100%", "0%"]

    home.execute_script("document.querySelector('.moves-table summary').focus()")
    press(home, ".taste-row [data-taste=like]")
    wait(home, "return document.querySelector('.taste-row [data-taste=like][aria-pressed=true]')")
    assert home.execute_script("return document.querySelector('.moves-table').open"), "the table was folded up"
    assert home.execute_script("return document.activeElement.textContent") == "The same as a table"
