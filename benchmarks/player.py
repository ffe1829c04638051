"""How fast the player is with a large catalogue: first paint, page changes, and from a click to sound, in Chromium.

    .venv/bin/python benchmarks/player.py [--tracks 100000] [--rounds 7] [--json]

A home of its own in a temporary folder, an embedded broker and store, and the player as a process like the service's.
The store is filled with made-up tracks and what the jobs make of them: similar tracks, shelves, topics, a map, a
listener with a table and a history. A few real audio files stand behind all tracks.

first visit  a browser that was never here, just after the player has started; the catalogue is still being read
loads        the start page loaded anew: first contentful paint, "for you" on the screen
changes      a click on a link, or Enter in the search box, until the page it leads to was painted with its content;
             pictures: until the covers that can be seen are there; callback: its longest callback
audio        a click on a track's play button until the audio element says that it plays

Times are milliseconds, by the browser's clock. A round goes through all pages; the first one warms up and is left out.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kafka.admin import KafkaAdminClient, NewTopic
from pymongo import MongoClient

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

from browser_player import DATABASE, running_player
from player_catalogue import LAST_WORD, LISTENER, all_documents, audio_files
from screenshots import chromium
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from spotistream.services.running import Addresses, start_missing
from spotistream.tables import TOPICS

PROBE = Path(__file__).with_name("player_probe.js")
PATIENCE_S, READ_S = 20.0, 900.0
REST_S = 0.6
"""Between a page and the next: a person looks at it."""
BULK = 500
QUERIES = ("lan", "sto", "brane", "keru")
FOR_YOU = "#for-you .card[data-track]"
HOME_PARTS = (FOR_YOU, '[data-shelf="popular"]')
SERVERS = {"player": "-m dashboard", "store": "spotistream.services.document_store"}


@dataclass(frozen=True)
class Step:
    """A page change: what is clicked on the page before, the address it leads to, and what must be there then."""

    page: str
    click: str
    path: str
    parts: tuple[str, ...] = ()


ROUND = (
    Step("track", f"{FOR_YOU} .card-title", "/track/", (".waveform", '[data-shelf="similar-by-sound"]')),
    Step("album", '#page a[href^="/album/"]', "/album/", ("#page .row",)),
    Step("artist", '#page a[href^="/artist/"]', "/artist/", ("#page .row", "#shelf-near-artists")),
    Step("home", ".brand", "/", HOME_PARTS),
    Step("topic", '#page a[href^="/topic/"]', "/topic/", ("#page .card",)),
    Step("track", "#page .card-title", "/track/", (".waveform", '[data-shelf="similar-by-sound"]')),
    Step("genre", '#page a[href^="/genre/"]', "/genre/", ("#page .row", "#page .card")),
    Step("library", '.nav-link[href="/library"]', "/library", ("#library-body .row",)),
    Step("map", '.nav-link[href="/map"]', "/map", (".map:not(.loading)",)),
    Step("taste", '.nav-link[href="/taste"]', "/taste", ("#taste .row",)),
    Step("activity", '.nav-link[href="/activity"]', "/activity", ("#activity .figures",)),
    Step("search", "", "/search", ("#page .row",)),
    Step("home", ".brand", "/", HOME_PARTS),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tracks", type=int, default=100_000, metavar="N", help="size of the catalogue")
    parser.add_argument("--rounds", type=int, default=7, metavar="N", help="through all pages, beside the warming one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="player-") as folder:
        home = Path(folder)
        with start_missing(home / "services", kafka=True, store=True) as services:
            begin = time.perf_counter()
            fill(services, home / "home", options.tracks, seed=options.seed)
            filled_s = round(time.perf_counter() - begin, 1)
            found = measured(services, home, rounds=options.rounds)
    load = [round(each, 1) for each in os.getloadavg()]
    report = {"tracks": options.tracks, "rounds": options.rounds, "filled_s": filled_s, "load": load, **found}
    print(json.dumps(report) if options.json else table(report))


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def fill(services: Addresses, home: Path, tracks: int, *, seed: int) -> None:
    """Topics, and every document the player reads."""
    admin = KafkaAdminClient(bootstrap_servers=services.kafka)
    admin.create_topics([NewTopic(topic.name, 1, 1) for topic in TOPICS])
    admin.close()
    audio = audio_files(home / "demo" / "music")
    with MongoClient(services.mongo) as client:
        for collection, documents in all_documents(tracks, audio, seed=seed):
            written = 0
            for chunk in chunks(documents, BULK):
                client[DATABASE][collection.name].insert_many(chunk)
                written += len(chunk)
            say(f"{collection.name}: {written:,}")


def chunks(documents: Iterator[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    for document in documents:
        chunk.append(document)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def measured(services: Addresses, home: Path, *, rounds: int) -> dict[str, Any]:
    """Everything, on a filled store."""
    begin = time.perf_counter()
    with running_player(services, home / "home") as player, browser(home / "profile") as driver:
        ready_s = time.perf_counter() - begin
        visit = load(driver, player.url)
        say(f"first visit: {visit}")
        until(lambda: catalogue_is_read(player.url), READ_S)
        read_s = time.perf_counter() - begin
        say(f"the catalogue is read after {read_s:.0f} s")
        loads, changes, audio = defaultdict(list), defaultdict(list), []
        for number in range(rounds + 1):
            one = round_of(driver, player.url, number)
            if number:
                add(loads, one["load"])
                for page, figures in one["changes"]:
                    changes[page].append(figures)
                audio.append(one["audio"])
            say(f"round {number}: audio {one['audio']:.0f} ms; " + shown_of(one["changes"]))
        memory = {name: memory_mb(words, home) for name, words in SERVERS.items()}
    return {
        "player_ready_s": round(ready_s, 1),
        "catalogue_read_s": round(read_s, 1),
        "memory_mb": memory,
        "first_visit": visit,
        "load_again": {name: quantiles(values) for name, values in loads.items()},
        "changes": {page: summary(figures) for page, figures in changes.items()},
        "audio": quantiles(audio),
    }


def round_of(driver: Chrome, url: str, number: int) -> dict[str, Any]:
    """The start page anew, every page from there, and a play."""
    driver.execute_script("localStorage.setItem('spotistream.listener', JSON.stringify(arguments[0]))", LISTENER)
    loaded = load(driver, url)
    changes = [(step.page, change(driver, step, number)) for step in ROUND]
    return {"load": loaded, "changes": changes, "audio": play(driver, number)}


def load(driver: Chrome, url: str) -> dict[str, float]:
    """Load the start page. Times since the navigation began."""
    driver.get(url)
    until(lambda: driver.execute_script("return window.probe.state().forYou"))
    times: dict[str, float] = driver.execute_script(
        """const first = performance.getEntriesByName("first-contentful-paint")[0];
        return { first_paint: first.startTime, for_you: window.probe.state().forYou, ...window.probe.requests() }"""
    )
    return rounded(times)


def change(driver: Chrome, step: Step, number: int) -> dict[str, float]:
    """One page change, after the page before has come to rest."""
    time.sleep(REST_S)
    if step.click:
        place = one_of(driver, step.click, number)
        expect(driver, step)
        place.click()
    else:
        field = driver.find_element(By.ID, "search-input")
        field.clear()
        field.send_keys(QUERIES[number % len(QUERIES)])
        time.sleep(REST_S)
        expect(driver, step)
        field.send_keys(Keys.ENTER)
    until(lambda: driver.execute_script("return window.probe.state().pictured"), what=f"{step.page} page")
    state = driver.execute_script("return window.probe.state()")
    times = {"shown": state["shown"] - state["clicked"], "pictures": state["pictured"] - state["clicked"]}
    return rounded({**times, **driver.execute_script("return window.probe.requests()")})


def one_of(driver: Chrome, selector: str, number: int) -> WebElement:
    """One of the first that fit, another one in each round, in the middle of the screen."""
    found = driver.find_elements(By.CSS_SELECTOR, selector)
    chosen = found[number % min(len(found), 5)]
    driver.execute_script("arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })", chosen)
    return chosen


def expect(driver: Chrome, step: Step) -> None:
    driver.execute_script("window.probe.expect(arguments[0], arguments[1])", step.path, step.parts)


def play(driver: Chrome, number: int) -> float:
    """From a click on a card of the start page to sound."""
    time.sleep(REST_S)
    button = one_of(driver, f"{FOR_YOU} .card-play", number)
    expect(driver, ROUND[-1])
    button.click()
    until(lambda: driver.execute_script("return window.probe.state().playing"))
    state = driver.execute_script("return window.probe.state()")
    driver.execute_script("document.getElementById('audio').pause()")
    return round(state["playing"] - state["clicked"], 1)


@contextmanager
def browser(profile: Path) -> Iterator[Chrome]:
    """Chromium without a window, with the probe in every page."""
    profile.mkdir()
    driver = chromium(str(profile))
    try:
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": PROBE.read_text(encoding="utf-8")})
        yield driver
    finally:
        driver.quit()


def catalogue_is_read(url: str) -> bool:
    with urllib.request.urlopen(f"{url}/search/suggestions?q={LAST_WORD}") as answer:  # noqa: S310 - our own server
        hits = json.load(answer)["hits"]
    return any(LAST_WORD in hit["name"] for hit in hits)


def memory_mb(words: str, home: Path) -> int:
    """Resident memory of the process of this home that has these words in its command."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_text().replace("\0", " ")
            if words in command and str(home) in command:
                pages = int((process / "statm").read_text().split()[1])
                return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6)
        except OSError:  # it has just ended
            continue
    return 0


