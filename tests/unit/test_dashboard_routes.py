"""The routes beside the pages, over a store and a publisher in memory."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from player_fakes import KAFKA, MemoryPublisher, MemoryStore, track
from starlette.testclient import TestClient

from dashboard.app import create_app
from dashboard.routes.media import AUDIO_TYPES
from spotistream.audio.formats import AUDIO_SUFFIXES
from spotistream.config import Config, load_config
from spotistream.serving.live import RecommendationFeed

BYTES = bytes(range(256)) * 4


@pytest.fixture
def publisher() -> MemoryPublisher:
    return MemoryPublisher()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A home with the generated music."""
    config = load_config(home=tmp_path / "home", environ={})
    for folder in (music_of(config), Path(config.paths.covers), Path(config.paths.pictures)):
        folder.mkdir(parents=True)
    return config


def music_of(config: Config) -> Path:
    return config.home / "demo" / "music"


@pytest.fixture
def store(config: Config) -> MemoryStore:
    music = music_of(config)
    song = music / "song 1 %.ogg"
    song.write_bytes(BYTES)
    (music / "cover.png").write_bytes(b"\x89PNG")
    return MemoryStore(
        [
            track(1, path=str(song), format="ogg", cover_path=str(music / "cover.png")),
            track(2, path=song.as_uri(), format="flac"),
            track(3, path=str(song), format="ogg", playable=False),
            track(4, path=str(music / "gone.ogg"), format="ogg", cover_path=str(music / "gone.png")),
            track(5, path=str(song), format="exe"),
            track(6, path="s3://bucket/song.ogg", format="ogg"),
        ],
        popular=["demo:1"],
    )


@pytest.fixture
def client(store: MemoryStore, publisher: MemoryPublisher, config: Config) -> Iterator[TestClient]:
    app = create_app(store, publisher, RecommendationFeed(KAFKA), config)
    with TestClient(app.server, base_url="http://127.0.0.1:8050") as client:
        yield client


def event(number: int = 1, **values: Any) -> dict[str, Any]:
    return {
        "event_id": f"00000000-0000-4000-8000-{number:012}",
        "user_id": "maya",
        "track_id": "demo:1",
        "action": "play",
        "event_time": datetime.now(UTC).isoformat(),
        "session_id": "s1",
        "shelf": "for-you",
        "model_version": "m1",
        **values,
    }


def test_media_is_sent_whole_in_ranges_and_not_again(client: TestClient) -> None:
    whole = client.get("/media/demo:1")
    part = client.get("/media/demo:1", headers={"range": "bytes=10-19"})
    last = client.get("/media/demo:1", headers={"range": "bytes=-24"})
    beyond = client.get("/media/demo:1", headers={"range": "bytes=5000-"})
    again = client.get("/media/demo:1", headers={"if-none-match": whole.headers["etag"]})

    assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, BYTES, "audio/ogg")
    assert whole.headers["accept-ranges"] == "bytes"
    assert (part.status_code, part.content) == (206, BYTES[10:20])
    assert part.headers["content-range"] == "bytes 10-19/1024"
    assert (last.status_code, last.content) == (206, BYTES[-24:])
    assert part.headers["etag"] == whole.headers["etag"]
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, "bytes */1024")
    assert (again.status_code, again.content) == (304, b"")
    assert client.head("/media/demo:1").headers["content-length"] == "1024"


def test_changed_file_has_another_etag_and_an_old_range_gets_the_whole(client: TestClient, store: MemoryStore) -> None:
    old = client.get("/media/demo:1").headers["etag"]
    Path(store.known["demo:1"].path or "").write_bytes(b"new")

    assert client.get("/media/demo:1", headers={"if-none-match": old}).content == b"new"
    assert client.get("/media/demo:1", headers={"range": "bytes=0-0", "if-range": old}).status_code == 200


def test_media_of_a_file_uri_has_the_type_of_its_format(client: TestClient) -> None:
    assert client.get("/media/demo:2").headers["content-type"] == "audio/flac"


def test_every_format_of_the_catalogue_has_a_type_and_the_browser_is_asked_by_it() -> None:
    script = (Path(__file__).resolve().parents[2] / "dashboard" / "assets" / "formats.js").read_text(encoding="utf-8")
    asked = dict(re.findall(r'^    "?([\w+]+)"?: "(audio/[\w.-]+)",$', script, re.MULTILINE))

    assert asked == AUDIO_TYPES
    assert {suffix.removeprefix(".") for suffix in AUDIO_SUFFIXES} <= set(AUDIO_TYPES)


@pytest.mark.parametrize("track_id", ["demo:3", "demo:4", "demo:5", "demo:99", "..%2F..%2Fetc%2Fpasswd"])
def test_only_audio_the_store_names_is_sent(client: TestClient, track_id: str) -> None:
    assert client.get(f"/media/{track_id}").status_code == 404


def test_audio_in_an_object_store_is_said_to_be_there(client: TestClient) -> None:
    answer = client.get("/media/demo:6")

    assert (answer.status_code, answer.text) == (501, "the audio of this track is not on a disk of this machine")


