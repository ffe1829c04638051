"""What a browser can ask of the library, over a real broker and store: what is taken, and what is refused."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pymongo import MongoClient

from dashboard.app import create_app
from spotistream.config import Config, load_config
from spotistream.launch import ensure_topics, with_addresses
from spotistream.names import artist_id
from spotistream.serving.catalogue_keeper import CatalogueKeeper
from spotistream.serving.library_store import LibraryStore
from spotistream.serving.live import RecommendationFeed
from spotistream.serving.publisher import EventPublisher
from spotistream.tables import LISTENING, TRACKS_COLLECTION

TRACKS = [
    {"_id": f"t:{number}", "title": title, "artist": artist, "artist_id": artist_id(artist), "playable": True,
     "album": "Album", "duration_s": 187.4}
    for number, (title, artist) in enumerate([("Says", "Nils Frahm"), ("Jóga", "Björk"), ("Hunter", "Björk")], start=1)
]  # fmt: skip
DATABASE = "library_routes"


@pytest.fixture(scope="module")
def client(broker: str, store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    home: Path = tmp_path_factory.mktemp("home")
    plain = load_config(home=home, environ={"SPOTISTREAM__MONGO__DATABASE": DATABASE})
    cfg: Config = with_addresses(plain, kafka=broker, mongo=store)
    ensure_topics(cfg)
    with MongoClient(store) as mongo:
        mongo[DATABASE][TRACKS_COLLECTION.name].insert_many(TRACKS)
        mongo[DATABASE][LISTENING.name].insert_one(
            {"_id": "maya", "version": 1, "history": [], "forgotten": [],
             "opinions": [{"track_id": "t:2", "action": "like", "at": 5, "event_id": "e"}]}
        )  # fmt: skip
    documents = LibraryStore(uri=cfg.mongo.uri, database=DATABASE, timeout_ms=2000)
    publisher = EventPublisher(cfg.kafka)
    catalogue = CatalogueKeeper(documents)
    catalogue.read()
    app = create_app(documents, publisher, RecommendationFeed(cfg.kafka), cfg, catalogue)
    yield TestClient(app.server, base_url="http://player.example:8050")
    publisher.close()
    documents.close()


def made(client: TestClient, *tracks: str, name: str = "Morning", user_id: str = "maya") -> str:
    playlist_id = str(uuid.uuid4())
    body = {"user_id": user_id, "name": name, "tracks": list(tracks)}
    assert client.put(f"/playlists/{playlist_id}", json=body).status_code == 200
    return playlist_id


def change(client: TestClient, playlist_id: str, user_id: str = "maya", **fields: Any) -> Any:
    return client.post(f"/playlists/{playlist_id}/changes", json={"user_id": user_id, **fields})


def order(client: TestClient, playlist_id: str) -> list[str]:
    text = client.get(f"/playlists/{playlist_id}/export/jspf").text
    return [each["identifier"][0].rpartition("/")[2] for each in json.loads(text)["playlist"]["track"]]


def test_a_playlist_is_made_changed_and_deleted(client: TestClient) -> None:
    playlist_id = made(client, "t:1", user_id="ida")
    for fields in (
        {"change": "add", "tracks": ["t:2", "t:3"]},
        {"change": "move", "track": "t:3", "to": 0},
        {"change": "remove", "track": "t:2"},
        {"change": "add", "tracks": ["t:2"], "at": 1},
        {"change": "rename", "name": " Evening "},
    ):
        assert change(client, playlist_id, "ida", **fields).status_code == 200, fields

    assert order(client, playlist_id) == ["t:3", "t:2", "t:1"]
    assert client.get("/listeners/ida/library").json() == {
        "user_id": "ida",
        "known": False,
        "playlists": [{"playlist_id": playlist_id, "name": "Evening", "size": 3}],
        "likes": [],
    }
    assert change(client, playlist_id, "ida", change="delete").json()["deleted"] is True
    assert change(client, playlist_id, "ida", change="delete").status_code == 200
    assert change(client, playlist_id, "ida", change="rename", name="x").status_code == 404
    assert client.get("/listeners/ida/library").json()["playlists"] == []


def test_a_listener_is_made_and_has_likes(client: TestClient) -> None:
    assert client.post("/listeners", json={"user_id": "zoe", "name": "Zoë"}).json() == {"user_id": "zoe", "name": "Zoë"}
    assert client.post("/listeners", json={"user_id": "zoe"}).json()["name"] == "Zoë"
    assert client.get("/listeners/maya/library").json()["likes"] == ["t:2"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"change": "add", "tracks": ["t:99"]}, 400),
        ({"change": "add", "tracks": ["t:1"] * 501}, 400),
        ({"change": "add", "tracks": [{"$gt": ""}]}, 400),
        ({"change": "add", "tracks": "t:1"}, 400),
        ({"change": "add", "tracks": ["t:2"], "at": "0"}, 400),
        ({"change": "move", "track": "t:1", "to": None}, 400),
        ({"change": "move", "track": {"$ne": 1}, "to": 0}, 400),
        ({"change": "rename", "name": {"$set": 1}}, 400),
        ({"change": "rename", "name": "\ud800"}, 400),
        ({"change": "drop"}, 400),
        ({"change": "add", "tracks": ["t:2"], "user_id": "noor"}, 403),
        ({"change": "delete", "user_id": "noor"}, 403),
        ({"change": "add", "tracks": ["t:2"], "user_id": {"$gt": ""}}, 400),
        ({"change": "add", "tracks": ["t:2"], "padding": "x" * 200_000}, 413),
    ],
)
def test_what_is_wrong_with_a_change_is_said(client: TestClient, fields: dict[str, Any], status: int) -> None:
    playlist_id = made(client, "t:1")
    answer = client.post(
        f"/playlists/{playlist_id}/changes",
        content=json.dumps({"user_id": "maya", **fields}),
        headers={"content-type": "application/json"},
    )

    assert answer.status_code == status
    assert answer.json()["error"]
    assert order(client, playlist_id) == ["t:1"]


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"[" * 50_000, b"\xff", b'{"user_id": "a b"}'])
def test_bodies_that_are_none_are_refused(client: TestClient, body: bytes) -> None:
    assert client.put(f"/playlists/{uuid.uuid4()}", content=body).status_code == 400
    assert client.post("/listeners", content=body).status_code == 400


@pytest.mark.parametrize("playlist_id", ["1", "..%2f..%2fetc", "x" * 36])
def test_ids_that_are_none_are_refused(client: TestClient, playlist_id: str) -> None:
    assert client.put(f"/playlists/{playlist_id}", json={"user_id": "maya", "name": "x"}).status_code in (400, 404)
    assert client.get(f"/playlists/{playlist_id}/export/jspf").status_code in (400, 404)


def test_pages_of_other_sites_change_and_read_nothing(client: TestClient) -> None:
    foreign = {"origin": "https://evil.example"}
    playlist_id = made(client, "t:1")
    asked = [
        client.post("/listeners", json={"user_id": "eve"}, headers=foreign),
        client.put(f"/playlists/{uuid.uuid4()}", json={"user_id": "maya", "name": "x"}, headers=foreign),
        client.post(f"/playlists/{playlist_id}/changes", json={"user_id": "maya", "change": "delete"}, headers=foreign),
        client.post(f"/playlists/{uuid.uuid4()}/import?user_id=maya", content=b"t:1", headers=foreign),
        client.get("/listeners/maya/library", headers={"sec-fetch-site": "cross-site"}),
    ]

    assert [each.status_code for each in asked] == [403] * 5
    assert order(client, playlist_id) == ["t:1"]


@pytest.mark.parametrize("kind", ["m3u8", "jspf"])
def test_an_exported_playlist_is_imported_as_it_was(client: TestClient, kind: str) -> None:
    playlist_id = made(client, "t:3", "t:1", name='Früh / "spät"')
    file = client.get(f"/playlists/{playlist_id}/export/{kind}")
    named = file.headers["content-disposition"]
    other = str(uuid.uuid4())
    report = client.post(f"/playlists/{other}/import?user_id=noor", content=file.content).json()

    assert named.startswith(f"attachment; filename=\"fruh-spat.{kind}\"; filename*=UTF-8''Fr%C3%BCh%20%2F%20%22sp")
    assert "http://player.example:8050/media/t:3" in file.text
    assert (report["name"], report["found"], report["missing"], report["size"]) == ('Früh / "spät"', 2, [], 2)
    assert order(client, other) == ["t:3", "t:1"]


def test_an_import_says_what_it_did_not_find(client: TestClient) -> None:
    file = "#EXTM3U\n#EXTINF:1,björk - joga\na.mp3\n#EXTINF:1,Nobody - Nothing\nb.mp3\nNils Frahm - Says.flac\n"
    playlist_id = str(uuid.uuid4())
    report = client.post(f"/playlists/{playlist_id}/import?user_id=maya&name=From%20a%20file", content=file).json()

    assert order(client, playlist_id) == ["t:2", "t:1"]
    assert (report["name"], report["entries"], report["found"], report["missing_count"]) == ("From a file", 3, 2, 1)
    assert report["missing"] == [{"place": 5, "name": "Nobody - Nothing"}]


def test_a_file_of_which_nothing_is_here_makes_no_playlist(client: TestClient) -> None:
    playlist_id = str(uuid.uuid4())
    report = client.post(f"/playlists/{playlist_id}/import?user_id=maya", content=b"x.mp3").json()

    assert (report["playlist_id"], report["found"], report["missing_count"]) == (None, 0, 1)
    assert client.get(f"/playlists/{playlist_id}/export/jspf").status_code == 404
    assert client.post(f"/playlists/{playlist_id}/import?user_id=maya", content=b"\x00\x01").status_code == 400
    assert client.get(f"/playlists/{playlist_id}/export/exe").status_code == 400
