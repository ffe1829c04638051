"""Play pressed in Chromium, and what the streams make of it, on the whole running service."""

from __future__ import annotations

import re
from typing import Any

import pytest
from plugins.whole_service import Service
from selenium.webdriver import Chrome
from selenium.webdriver.support.ui import WebDriverWait

pytestmark = pytest.mark.timeout(900)
PATIENCE_S = 40.0
OFFERED = "return [...document.querySelectorAll('#for-you [data-track]')].map(card => card.dataset.track)"


def wait(browser: Chrome, script: str, *arguments: Any) -> Any:
    return WebDriverWait(browser, PATIENCE_S, poll_frequency=0.05).until(
        lambda driver: driver.execute_script(script, *arguments), f"not within {PATIENCE_S} s: {script}"
    )


def test_pressing_play_sounds_and_changes_for_you_without_a_reload(service: Service, browser: Chrome) -> None:
    browser.get(f"{service.url}/healthz")
    browser.execute_script("localStorage.clear()")
    browser.execute_script("localStorage.setItem('spotistream.listener', JSON.stringify('dora'))")
    browser.get(service.url)
    wait(browser, "return document.querySelectorAll('#for-you [data-track]').length > 4")
    wait(browser, "return document.documentElement.dataset.live === 'on'")
    browser.execute_script("window.samePage = true")
    before = browser.execute_script(OFFERED)

    browser.execute_script("document.querySelector('#for-you [data-track] [data-play]').click()")
    wait(browser, "const a = document.getElementById('audio'); return !a.paused && a.currentTime > 0.5")
    why = wait(browser, "return document.querySelector('#for-you .because')?.textContent")

    played = browser.execute_script("return document.getElementById('player-title').textContent")
    cause, _, change = why.partition(" · ")
    assert cause == f"Updated because you just played {played}"
    assert not change or re.fullmatch(r"\d+ new tracks?", change)
    after = browser.execute_script(OFFERED)
    assert after != before
    assert before[0] not in after
    assert browser.execute_script("return window.samePage") is True
    position = browser.execute_script("return document.getElementById('audio').currentTime")
    wait(browser, "return document.getElementById('audio').currentTime > arguments[0] + 1", position)