def test_cover_is_the_file_else_drawn(client: TestClient) -> None:
    drawn = client.get("/cover/demo:4")

    assert client.get("/cover/demo:1").headers["content-type"] == "image/png"
    assert (drawn.status_code, drawn.headers["content-type"]) == (200, "image/svg+xml")
    assert client.get("/cover/demo:4", headers={"if-none-match": drawn.headers["etag"]}).status_code == 304
    assert "sandbox" in drawn.headers["content-security-policy"]


def test_events_are_published_as_the_players(client: TestClient, publisher: MemoryPublisher) -> None:
    answer = client.post("/events", json=[event(1, source="simulation"), event(2, action="skip", played_ms=1200)])

    assert answer.status_code == 202
    assert [(each.event_id[-1], each.action, each.source, each.played_ms) for each in publisher.published] == [
        ("1", "play", "player", None),
        ("2", "skip", "player", 1200),
    ]
    assert answer.json()["rejected"] == []


def test_wrong_event_does_not_hold_up_the_right_one(client: TestClient, publisher: MemoryPublisher) -> None:
    answer = client.post("/events", json=[event(1, action="dance"), event(2), 7])

    assert answer.status_code == 202
    assert answer.json()["accepted"] == [event(2)["event_id"]]
    assert [(each["index"], each["event_id"]) for each in answer.json()["rejected"]] == [
        (0, event(1)["event_id"]),
        (2, None),
    ]
    assert len(publisher.published) == 1


def test_event_of_a_clock_that_is_ahead_is_of_now(client: TestClient, publisher: MemoryPublisher) -> None:
    assert client.post("/events", json=event(event_time="2999-01-01T00:00:00Z")).status_code == 202
    assert abs((publisher.published[0].event_time - datetime.now(UTC)).total_seconds()) < 60


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"text"', b'{"event_id": 1}', b"\xff", b"[" * 100_000, b'{"user_id": "\\ud800"}']
)
def test_bodies_that_hold_no_event_are_refused(client: TestClient, publisher: MemoryPublisher, body: bytes) -> None:
    assert client.post("/events", content=body).status_code == 400
    assert publisher.published == []


def test_too_large_is_said(client: TestClient) -> None:
    assert client.post("/events", json=event(shelf="x" * 10_240)).status_code == 413
    assert client.post("/events", json=[event()] * 101).status_code == 413
    assert client.post("/events", content=b" " * 1_100_000).status_code == 413


def test_broker_away_asks_to_send_again(client: TestClient, publisher: MemoryPublisher) -> None:
    publisher.away = True
    answer = client.post("/events", json=event())

    assert answer.status_code == 503
    assert "127.0.0.1" not in answer.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://127.0.0.1:8050"}, 202),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-origin"}, 202),
    ],
)
def test_other_sites_cannot_post(client: TestClient, headers: dict[str, str], status: int) -> None:
    assert client.post("/events", json=event(), headers=headers).status_code == status


def test_recommendations_publish_a_visit(client: TestClient, publisher: MemoryPublisher) -> None:
    answer = client.get("/recommendations/maya")

    assert answer.status_code == 200
    assert [entry["track_id"] for entry in answer.json()["recommendations"]] == ["demo:1"]
    assert [(each.action, each.user_id, each.source) for each in publisher.published] == [("visit", "maya", "api")]


def test_recommendations_are_answered_without_a_broker(client: TestClient, publisher: MemoryPublisher) -> None:
    publisher.away = True

    assert client.get("/recommendations/maya").status_code == 200


@pytest.mark.parametrize("user_id", ["a" * 65, "a b", "a$", "%C3%BC"])
def test_malformed_listener_is_refused(client: TestClient, publisher: MemoryPublisher, user_id: str) -> None:
    assert client.get(f"/recommendations/{user_id}").status_code == 400
    assert client.get(f"/live/{user_id}").status_code == 400
    assert publisher.published == []


def test_store_away_is_503(client: TestClient, store: MemoryStore) -> None:
    store.away = True

    for path in ("/media/demo:1", "/cover/demo:1", "/recommendations/maya", "/healthz"):
        assert client.get(path).status_code == 503


def test_every_answer_carries_the_security_headers(client: TestClient) -> None:
    for path in ("/", "/track/demo:1", "/healthz", "/media/demo:1", "/assets/theme.css"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "content-security-policy" in headers
    assert "unsafe-eval" not in client.get("/").headers["content-security-policy"]


def test_no_page_of_the_framework_is_served(client: TestClient) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert "swagger" not in client.get(path).text.lower()


def test_page_loads_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/").text
    sources = [part.split('"')[0] for part in page.replace('href="', 'src="').split('src="')[1:]]

    assert sources
    assert all(source.startswith("/") and not source.startswith("//") for source in sources)
    assert json.loads(page.split('type="application/json">')[1].split("</script>")[0])["ui"] is False
