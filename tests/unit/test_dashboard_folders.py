"""Only files of the folders they belong to are sent, whatever the store says."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from player_fakes import KAFKA, MemoryPublisher, MemoryStore, track
from starlette.testclient import TestClient

from dashboard.app import create_app
from dashboard.folders import Folders, folders_of, is_elsewhere, path_within, with_music_of_home
from spotistream.config import Config, load_config
from spotistream.errors import EnvironmentProblem
from spotistream.home import HomeFacts, remember
from spotistream.serving.live import RecommendationFeed

PICTURE = b"RIFF\x04\x00\x00\x00WEBP"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A home, and a folder of music elsewhere."""
    config = load_config(home=tmp_path / "home", environ={})
    config = replace(config, audio=replace(config.audio, folder=str(tmp_path / "music")))
    folders = folders_of(config)
    for folder in (folders.music, folders.covers, folders.pictures, tmp_path / "music of others"):
        folder.mkdir(parents=True)
    return config


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def client(store: MemoryStore, config: Config) -> Iterator[TestClient]:
    app = create_app(store, MemoryPublisher(), RecommendationFeed(KAFKA), config)
    with TestClient(app.server, base_url="http://127.0.0.1:8050") as client:
        yield client


def written(path: Path, content: bytes = PICTURE) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return str(path)


def test_spectrogram_is_sent_once_and_then_known(client: TestClient, store: MemoryStore, config: Config) -> None:
    path = written(folders_of(config).pictures / "ab.webp")
    store.known["demo:1"] = track(1, spectrogram_path=path)
    first = client.get("/spectrogram/demo:1")
    again = client.get("/spectrogram/demo:1", headers={"if-none-match": first.headers["etag"]})
    assert (first.status_code, first.content, first.headers["content-type"]) == (200, PICTURE, "image/webp")
    assert "sandbox" in first.headers["content-security-policy"]
    assert first.headers["cache-control"] == "private, max-age=3600"
    assert (again.status_code, again.content) == (304, b"")
    assert client.head("/spectrogram/demo:1").headers["content-length"] == str(len(PICTURE))


@pytest.mark.parametrize("track_id", ["demo:1", "demo:2", "demo:99", "..%2F..%2Fetc%2Fpasswd"])
def test_track_without_a_spectrogram_has_none(
    client: TestClient, store: MemoryStore, config: Config, track_id: str
) -> None:
    store.known["demo:1"] = track(1)
    store.known["demo:2"] = track(2, spectrogram_path=str(folders_of(config).pictures / "gone.webp"))
    assert client.get(f"/spectrogram/{track_id}").status_code == 404


def test_a_cover_may_lie_beside_the_music_or_among_those_taken_out(
    client: TestClient, store: MemoryStore, config: Config
) -> None:
    folders = folders_of(config)
    store.known["demo:1"] = track(1, cover_path=written(folders.music / "album" / "cover.webp"))
    store.known["demo:2"] = track(2, cover_path=written(folders.covers / "ab.webp"))
    store.known["demo:3"] = track(3, cover_path=written(folders.pictures / "ab.webp"))
    kinds = [client.get(f"/cover/demo:{number}").headers["content-type"] for number in (1, 2, 3)]
    assert kinds == ["image/webp", "image/webp", "image/svg+xml"]


@pytest.mark.parametrize(
    "place", ["elsewhere/song.ogg", "music of others/song.ogg", "music/../song.ogg", "home/song.ogg"]
)
def test_a_file_outside_is_refused_with_a_line_in_the_log(
    client: TestClient, store: MemoryStore, tmp_path: Path, place: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = written(tmp_path / place)
    picture = written((tmp_path / place).with_suffix(".webp"))
    store.known["demo:1"] = track(1, path=path, format="ogg", cover_path=picture, spectrogram_path=picture)
    with caplog.at_level(logging.WARNING, logger="dashboard.folders"):
        answers = [client.get(f"/{kind}/demo:1") for kind in ("media", "spectrogram", "cover")]
    assert [answer.status_code for answer in answers] == [404, 404, 200]
    assert answers[2].headers["content-type"] == "image/svg+xml", "a cover is drawn instead"
    assert caplog.messages == [
        f"the audio of track demo:1 is not sent: {path!r} is outside of the folders it may be in",
        f"the spectrogram of track demo:1 is not sent: {picture!r} is outside of the folders it may be in",
        f"the cover of track demo:1 is not sent: {picture!r} is outside of the folders it may be in",
    ]


def test_a_link_that_leads_outside_is_refused(client: TestClient, store: MemoryStore, config: Config) -> None:
    music = folders_of(config).music
    secret = written(config.home.parent / "secret.ogg")
    (music / "link.ogg").symlink_to(secret)
    (music / "album").symlink_to(config.home.parent)
    (music / "ring.ogg").symlink_to(music / "ring.ogg")
    for number, name in enumerate(("link.ogg", "album/secret.ogg", "ring.ogg"), 1):
        store.known[f"demo:{number}"] = track(number, path=str(music / name), format="ogg")
        assert client.get(f"/media/demo:{number}").status_code == 404


def test_a_folder_of_music_that_is_a_link_itself_is_played(
    client: TestClient, store: MemoryStore, config: Config
) -> None:
    music = folders_of(config).music
    disk = config.home.parent / "disk"
    song = written(disk / "song.ogg")
    music.rmdir()
    music.symlink_to(disk)
    store.known["demo:1"] = track(1, path=song, format="ogg")
    store.known["demo:2"] = track(2, path=str(music / "song.ogg"), format="ogg")
    assert [client.get(f"/media/demo:{number}").status_code for number in (1, 2)] == [200, 200]


@pytest.mark.parametrize("location", [None, "", "song.ogg", "s3a://b/song.ogg", "/nul\0l", "file:", "http://[/x"])
def test_what_is_no_file_of_this_machine_is_none(tmp_path: Path, location: str | None) -> None:
    assert path_within(location, [tmp_path, Path("/")], what="it") is None


def test_locations_of_other_stores_are_told_from_files() -> None:
    assert all(map(is_elsewhere, ("s3a://b/x", "hdfs://n/x")))
    assert not any(map(is_elsewhere, ("file:///x", "file:/x", "/x", "x", "", None)))


def test_folder_of_music_is_the_one_configured_else_remembered_else_the_demos(tmp_path: Path) -> None:
    plain = load_config(home=tmp_path, environ={})
    assert folders_of(with_music_of_home(plain)) == Folders(
        tmp_path / "demo" / "music", tmp_path / "covers", tmp_path / "pictures"
    )
    remember(tmp_path, HomeFacts(audio_folder="/remembered"))
    assert folders_of(with_music_of_home(plain)).music == Path("/remembered")
    chosen = load_config(home=tmp_path, environ={"SPOTISTREAM__AUDIO__FOLDER": "file:///chosen"})
    assert folders_of(with_music_of_home(chosen)).music == Path("/chosen")
    remote = load_config(home=tmp_path, environ={"SPOTISTREAM__AUDIO__FOLDER": "s3a://music"})
    assert folders_of(with_music_of_home(remote)).music == tmp_path / "demo" / "music"


def test_home_of_another_version_is_said(tmp_path: Path) -> None:
    (tmp_path / "home.json").write_text(json.dumps({"schema_version": 1}))
    with pytest.raises(EnvironmentProblem, match="was written by schema version 1"):
        with_music_of_home(load_config(home=tmp_path, environ={}))
