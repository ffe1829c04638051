"""Links in parts of a page that are HTML alone lead on as those of Dash do, in Chromium."""

from __future__ import annotations

import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from test_player import home, listener, wait  # noqa: F401 - fixtures

pytestmark = pytest.mark.timeout(120)
LINK = "document.querySelector('[data-shelf=popular] .card-title')"


def test_a_link_leads_to_another_page_without_a_load(home: Chrome) -> None:  # noqa: F811
    home.execute_script("window.here = true")
    home.execute_script(f"{LINK}.click()")
    wait(home, "return location.pathname.startsWith('/track/') && document.querySelector('#page .hero')")
    assert home.execute_script("return window.here === true")
    home.back()
    wait(home, f"return {LINK} !== null")
    assert home.execute_script("return window.here === true")


def test_a_click_for_another_tab_is_the_browsers(home: Chrome) -> None:  # noqa: F811
    before = home.current_window_handle
    link = home.find_element(By.CSS_SELECTOR, "[data-shelf=popular] .card-title")
    home.execute_script("arguments[0].scrollIntoView({ block: 'center' })", link)
    ActionChains(home).key_down(Keys.CONTROL).click(link).key_up(Keys.CONTROL).perform()
    wait(home, "return location.pathname === '/'")
    for opened in set(home.window_handles) - {before}:
        home.switch_to.window(opened)
        home.close()
    home.switch_to.window(before)
    assert home.execute_script("return location.pathname") == "/"
