"""The taste page, in Chromium: it follows what is played, and its switches become events."""

from __future__ import annotations

import pytest
from browser_player import Player
from selenium.webdriver import Chrome
from test_player import Events, events, home, listener, play, wait  # noqa: F401 - fixtures

pytestmark = pytest.mark.timeout(120)
HEADINGS = "return [...document.querySelectorAll('.taste h2')].map(each => each.textContent)"


def test_switches_correct_the_taste(home: Chrome, player: Player, events: Events) -> None:  # noqa: F811
    play(home, "demo:1")
    events(1)
    home.find_element("css selector", ".nav-link[href='/taste']").click()
    wait(home, "return document.querySelector('.taste-summary')?.textContent === 'Mostly Test, going by one track.'")
    home.execute_script("document.getElementById('audio').pause()")

    home.find_element("css selector", ".taste-row [data-taste=like]").click()
    wait(home, "return document.querySelector('.taste-row [data-taste=like][aria-pressed=true]')")
    home.find_element("css selector", ".liking [data-taste=dislike]").click()
    wait(home, f"return ({HEADINGS.removeprefix('return ')}).includes('Not for you')")
    home.find_element("css selector", "[data-taste=undo]").click()
    wait(home, f"return !({HEADINGS.removeprefix('return ')}).includes('Not for you')")

    said = [event["action"] for event in events(4) if event["action"] not in ("play", "skip", "complete")]
    assert said == ["like", "dislike", "unlike"]
