"""Every page in both themes and on a narrow screen: axe-core finds nothing serious, and nothing is wider than it."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from browser_player import Player
from player_pages import PAGES, add_history, add_topics_and_map
from selenium.webdriver import Chrome
from test_player import Events, events, home, listener, play, wait  # noqa: F401 - fixtures

pytestmark = pytest.mark.timeout(240)
AXE = """
const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ["violations"] }).then((found) => done(found.violations
    .filter((each) => ["serious", "critical"].includes(each.impact))
    .map((each) => `${each.id}: ${each.nodes.map((node) => node.target.join(" ")).join(", ")}`)));
"""
SETTLED = """
const page = document.getElementById("page");
return page?.querySelector("h1") && page.dataset.dashIsLoading !== "true"
    && !page.querySelector(".skeleton, .activity-blank, .map.loading")
    && document.getAnimations().every((each) => each.playState !== "running" || each.effect.getTiming().iterations > 9);
"""
NARROW = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}


def serious(browser: Chrome) -> list[str]:
    return list(browser.execute_async_script(AXE))


@pytest.fixture
def heard(home: Chrome, player: Player, events: Events, listener: str) -> Chrome:  # noqa: F811
    """A listener who has played something for weeks, with topics and a map in the store."""
    add_topics_and_map(player)
    play(home, "demo:1")
    events(1)
    home.execute_script("document.getElementById('audio').pause()")
    add_history(player, listener)
    return home


@pytest.mark.parametrize(("theme", "narrow"), [("dark", False), ("light", False), ("light", True)])
def test_axe_finds_nothing_serious(heard: Chrome, player: Player, theme: str, narrow: bool) -> None:
    if narrow:
        heard.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", NARROW)
    heard.execute_script("localStorage.setItem('spotistream.theme', JSON.stringify(arguments[0]))", theme)
    heard.get(player.url)
    wait(heard, SETTLED)
    heard.execute_script(files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found: dict[str, Any] = {}
    for address in PAGES:
        heard.execute_script("spotistream.search.go(arguments[0])", address)
        wait(heard, "return location.pathname + location.search === arguments[0]", address)
        wait(heard, SETTLED)
        found[address] = serious(heard)
        if heard.execute_script("return document.documentElement.scrollWidth > innerWidth"):
            found[address].append("wider than the screen")
    assert heard.execute_script("return getComputedStyle(document.documentElement).colorScheme") == theme

    assert {address: problems for address, problems in found.items() if problems} == {}
    heard.execute_script("document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=\"/cover/demo:1\">')")
    assert [problem.split(":")[0] for problem in serious(heard)] == ["image-alt"]


def test_dark_and_light_are_switched_and_kept(home: Chrome) -> None:  # noqa: F811
    scheme = "return getComputedStyle(document.documentElement).colorScheme"
    home.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    )
    before = home.execute_script("return getComputedStyle(document.body).backgroundColor")
    home.find_element("css selector", ".theme-switch").click()
    assert home.execute_script(scheme) == "light"
    assert home.execute_script("return getComputedStyle(document.body).backgroundColor") != before
    home.refresh()
    wait(home, "return document.querySelector('.theme-switch')")
    assert home.execute_script(scheme) == "light"
    home.find_element("css selector", ".theme-switch").click()
    assert home.execute_script("return localStorage.getItem('spotistream.theme')") == "null"
