"""The library in Chromium: playlists made, filled, put into order, deleted, taken along and back; the welcome."""

# ruff: noqa: F811
from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from browser_player import DATABASE, Player
from pymongo import MongoClient
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from test_accessible import AXE
from test_player import events, home, listener, play, seen, wait  # noqa: F401 - fixtures

from spotistream.tables import MUSIC_TOPICS_COLLECTION, PLAYLISTS_COLLECTION

pytestmark = pytest.mark.timeout(120)
ROWS = "return [...document.querySelectorAll('#playlist-rows .row-title')].map((each) => each.textContent)"
TOAST = "return document.querySelector('#toast.shown')?.textContent"
Playlists = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def stored(player: Player, listener: str) -> Playlists:
    """The listener's playlists as the store has them."""

    def found() -> list[dict[str, Any]]:
        with MongoClient(player.services.mongo) as client:
            return list(client[DATABASE][PLAYLISTS_COLLECTION.name].find({"user_id": listener}).sort("created_at", 1))

    return found


@pytest.fixture
def opened(home: Chrome, player: Player, listener: str) -> Chrome:
    """The page of a playlist with songs 1 to 4."""
    playlist_id = str(uuid.uuid4())
    body = {"user_id": listener, "name": "Four", "tracks": [f"demo:{number}" for number in range(1, 5)]}
    home.execute_async_script(
        "fetch(arguments[0], {method: 'PUT', body: arguments[1]}).then(arguments[2])",
        f"/playlists/{playlist_id}",
        json.dumps(body),
    )
    home.get(f"{player.url}/playlist/{playlist_id}")
    wait(home, "return document.querySelectorAll('#playlist-rows [data-grip]').length === 4")
    wait(home, "return document.documentElement.dataset.live === 'on'")
    return home


def tracks(stored: Playlists) -> list[str]:
    (playlist,) = stored()
    return [each.removeprefix("demo:") for each in playlist["tracks"]]


def rows_are(browser: Chrome, *numbers: int) -> None:
    titles = [f"Song {number}" for number in numbers]
    wait(browser, f"return ((found) => JSON.stringify(found) === arguments[0])((() => {{{ROWS}}})())", _json(titles))


def _json(titles: list[str]) -> str:
    return json.dumps(titles, separators=(",", ":"))


def grip(browser: Chrome, number: int) -> Any:
    return browser.find_element(By.CSS_SELECTOR, f"#playlist-rows li:nth-child({number}) [data-grip]")


def press_in_page(browser: Chrome, selector: str) -> None:
    wait(browser, "return document.querySelector(arguments[0])", selector).click()


def page_of(browser: Chrome) -> tuple[str, str]:
    """The path of the page, and who listens."""
    found = browser.execute_script(
        "return [location.pathname, JSON.parse(localStorage.getItem('spotistream.listener'))]"
    )
    return found[0], found[1]


def shelves(browser: Chrome, wanted: dict[str, list[str]]) -> dict[str, list[str]]:
    """The titles on these shelves of the library as soon as they are what is wanted, else in the end.

    The library is asked anew meanwhile: what was sent is on its way through Kafka.
    """
    titles = """dash_clientside.set_props('library-changed', {data: Date.now()});
        const rows = (shelf) => document.querySelectorAll(`.library-page [data-shelf='${shelf}'] .row-title`);
        const titlesOf = (shelf) => [...rows(shelf)].map((one) => one.textContent);
        return Object.fromEntries(arguments[0].map((shelf) => [shelf, titlesOf(shelf)]))"""
    found: dict[str, list[str]] = seen(browser, titles, wanted, list(wanted))
    return found


def add_from_card(browser: Chrome, track_id: str) -> None:
    browser.execute_script("document.querySelector(`[data-track='${arguments[0]}'] [data-menu]`).click()", track_id)
    browser.find_element(By.CSS_SELECTOR, "#track-menu [data-do=playlist]").click()
    wait(browser, "return document.querySelector('dialog.ask .ask-choice')")


def test_a_track_is_put_on_a_new_playlist_and_on_one_there_is(home: Chrome, stored: Playlists) -> None:
    add_from_card(home, "demo:3")
    press_in_page(home, ".ask-choice")
    wait(home, "return document.querySelector('.ask-input')").send_keys("Evening" + Keys.ENTER)
    wait(home, f"return (() => {{{TOAST}}})() === 'Song 3 is on Evening'")

    for said in ("Song 5 is on Evening", "Song 5 was on Evening already"):
        add_from_card(home, "demo:5")
        assert home.find_element(By.CSS_SELECTOR, ".ask-choice:nth-child(2)").text.startswith("Evening")
        press_in_page(home, ".ask-choice:nth-child(2)")
        wait(home, f"return (() => {{{TOAST}}})() === arguments[0]", said)
    (playlist,) = stored()
    assert (playlist["name"], playlist["tracks"]) == ("Evening", ["demo:3", "demo:5"])

    press_in_page(home, "a[href='/library']")
    wait(home, "return document.querySelector('.library-page .topic-name')?.textContent === 'Evening'")
    home.find_element(By.CSS_SELECTOR, ".library-page .topic-name").click()
    rows_are(home, 3, 5)
    assert home.title == "Evening · spotistream"
    here = "return [...document.querySelectorAll('.nav-link[aria-current]')].map((each) => each.textContent)"
    assert home.execute_script(here) == ["Library"]


