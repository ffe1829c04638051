"""Pictures of every page of a running service, dark and light, wide and narrow.

    .venv/bin/python tests/browser/screenshots.py http://127.0.0.1:8050 [--to docs/images/player] [--listener maya]

Gives the listener ten weeks of plays and plays a few tracks, so that there is something to see; what is shown is
whatever the service has.
"""

from __future__ import annotations

import argparse
import io
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

THEMES = ("dark", "light")
SCREENS = {"wide": (1280, 800), "narrow": (390, 844)}
PLAYED = 4
SHOWN_PX = 960
"""Wide pictures are made this wide."""
QUALITY = 72
PATIENCE_S, SETTLE_S = 20, 1.2
PAST = """
const [listener, done] = arguments;
const tracks = [...new Set([...document.querySelectorAll("#page [data-track]")].map((each) => each.dataset.track))];
const half = Math.ceil(tracks.length / 2), weeks = 10, aWeek = 9, hour = 3600e3;
const events = Array.from({ length: weeks * aWeek }, (_, number) => {
    const week = Math.floor(number / aWeek), place = number % aWeek;
    const lately = place < week ? half : 0;  /* the first tracks at first, the others more and more */
    return {
        schema_version: 1, event_id: crypto.randomUUID(), user_id: listener, action: "play", source: "player",
        track_id: tracks[(lately + (7 * number) % half) % tracks.length],
        event_time: new Date(Date.now() - (weeks - week) * 7 * 24 * hour + place * 5 * hour).toISOString(),
    };
});
const sent = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(events) };
fetch("/events", sent).then((answer) => answer.json()).then((said) => done(said.accepted.length), () => done(0));
"""
READY = """
const page = document.getElementById("page");
return page?.querySelector("h1") && page.dataset.dashIsLoading !== "true"
    && !page.querySelector(".skeleton, .activity-blank, .map.loading");
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="address of the player")
    parser.add_argument("--to", type=Path, default=Path("docs/images/player"), metavar="DIR")
    parser.add_argument("--listener", default="maya")
    parser.add_argument("--query", default="night", help="what the page of results searches for")
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        browser = chromium(profile)
        try:
            pages = prepared(browser, options.url, options.listener, options.query)
            for path, picture in pictures(browser, options.url, pages):
                saved(picture, options.to / path)
                print(options.to / path)
        finally:
            browser.quit()


def chromium(profile: str) -> webdriver.Chrome:
    settings = webdriver.ChromeOptions()
    settings.binary_location = shutil.which("chromium") or shutil.which("google-chrome") or ""
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        f"--user-data-dir={profile}",
    ):
        settings.add_argument(argument)
    settings.add_argument("--autoplay-policy=no-user-gesture-required")
    return webdriver.Chrome(options=settings, service=webdriver.ChromeService(shutil.which("chromedriver")))


def prepared(browser: webdriver.Chrome, url: str, listener: str, query: str) -> dict[str, str]:
    """Play and like something; then each page by its name, one of each kind as the links of others lead to it."""
    opened(browser, f"{url}/healthz", ready="return true")
    browser.execute_script("localStorage.setItem('spotistream.listener', JSON.stringify(arguments[0]))", listener)
    opened(browser, url)
    if not browser.execute_async_script(PAST, listener):
        raise SystemExit("the service takes no plays")
    for number in range(PLAYED):
        browser.execute_script("document.querySelectorAll('.card [data-play]')[arguments[0]].click()", 2 * number)
        time.sleep(2 * SETTLE_S)
    browser.execute_script("document.getElementById('player-like').click(); document.getElementById('audio').pause()")
    topic, track = (first(browser, prefix) for prefix in ("/topic/", "/track/"))
    opened(browser, f"{url}{track}")
    artist, album, genre = (first(browser, prefix) for prefix in ("/artist/", "/album/", "/genre/"))
    named = {"home": "/", "topic": topic, "track": track, "artist": artist, "album": album, "genre": genre}
    others = {name: f"/{name}" for name in ("map", "library", "taste", "activity", "welcome")}
    found = {**named, "search": f"/search?q={query}", **others}
    return {name: address for name, address in found.items() if address}


def first(browser: webdriver.Chrome, prefix: str) -> str | None:
    """Where the first link leads that begins so; None where the page has none."""
    script = "return document.querySelector(`#page a[href^='${arguments[0]}']`)?.getAttribute('href')"
    address: str | None = browser.execute_script(script, prefix)
    return address


def pictures(browser: webdriver.Chrome, url: str, pages: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """A name for the file, and the picture as PNG."""
    for screen, (width, height) in SCREENS.items():
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": screen == "narrow"}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        for theme in THEMES:
            browser.execute_script("localStorage.setItem('spotistream.theme', JSON.stringify(arguments[0]))", theme)
            for name, address in pages.items():
                opened(browser, f"{url}{address}")
                time.sleep(SETTLE_S)
                yield f"{name}-{screen}-{theme}.webp", browser.get_screenshot_as_png()


def opened(browser: webdriver.Chrome, address: str, *, ready: str = READY) -> None:
    browser.get(address)
    WebDriverWait(browser, PATIENCE_S, poll_frequency=0.1).until(lambda driver: driver.execute_script(ready), address)


def saved(picture: bytes, path: Path) -> None:
    """As WebP, no wider than ``SHOWN_PX``."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    if image.width > SHOWN_PX:
        image = image.resize((SHOWN_PX, round(image.height * SHOWN_PX / image.width)), Image.Resampling.LANCZOS)
    image.save(path, "WEBP", quality=QUALITY, method=6)


if __name__ == "__main__":
    main()