def until(condition: Callable[[], Any], patience_s: float = PATIENCE_S, *, what: str = "the player") -> None:
    deadline = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} was not there within {patience_s:g} s")
        time.sleep(0.05)


def rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 1) for name, value in figures.items()}


def add(lists: dict[str, list[float]], figures: Mapping[str, float]) -> None:
    for name, value in figures.items():
        lists[name].append(value)


def quantiles(values: Sequence[float]) -> dict[str, float]:
    """The median and the 95th percentile, which of few values is the largest."""
    ordered = sorted(values)
    return {"p50": statistics.median(ordered), "p95": ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]}


def summary(figures: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    lists: dict[str, list[float]] = defaultdict(list)
    for each in figures:
        add(lists, each)
    return {name: quantiles(values) for name, values in lists.items()}


def shown_of(changes: Sequence[tuple[str, Mapping[str, float]]]) -> str:
    return ", ".join(f"{page} {figures['shown']:.0f}" for page, figures in changes)


def table(report: Mapping[str, Any]) -> str:
    visit, again = report["first_visit"], report["load_again"]
    lines = [
        f"{report['tracks']:,} tracks, {report['rounds']} rounds, load {report['load'][0]}",
        f"memory {report['memory_mb']} MB; the catalogue was read in {report['catalogue_read_s']:.0f} s",
        f"first visit: first paint {visit['first_paint']:.0f} ms, for you {visit['for_you']:.0f} ms",
        f"loaded again: first paint {again['first_paint']['p50']:.0f} ms, for you {again['for_you']['p50']:.0f} ms",
        f"audio: {report['audio']['p50']:.0f} ms, p95 {report['audio']['p95']:.0f} ms",
        f"{'':10}{'shown p50':>10}{'p95':>8}{'pictures':>10}{'callback':>10}{'calls':>7}{'KB':>8}{'elements':>10}",
    ]
    for page, each in report["changes"].items():
        shown, pictures, callback = each["shown"], each["pictures"]["p50"], each["callback_ms"]["p50"]
        calls, kb, elements = each["callbacks"]["p50"], each["bytes"]["p50"] / 1000, each["elements"]["p50"]
        figures = f"{shown['p50']:10.0f}{shown['p95']:8.0f}{pictures:10.0f}{callback:10.0f}"
        lines.append(f"{page:10}{figures}{calls:7.0f}{kb:8.0f}{elements:10.0f}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
