"""The activity page, in Chromium: it follows what listeners do."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from browser_player import Player
from kafka import KafkaProducer
from selenium.webdriver import Chrome
from test_player import home, listener, play, table, wait  # noqa: F401 - fixtures

from spotistream.tables import RECOMMENDATIONS_TOPIC

pytestmark = pytest.mark.timeout(120)
FIGURE = """return [...document.querySelectorAll('.figure-tile')]
    .find(each => each.firstChild.textContent === arguments[0])?.children[1].textContent"""


def test_a_play_and_the_time_to_the_screen_are_seen_live(home: Chrome, player: Player, listener: str) -> None:  # noqa: F811
    play(home, "demo:1")
    document = table(7, "demo:1", "play", ["demo:9", "demo:10", "demo:11"])
    document["caused_by"]["event_time"] = datetime.now(UTC).isoformat()
    producer = KafkaProducer(bootstrap_servers=player.services.kafka)
    producer.send(RECOMMENDATIONS_TOPIC.name, key=listener.encode(), value=json.dumps(document).encode()).get(5)
    producer.close()
    wait(home, "return document.querySelector('#for-you .because')")
    home.find_element("css selector", ".nav-link[href='/activity']").click()
    wait(home, "return document.querySelector('.figure-value')")

    assert int(home.execute_script(FIGURE, "Listening now")) >= 1
    assert home.execute_script(FIGURE, "From event to screen").endswith(" s")
    rising = "return [...document.querySelectorAll('.table th[scope=row] a')].map(each => each.textContent)"
    assert "Song 1" in home.execute_script(rising)
    assert home.find_element("css selector", ".nav-link[aria-current=page]").text == "Activity"
