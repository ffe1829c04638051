"""One play event through the whole running service: broker, streams, Delta, store and player."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pymongo
import pytest
import soundfile as sf
from plugins.sockets import LOOPBACK, descendants, listening_addresses, still_there
from plugins.whole_service import Service, start_service, stop_service, wait_for
from pyspark.sql import SparkSession

from spotistream.events import PlayEvent
from spotistream.home import DEMO_MUSIC
from spotistream.io import delta
from spotistream.services.process import find_process
from spotistream.serving.bulk import BulkPublisher
from spotistream.supervisor import answers
from spotistream.tables import (
    COLLECTIONS,
    LISTENER_STATES,
    LISTENING,
    MUSIC_TOPICS_COLLECTION,
    PLAYLISTS_COLLECTION,
    PLAYS,
    PLAYS_REJECTED,
    PLAYS_TOPIC,
    POPULAR_TRACKS,
    RECOMMENDATIONS,
    STORE_MARKS,
    STREAM_STATUS,
    TRACK_FEATURES,
    TRACKS,
)

pytestmark = pytest.mark.timeout(900)
REFRESHED_S = 30.0
INGESTED_S = 60.0


def play(user_id: str, track_id: str) -> PlayEvent:
    session = str(uuid.uuid4())
    now = datetime.now(UTC)
    return PlayEvent(str(uuid.uuid4()), user_id, "play", now, "api", track_id=track_id, session_id=session)


def send(service: Service, *values: bytes, key: str) -> None:
    with BulkPublisher(service.cfg.kafka) as publisher:
        for value in values:
            publisher.send(PLAYS_TOPIC, key, value)


def documents(service: Service) -> Any:
    return pymongo.MongoClient(service.cfg.mongo.uri)[service.cfg.mongo.database]


def table_of(service: Service, user_id: str) -> dict[str, Any] | None:
    return documents(service).recommendations.find_one({"_id": user_id})


def caused_by(service: Service, user_id: str, event_id: str) -> bool:
    found = table_of(service, user_id)
    return bool(found and found["caused_by"] and found["caused_by"]["event_id"] == event_id)


def test_everything_it_started_listens_on_loopback_only(service: Service) -> None:
    assert set() < listening_addresses(service.process.pid) <= LOOPBACK


def test_the_catalogue_is_in_delta_and_in_the_store(service: Service, spark: SparkSession) -> None:
    tracks, features = (delta.existing_table(spark, service.cfg, table) for table in (TRACKS, TRACK_FEATURES))
    assert (tracks.count(), features.count()) == (26, 26)
    assert documents(service).tracks.count_documents({"playable": True}) == 26
    assert documents(service).similar_tracks.count_documents({}) == 26


def test_a_play_changes_the_table_and_is_named_as_its_cause(service: Service) -> None:
    tracks = [row["_id"] for row in documents(service).tracks.find({}, {"_id": 1}).sort("_id", 1)]
    first, second = play("ann", tracks[0]), play("ann", tracks[1])
    send(service, first.to_json(), key="ann")
    wait_for(lambda: caused_by(service, "ann", first.event_id), REFRESHED_S)
    before = table_of(service, "ann")
    send(service, second.to_json(), key="ann")
    wait_for(lambda: caused_by(service, "ann", second.event_id), REFRESHED_S)
    after = table_of(service, "ann")
    assert before is not None
    assert after is not None
    assert [r["track_id"] for r in before["recommendations"]] != [r["track_id"] for r in after["recommendations"]]
    assert after["caused_by"]["track_id"] == tracks[1]
    assert tracks[1] not in {r["track_id"] for r in after["recommendations"]}
    reasons = {r["reason"]["track_id"] for r in after["recommendations"]}
    assert {tracks[0], tracks[1]} & reasons


def test_delta_holds_each_event_once_and_what_is_none_with_its_reason(service: Service, spark: SparkSession) -> None:
    track = documents(service).tracks.find_one({})["_id"]
    event = play("bob", track)
    send(service, event.to_json(), b"{not an event", event.to_json(), key="bob")
    wait_for(lambda: caused_by(service, "bob", event.event_id), REFRESHED_S)
    version = table_of(service, "bob")["version"]
    later = play("bob", track)
    send(service, event.to_json(), later.to_json(), key="bob")

    def rows(event_id: str) -> list[Any]:
        plays = delta.existing_table(spark, service.cfg, PLAYS)
        return plays.where(plays.event_id == event_id).collect()

    wait_for(lambda: rows(later.event_id), INGESTED_S)
    kept = rows(event.event_id)
    assert [(row["user_id"], row["track_id"], row["kafka_offset"]) for row in kept] == [("bob", track, version - 2)]
    rejected = delta.existing_table(spark, service.cfg, PLAYS_REJECTED)
    found = rejected.where(rejected.value == b"{not an event").collect()
    expected = ("not one JSON object that names each field once", version - 1, "plays")
    assert [(row["reason"], row["kafka_offset"], row["topic"]) for row in found] == [expected]


def test_the_history_of_tables_is_archived(service: Service, spark: SparkSession) -> None:
    track = documents(service).tracks.find_one({})["_id"]
    event = play("cleo", track)
    send(service, event.to_json(), key="cleo")

    def archived() -> list[Any]:
        history = delta.existing_table(spark, service.cfg, RECOMMENDATIONS)
        return history.where(history.caused_by_event_id == event.event_id).collect()

    wait_for(archived, INGESTED_S)
    (row,) = archived()
    served = table_of(service, "cleo")
    assert (row["user_id"], row["version"]) == ("cleo", served["version"])
    assert [r["track_id"] for r in row["recommendations"]] == [r["track_id"] for r in served["recommendations"]]


def test_the_player_answers_with_the_top_five_and_an_unknown_listener_gets_popular(service: Service) -> None:
    answer = httpx.get(f"{service.url}/recommendations/nobody-yet", timeout=10).json()
    assert set(answer) == {"user_id", "model_version", "updated_at", "recommendations"}
    assert [item["rank"] for item in answer["recommendations"]] == [1, 2, 3, 4, 5]
    assert {item["reason"]["code"] for item in answer["recommendations"]} == {"popular"}
    assert all(set(item) == {"rank", "track_id", "title", "artist", "score", "reason"}
               for item in answer["recommendations"])  # fmt: skip
    wait_for(lambda: table_of(service, "nobody-yet"), REFRESHED_S)


def test_the_player_serves_ranges_of_the_music(service: Service) -> None:
    track = documents(service).tracks.find_one({"playable": True})["_id"]
    whole = httpx.get(f"{service.url}/media/{track}")
    part = httpx.get(f"{service.url}/media/{track}", headers={"Range": "bytes=100-199"})
    assert (whole.status_code, part.status_code) == (200, 206)
    assert part.content == whole.content[100:200]
    assert httpx.get(f"{service.url}/media/file:0000000000000000").status_code == 404


def test_a_file_that_is_added_is_found_similar_and_recommended_without_a_restart(
    service: Service, tmp_path: Path
) -> None:
    music = sorted(service.cfg.home.joinpath(*DEMO_MUSIC).rglob("*.ogg"))
    samples, rate = sf.read(music[0])
    song = tmp_path / "An added song.flac"
    sf.write(song, samples[rate:], rate)  # a second less: it sounds like the first, and is another
    (tmp_path / "words.mp3").write_text("no music at all")
    said = subprocess.run(
        [sys.executable, "-m", "spotistream.cli", "add", str(song), str(tmp_path / "words.mp3"), "--home",
         str(service.cfg.home)],
        capture_output=True, text=True, timeout=300, check=True,
    ).stdout  # fmt: skip
    assert "2 files copied into" in said
    assert "words.mp3: it is not audio: the content looks like plain text" in said
    assert said.endswith("to be found, similar and recommended in the running service\n")
    (track,) = documents(service).tracks.find({"title": "An added song"})
    assert (track["playable"], len(track["waveform"])) == (True, 512)
    first = documents(service).tracks.find_one({"path": str(music[0])})["_id"]
    assert documents(service).similar_tracks.find_one({"_id": track["_id"]})["by_sound"][0]["track_id"] == first
    assert httpx.get(f"{service.url}/media/{track['_id']}").status_code == 200
    event = play("dora", first)
    send(service, event.to_json(), key="dora")
    wait_for(lambda: caused_by(service, "dora", event.event_id), REFRESHED_S)
    recommended = {item["track_id"]: item["reason"] for item in table_of(service, "dora")["recommendations"]}
    assert recommended[track["_id"]] == {"code": "sounds_like", "track_id": first, "music_topic_id": None}


def test_a_lost_store_is_rebuilt_as_it_was(service: Service) -> None:
    tracks = [each["_id"] for each in documents(service).tracks.find({}).limit(3)]
    kept, deleted = str(uuid.uuid4()), str(uuid.uuid4())
    for playlist_id in (kept, deleted):
        made = {"user_id": "cleo", "name": "Mine", "tracks": tracks}
        httpx.put(f"{service.url}/playlists/{playlist_id}", json=made).raise_for_status()
    gone = {"user_id": "cleo", "change": "delete"}
    httpx.post(f"{service.url}/playlists/{deleted}/changes", json=gone).raise_for_status()
    httpx.post(f"{service.url}/listeners", json={"user_id": "cleo"}).raise_for_status()
    environ = {**os.environ, "SPOTISTREAM__MONGO__DATABASE": "rebuilt"}
    command = [sys.executable, "-m", "spotistream.cli", "rebuild-store", "--home", str(service.cfg.home)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=300, check=True)
    assert done.stdout.startswith("rebuilt: 2")
    client = documents(service).client
    for collection in COLLECTIONS:
        before, after = (
            {each["_id"]: each for each in client[name][collection.name].find({})}
            for name in (service.cfg.mongo.database, "rebuilt")
        )
        if collection in (STORE_MARKS, STREAM_STATUS, LISTENER_STATES):  # filled by who runs on that store
            assert after == {}
        elif collection is LISTENING:  # the newest events are not in Delta yet
            assert set() < set(after) <= set(before)
        elif collection is POPULAR_TRACKS or collection is MUSIC_TOPICS_COLLECTION:  # plays have come since
            assert set(after) == set(before)
        else:
            assert after == before, collection.name
    assert client["rebuilt"][PLAYLISTS_COLLECTION.name].find_one({"_id": kept})["tracks"] == tracks
    assert client["rebuilt"][PLAYLISTS_COLLECTION.name].find_one({"_id": deleted})["deleted"] is True


def status(service: Service) -> dict[str, Any]:
    command = [sys.executable, "-m", "spotistream.cli", "status", "--json", "--home", str(service.cfg.home)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stdout)


def test_status_finds_every_query_running(service: Service) -> None:
    wait_for(lambda: status(service)["well"], INGESTED_S)
    told = status(service)
    assert {one["verdict"] for one in told["queries"]} == {"running"}
    assert told["service"] == {"running": True, "pid": service.process.pid, "restarts": {}}
    assert {one["application"] for one in told["queries"]} == {"all_streams"}


def test_a_player_that_is_killed_comes_back(service: Service) -> None:
    before = find_process(service.cfg.home, "player")
    assert before is not None
    os.kill(before.pid, signal.SIGKILL)
    wait_for(lambda: status(service)["service"]["restarts"] == {"the player": 1}, REFRESHED_S)
    wait_for(lambda: (again := find_process(service.cfg.home, "player")) and again.pid != before.pid, REFRESHED_S)
    wait_for(lambda: answers(f"{service.url}/healthz"), REFRESHED_S)
    assert "the player ended unexpectedly: next start in 1 s; its log: " in service.output.read_text()


def test_a_second_service_on_the_same_home_is_refused_in_one_line(service: Service) -> None:
    with pytest.raises(AssertionError, match="already runs on the home"):
        start_service(service.cfg.home, "up")


def test_stopping_leaves_nothing_and_a_second_start_reuses_what_is_there(service: Service) -> None:
    event = play("eve", documents(service).tracks.find_one({"playable": True})["_id"])
    send(service, event.to_json(), key="eve")
    wait_for(lambda: caused_by(service, "eve", event.event_id), REFRESHED_S)
    before = descendants(service.process.pid)
    assert stop_service(service.process) == 0
    # Spark's Python workers notice that their JVM is gone.
    wait_for(lambda: still_there(before) == [], 10)
    again = start_service(service.cfg.home, "up")
    try:
        text = again.output.read_text()
        assert "train_model: nothing new" in text
        assert "simulate" not in text
        answer = httpx.get(f"{again.url}/recommendations/eve", timeout=10).json()
        assert answer["recommendations"] != []
        assert {item["reason"]["code"] for item in answer["recommendations"]} != {"popular"}
    finally:
        assert stop_service(again.process) == 0
