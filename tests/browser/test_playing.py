"""How tracks are played, in Chromium: one after the other without a gap, as loud as each other, worked by keys."""

from __future__ import annotations

import pytest
from browser_player import Player
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from test_player import audio, home, listener, play, press, seen, title, wait  # noqa: F401 - fixtures

pytestmark = pytest.mark.timeout(120)
TOAST = "return document.getElementById('toast').textContent"
SPARE = "const spare = document.getElementById('audio-spare');"


def seek(browser: Chrome, seconds: float) -> None:
    browser.execute_script("document.getElementById('audio').currentTime = arguments[0]", seconds)


def test_next_track_is_fetched_before_it_is_needed_and_begins_at_once(home: Chrome) -> None:  # noqa: F811
    play(home, "demo:1")
    wait(home, f"{SPARE} return spare.src.endsWith('/media/demo%3A2') && spare.readyState === 4")
    home.execute_script("window.ready = document.getElementById('audio-spare')")
    seek(home, 5.7)
    wait(home, "return document.getElementById('audio') === window.ready && !window.ready.paused")
    assert title(home) == "Song 2"
    wait(home, "return window.ready.currentTime > 0.2")
    assert home.execute_script("return document.querySelectorAll('audio').length") == 2


def test_tracks_fade_into_each_other_where_that_is_wanted(home: Chrome) -> None:  # noqa: F811
    home.find_element(By.ID, "player-queue").click()
    slider = home.find_element(By.CSS_SELECTOR, "#playback-crossfade input")
    slider.send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert slider.get_attribute("aria-valuetext") == "2 s"
    play(home, "demo:1")
    home.execute_script(
        """window.heard = [];
        setInterval(() => window.heard.push(['audio', 'audio-spare'].map((id) => document.getElementById(id))
            .map((each) => each.paused ? 0 : each.volume)), 20)"""
    )
    seek(home, 4.2)
    wait(home, "return document.getElementById('player-title').textContent === 'Song 2'")
    wait(home, f"{SPARE} return spare.paused && document.getElementById('audio').currentTime > 1.6")
    both = home.execute_script("return window.heard.filter((levels) => levels[0] > 0 && levels[1] > 0)")
    assert len(both) > 20, "for a while both are heard"
    assert both[0][0] < 0.4 < 0.6 < both[0][1], "the new one begins softly"
    assert both[-1][1] < 0.4 < 0.6 < both[-1][0], "the old one ends softly"
    home.refresh()
    wait(home, "return spotistream.decks?.settings().crossfadeS === 2")


def test_tracks_are_equally_loud_and_never_above_full_scale(home: Chrome) -> None:  # noqa: F811
    play(home, "demo:1")
    assert audio(home, "volume") == pytest.approx(0.8 * 10 ** (0.4 / 20)), "it has -16.4 LUFS, 0.4 below the target"
    assert home.execute_script("return spotistream.decks.gain(-10)") == pytest.approx(10 ** (-6 / 20))
    home.execute_script("spotistream.decks.setVolume(1)")
    assert audio(home, "volume") == 1
    home.find_element(By.ID, "player-queue").click()
    home.find_element(By.CSS_SELECTOR, "#playback-levelled input").click()
    home.execute_script("spotistream.decks.setVolume(0.8)")
    assert audio(home, "volume") == pytest.approx(0.8)
    home.find_element(By.ID, "player-mute").click()
    assert audio(home, "muted") is True
    assert home.find_element(By.ID, "player-mute").get_attribute("aria-pressed") == "true"


def test_system_is_told_what_plays(home: Chrome, player: Player) -> None:  # noqa: F811
    play(home, "demo:3")
    session = home.execute_script(
        """const { metadata, playbackState } = navigator.mediaSession;
        return [metadata.title, metadata.artist, metadata.artwork[0].src, playbackState]"""
    )
    assert session == ["Song 3", "Artist 3", f"{player.url}/cover/demo%3A3", "playing"]
    press(home, " ")
    wait(home, "return navigator.mediaSession.playbackState === 'paused'")


def test_keys_are_listed_work_and_can_be_switched_off(home: Chrome) -> None:  # noqa: F811
    play(home, "demo:1")
    press(home, "?")
    assert home.find_element(By.ID, "shortcuts").is_displayed()
    assert home.find_element(By.CSS_SELECTOR, "[data-key='n'] dd").text == "Next track"
    home.find_element(By.ID, "shortcuts-close").send_keys(Keys.ESCAPE)
    wait(home, "return !document.querySelector('dialog[open]')")
    press(home, "m")
    assert audio(home, "muted") is True
    press(home, "r")
    press(home, "L")
    press(home, "q")
    assert home.execute_script("return spotistream.queue.modes().repeat") == "all"
    assert home.find_element(By.ID, "player-like").get_attribute("aria-pressed") == "true"
    assert home.find_element(By.ID, "queue").is_displayed()

    home.find_element(By.ID, "shortcuts-open").click()
    home.find_element(By.CSS_SELECTOR, "#shortcuts-used input").click()
    home.find_element(By.ID, "shortcuts-close").click()
    press(home, "m")
    assert audio(home, "muted") is True


def test_format_this_browser_cannot_play_is_said(home: Chrome, player: Player) -> None:  # noqa: F811
    play(home, "demo:1")
    home.execute_script("dash_clientside.set_props('url', {pathname: '/track/demo:aiff'})")
    wait(home, "return document.querySelector('.hero[data-unplayable]')")
    said = "return getComputedStyle(document.querySelector('.hero .actions'), '::after').content"
    assert home.execute_script(said) == '"This browser cannot play AIFF"'
    home.find_element(By.CSS_SELECTOR, ".hero-play").click()
    assert home.execute_script(TOAST) == "This browser cannot play AIFF"
    assert title(home) == "Song 1"
    home.execute_script("dash_clientside.set_props('url', {pathname: '/artist/a1'})")
    said = "return document.querySelector(\".row[data-track='demo:aiff'] .row-words\")?.dataset.unplayable"
    wait(home, f"{said} === 'This browser cannot play AIFF'")
    home.execute_script("dash_clientside.set_props('url', {pathname: '/track/demo:aiff'})")
    wait(home, "return document.querySelector('.hero[data-unplayable]')")
    home.execute_script("spotistream.queue.playNext(spotistream.queue.entryOf(document.querySelector('.hero')))")
    home.find_element(By.ID, "player-next").click()
    wait(home, "return document.getElementById('player-title').textContent === 'Song 2'")


@pytest.mark.parametrize(
    ("track_id", "said"),
    [
        ("demo:gone", "Lost song is not in the music folder any more"),
        ("demo:broken", "This browser cannot play Broken song (OGG)"),
    ],
)
def test_track_that_does_not_play_says_why_and_the_music_goes_on(
    home: Chrome,  # noqa: F811
    player: Player,
    track_id: str,
    said: str,
) -> None:
    home.execute_script("dash_clientside.set_props('url', {pathname: `/track/${arguments[0]}`})", track_id)
    wait(home, "return document.querySelector('.hero-play')").click()
    found = seen(home, TOAST, said)
    assert found == said, f"the page says {found!r}"
    wait(home, "return document.getElementById('audio').currentTime > 0.2")
    assert title(home) == "Song 1", f"{title(home)!r} plays after it"
    assert audio(home, "paused") is False, "the music stopped"
    home.get_log("browser")