def test_order_is_changed_by_dragging_and_by_keys_and_stays(opened: Chrome, stored: Playlists) -> None:
    last = grip(opened, 4)
    ActionChains(opened, duration=50).click_and_hold(grip(opened, 1)).move_to_element(last).move_by_offset(
        0, 20
    ).release().perform()
    rows_are(opened, 2, 3, 4, 1)

    grip(opened, 4).send_keys(Keys.ARROW_UP)
    rows_are(opened, 2, 3, 1, 4)
    wait(opened, "return document.activeElement.getAttribute('aria-label')?.startsWith('Move Song 1')")
    assert opened.find_element(By.ID, "playlist-said").get_attribute("textContent") == "Song 1 is 3 of 4"
    opened.switch_to.active_element.send_keys(Keys.ARROW_UP)
    rows_are(opened, 2, 1, 3, 4)
    covers = "return [...document.querySelectorAll('#playlist-rows img')].map((each) => each.src.split(':').at(-1))"
    assert opened.execute_script(covers) == ["2", "1", "3", "4"], "a cover goes with its row"
    sent = "return performance.getEntriesByType('resource').filter((each) => each.name.endsWith('/changes')).length"
    wait(opened, f"{sent} >= 3")
    opened.refresh()
    rows_are(opened, 2, 1, 3, 4)
    assert tracks(stored) == ["2", "1", "3", "4"]


def test_a_playlist_plays_in_its_order(opened: Chrome) -> None:
    grip(opened, 4).send_keys(Keys.ARROW_UP)
    rows_are(opened, 1, 2, 4, 3)
    opened.find_element(By.CSS_SELECTOR, "[data-playshelf=playlist]").click()
    wait(opened, "return document.getElementById('audio').currentTime > 0.2")
    assert opened.execute_script("return spotistream.queue.ahead().map((entry) => entry.title)") == [
        "Song 2", "Song 4", "Song 3",
    ]  # fmt: skip


def test_a_removed_track_comes_back_to_its_place_by_undo(opened: Chrome, stored: Playlists) -> None:
    opened.find_element(By.CSS_SELECTOR, "#playlist-rows li:nth-child(2) [data-library=remove]").click()
    rows_are(opened, 1, 3, 4)
    wait(opened, "return document.querySelector('.by-line').textContent.startsWith('3 tracks')")
    press_in_page(opened, ".toast-undo")
    rows_are(opened, 1, 2, 3, 4)
    assert tracks(stored) == ["1", "2", "3", "4"]


def test_a_playlist_is_renamed_and_deleted_only_when_sure(opened: Chrome, stored: Playlists) -> None:
    press_in_page(opened, "[data-library=rename]")
    field = wait(opened, "return document.querySelector('.ask-input')")
    assert field.get_attribute("value") == "Four"
    field.send_keys("Renamed" + Keys.ENTER)
    wait(opened, "return document.querySelector('#page h1')?.textContent === 'Renamed'")

    press_in_page(opened, "[data-library=delete]")
    press_in_page(opened, "dialog.ask [data-cancel]")
    wait(opened, "return !document.querySelector('dialog[open]')")
    assert stored()[0]["deleted"] is False
    press_in_page(opened, "[data-library=delete]")
    press_in_page(opened, "dialog.ask .danger")
    wait(opened, "return location.pathname === '/library' && document.querySelector('.library-page .empty')")
    assert stored() == []
    opened.back()
    wait(opened, "return document.querySelector('#page h1')?.textContent === 'This playlist is not here'")


def test_another_listener_sees_a_playlist_and_cannot_change_it(opened: Chrome) -> None:
    opened.execute_script("localStorage.setItem('spotistream.listener', '\"somebody-else\"')")
    opened.refresh()
    rows_are(opened, 1, 2, 3, 4)

    assert "A PLAYLIST OF TESTER" in opened.find_element(By.CSS_SELECTOR, ".eyebrow").text.upper()
    assert opened.find_elements(By.CSS_SELECTOR, "[data-grip], [data-library]") == []
    assert len(opened.find_elements(By.CSS_SELECTOR, "a[href*='/export/']")) == 2


def test_a_file_is_imported_with_a_report_of_what_is_missing(
    home: Chrome,
    player: Player,
    tmp_path: Path,
) -> None:
    file = tmp_path / "Road trip.m3u8"
    known, unknown = "Somebody - Seven\nhttp://elsewhere.example/media/demo%3A7", "Nobody - Nothing\ny.mp3"
    file.write_text(f"#EXTM3U\n#EXTINF:6,{known}\n#EXTINF:6,{unknown}\n", encoding="utf-8")
    home.get(f"{player.url}/library")
    press_in_page(home, "[data-library=import]")
    wait(home, "return document.getElementById('import-file')").send_keys(str(file))
    report = wait(home, "return document.querySelector('dialog.ask')")

    assert "1 of 2 tracks are here, now on Road trip." in report.text
    assert "Nobody - Nothing" in report.text
    report.find_element(By.CSS_SELECTOR, ".button:not(.quiet)").click()
    rows_are(home, 7)
    assert home.title == "Road trip · spotistream"


