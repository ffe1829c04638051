"""The player as a process of its own over a real broker and store, and Chromium to look at it."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from browser_player import DATABASE, SECONDS, Player, running_player
from kafka.admin import KafkaAdminClient, NewTopic
from pymongo import MongoClient
from selenium import webdriver

from spotistream.audio.pictures import spectrogram_picture
from spotistream.services.running import Addresses, start_missing
from spotistream.tables import (
    POPULAR_OVERALL,
    POPULAR_TRACKS,
    RECOMMENDATIONS_COLLECTION,
    SIMILAR_TRACKS,
    TOPICS,
    TRACKS_COLLECTION,
)

TRACKS = 14
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((found for name in BROWSERS if (found := shutil.which(name))), None)
CHROMEDRIVER = shutil.which("chromedriver")
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--window-size=1280,900",
)


@pytest.fixture(scope="module")
def player_services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Addresses]:
    with start_missing(tmp_path_factory.mktemp("home"), kafka=True, store=True) as addresses:
        admin = KafkaAdminClient(bootstrap_servers=addresses.kafka)
        admin.create_topics([NewTopic(topic.name, 1, 1) for topic in TOPICS])
        admin.close()
        yield addresses


@pytest.fixture(scope="module")
def player_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("player")


@pytest.fixture(scope="module")
def catalogue(player_services: Addresses, player_home: Path) -> None:
    """Short tones as tracks, popular in the order of their numbers, each like the two after it.

    They have waveforms and spectrograms, all but the last. Beside them one is in a format that
    Chromium cannot play, one is gone and one is broken.
    """
    folder, pictures = player_home / "demo" / "music", player_home / "pictures"
    folder.mkdir(parents=True)
    pictures.mkdir()
    (pictures / "tone.webp").write_bytes(spectrogram_picture(np.linspace(0, -80, 128)[:, np.newaxis] + np.zeros(600)))
    times = np.arange(22_050 * SECONDS) / 22_050
    tracks: list[dict[str, Any]] = []
    similar = []
    for number in range(1, TRACKS + 1):
        path = folder / f"{number}.ogg"
        soundfile.write(path, 0.2 * np.sin(2 * math.pi * (200 + 20 * number) * times), 22_050)
        tracks.append(
            {
                "_id": f"demo:{number}",
                "title": f"Song {number}",
                "artist": f"Artist {number}",
                "artist_id": f"a{number}",
                "album": "Tones",
                "genre": "Test",
                "licence": "CC0",
                "duration_s": float(SECONDS),
                "format": "ogg",
                "path": str(path),
                "playable": True,
                "tempo": 120.0,
                "brightness": 900.0,
                "energy": 0.1,
            }
        )
        if number < TRACKS:
            tracks[-1] |= {
                "loudness_lufs": -16.4,
                "source_url": "https://example.org/tones",
                "waveform": bytes(range(256)) + bytes(range(255, -1, -1)),
                "waveform_start_s": 0.0,
                "waveform_end_s": float(SECONDS),
                "spectrogram_path": str(pictures / "tone.webp"),
            }
        near = [{"track_id": f"demo:{(number + step) % TRACKS + 1}", "score": 1.0 / (step + 1)} for step in (0, 1)]
        similar.append({"_id": f"demo:{number}", "model_version": "m1", "by_sound": near, "by_listeners": near})
    tracks.append({**tracks[0], "_id": "demo:aiff", "title": "Song in AIFF", "format": "aiff"})
    tracks.append({**tracks[0], "_id": "demo:gone", "title": "Lost song", "path": str(folder / "gone.ogg")})
    (folder / "broken.ogg").write_bytes(b"no music")
    tracks.append({**tracks[0], "_id": "demo:broken", "title": "Broken song", "path": str(folder / "broken.ogg")})
    popular = [{"track_id": track["_id"], "score": 1.0} for track in tracks[:TRACKS]]
    with MongoClient(player_services.mongo) as client:
        database = client[DATABASE]
        database[TRACKS_COLLECTION.name].insert_many(tracks)
        database[SIMILAR_TRACKS.name].insert_many(similar)
        database[POPULAR_TRACKS.name].insert_one({"_id": POPULAR_OVERALL, "model_version": "m1", "tracks": popular})
        database[RECOMMENDATIONS_COLLECTION.name].insert_one(
            {"_id": "sim-001", "version": 1, "model_version": "m1", "caused_by": None, "recommendations": []}
        )


@pytest.fixture(scope="module")
def player(player_services: Addresses, catalogue: None, player_home: Path) -> Iterator[Player]:
    with running_player(player_services, player_home) as running:
        yield running


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    if CHROMIUM is None or CHROMEDRIVER is None:
        pytest.skip("browser tests need chromium and chromedriver, which are not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in (*ARGUMENTS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(CHROMEDRIVER))
    try:
        yield driver
    finally:
        driver.quit()