def test_likes_and_history_are_in_the_library_and_in_another_browser(home: Chrome, player: Player) -> None:
    play(home, "demo:2")
    home.find_element(By.ID, "player-like").click()
    wait(home, "return spotistream.events.waiting() === 0")
    press_in_page(home, "a[href='/library']")
    both = {"likes": ["Song 2"], "history": ["Song 2"]}
    found = shelves(home, both)
    assert found == both, f"the library shows {found}"
    forget = "document.querySelector(`[data-shelf='history'] [data-library=forget]`)?.click()"
    home.execute_script(forget)  # in one step: the list may be drawn anew at any moment
    likes_alone = {"likes": ["Song 2"], "history": []}
    found = shelves(home, likes_alone)
    assert found == likes_alone, f"after the play was forgotten the library shows {found}"
    who = home.execute_script("return localStorage.getItem('spotistream.listener')")

    home.execute_script("localStorage.clear(); localStorage.setItem('spotistream.listener', arguments[0])", who)
    home.get(f"{player.url}/track/demo:2")
    pressed = seen(home, "return document.querySelector('[data-like]')?.getAttribute('aria-pressed')", "true")
    assert pressed == "true", f"in the other browser aria-pressed of the heart is {pressed!r}"


def test_a_newcomer_chooses_what_they_like_and_it_is_sent(
    home: Chrome,
    player: Player,
    listener: str,
    events: Callable[..., list[dict[str, Any]]],
) -> None:
    tile = {"music_topic_id": "1", "name": "Slow tones", "size": 3, "covers": ["demo:1"]}
    with MongoClient(player.services.mongo) as client:
        topics = client[DATABASE][MUSIC_TOPICS_COLLECTION.name]
        topics.insert_many(
            [
                {"_id": "current", "topics": [tile]},
                {"_id": "1", **tile, "typical": ["demo:4", "demo:5", "demo:6", "demo:7"]},
            ]
        )
    home.find_element(By.CSS_SELECTOR, ".invitation").click()
    start = wait(home, "return document.querySelector(\"[data-welcome='start']\")")
    assert not start.is_enabled()
    press_in_page(home, "[data-pick='demo:4 demo:5 demo:6']")
    press_in_page(home, "[data-pick='demo:2']")
    assert home.find_element(By.ID, "welcome-count").text == "2 chosen"
    start.click()
    wait(home, "return location.pathname === '/' && document.querySelector('#for-you [data-track]')")

    sent = events(4)
    assert [(each["action"], each["track_id"], each["shelf"]) for each in sent] == [
        ("like", f"demo:{number}", "welcome") for number in (4, 5, 6, 2)
    ]


def test_who_is_made_by_name_is_welcomed_and_suggested(home: Chrome, listener: str) -> None:
    name = f"new-{listener}"
    home.find_element(By.CSS_SELECTOR, "[data-who=open]").click()
    home.find_element(By.ID, "who-input").send_keys(name + Keys.ENTER)
    wait(home, "return document.querySelector('.choice')")
    assert page_of(home) == ("/welcome", name)
    press_in_page(home, "[data-welcome=popular]")
    wait(home, "return document.querySelector('#for-you [data-track]')")
    assert page_of(home) == ("/", name)

    home.find_element(By.CSS_SELECTOR, "[data-who=open]").click()
    home.execute_script("dash_clientside.set_props('who-input', {value: arguments[0]})", name[:10])
    offered = (
        "return [...document.querySelectorAll('#who-suggestions [data-listener]')].map((one) => one.dataset.listener)"
    )
    found = seen(home, offered, [name])
    assert found == [name], f"suggested for {name[:10]!r}: {found}"


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_nothing_serious_in_a_playlist_and_its_dialogs(opened: Chrome, theme: str) -> None:
    opened.execute_script("document.documentElement.dataset.theme = arguments[0]", theme)
    opened.execute_script(files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = {"page": opened.execute_async_script(AXE)}
    for does in ("rename", "delete"):
        press_in_page(opened, f"[data-library={does}]")
        wait(opened, "return document.querySelector('dialog[open]')")
        found[does] = opened.execute_async_script(AXE)
        press_in_page(opened, "dialog.ask [data-cancel]")
        wait(opened, "return !document.querySelector('dialog[open]')")

    assert found == {"page": [], "rename": [], "delete": []}


@pytest.mark.parametrize("path", ["/library", "/welcome", "/playlist/nowhere"])
def test_library_fits_a_narrow_screen(home: Chrome, player: Player, path: str) -> None:
    metrics = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
    home.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    home.get(f"{player.url}{path}")
    wait(home, "return document.querySelector('#page h1')")

    assert home.execute_script("return document.documentElement.scrollWidth") <= 360
