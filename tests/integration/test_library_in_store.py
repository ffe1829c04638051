"""Playlists and listeners over a real broker and store: to the topic first, and from it where the store is lost."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from kafka import KafkaConsumer, KafkaProducer
from plugins.killable import STORE, Killable, killable_services

from spotistream.config import Config, load_config
from spotistream.errors import InputError, ServiceUnavailable
from spotistream.events import PlayEvent
from spotistream.io import documents
from spotistream.pipelines.stored_library import in_words, replay_library
from spotistream.serving.library import Library, NoSuchPlaylist, NotYours
from spotistream.serving.library_keeper import take_library
from spotistream.serving.library_messages import PLAYLIST, Key
from spotistream.serving.library_store import LibraryStore
from spotistream.serving.listening_keeper import take_plays
from spotistream.serving.playlists import renamed, with_tracks
from spotistream.serving.publisher import EventPublisher
from spotistream.serving.topic_follower import TopicFollower
from spotistream.tables import LIBRARY_TOPIC, PLAYLISTS_COLLECTION, PLAYS_TOPIC, USERS_COLLECTION


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Config, Killable]]:
    home = tmp_path_factory.mktemp("library") / "home"
    with killable_services(load_config(home=home, environ={})) as found:
        yield found


@pytest.fixture(scope="module")
def cfg(services: tuple[Config, Killable]) -> Config:
    return services[0]


@pytest.fixture
def publisher(cfg: Config) -> Iterator[EventPublisher]:
    found = EventPublisher(cfg.kafka)
    yield found
    found.close()


@pytest.fixture
def store(cfg: Config) -> Iterator[LibraryStore]:
    found = LibraryStore(uri=cfg.mongo.uri, database=cfg.mongo.database, timeout_ms=2000)
    found.prepare()
    yield found
    found.close()


@pytest.fixture
def library(store: LibraryStore, publisher: EventPublisher) -> Library:
    return Library(store, publisher)


def new_id() -> str:
    return str(uuid.uuid4())


def add(library: Library, playlist_id: str, user_id: str, *tracks: str) -> None:
    library.change_playlist(playlist_id, user_id, lambda playlist, now: with_tracks(playlist, tracks, now=now))


def record_of(store: LibraryStore, playlist_id: str) -> dict[str, Any]:
    found = store.record(Key(PLAYLIST, playlist_id))
    assert found is not None
    return found


def messages(cfg: Config) -> list[tuple[bytes, bytes | None]]:
    consumer = KafkaConsumer(
        LIBRARY_TOPIC.name,
        bootstrap_servers=cfg.kafka.bootstrap_servers,
        auto_offset_reset="earliest",
        group_id=None,
        consumer_timeout_ms=1500,
    )
    found = [(message.key, message.value) for message in consumer]
    consumer.close()
    return found


def stored(cfg: Config) -> dict[str, dict[str, Any]]:
    with documents.database(cfg.mongo) as db:
        return {
            each["_id"]: each
            for collection in (PLAYLISTS_COLLECTION, USERS_COLLECTION)
            for each in db[collection.name].find({})
        }


def lose_the_store(cfg: Config) -> None:
    with documents.database(cfg.mongo) as db:
        db.client.drop_database(cfg.mongo.database)


def lose_the_store_while_it_is_used(services: tuple[Config, Killable]) -> None:
    cfg, own = services
    own.kill(STORE)
    (file,) = cfg.home.rglob("documents.mv")
    file.unlink()
    own.start(STORE)


def test_a_lost_store_has_every_playlist_and_listener_again_and_no_deleted_one(cfg: Config, library: Library) -> None:
    kept, deleted = new_id(), new_id()
    library.create_listener("maya", "Maya B.")
    library.create_playlist(kept, "maya", "Morning", ["fma:1", "fma:2"])
    library.create_playlist(deleted, "maya", "Mistake")
    add(library, kept, "maya", "fma:3", "fma:1")
    library.change_playlist(kept, "maya", lambda playlist, now: renamed(playlist, "Early", now=now))
    library.delete_playlist(deleted, "maya")
    before = stored(cfg)
    lose_the_store(cfg)
    assert stored(cfg) == {}

    replay_library(cfg)
    replay_library(cfg)

    assert stored(cfg) == before
    assert (before[kept]["name"], before[kept]["tracks"]) == ("Early", ["fma:1", "fma:2", "fma:3"])
    assert before["maya"]["name"] == "Maya B."
    assert before[deleted]["deleted"] is True
    assert (f"playlist:{deleted}".encode(), None) in messages(cfg)


def test_an_older_message_replaces_nothing(cfg: Config, library: Library, store: LibraryStore) -> None:
    playlist_id = new_id()
    library.create_playlist(playlist_id, "noor", "One")
    first = record_of(store, playlist_id)
    library.change_playlist(playlist_id, "noor", lambda playlist, now: renamed(playlist, "Two", now=now))

    store.write(PLAYLISTS_COLLECTION, [first])
    replay_library(cfg)

    found = store.playlist(playlist_id)
    assert found is not None
    assert found.name == "Two"


def test_what_is_no_record_is_left_out_and_counted(
    cfg: Config, library: Library, store: LibraryStore, caplog: pytest.LogCaptureFixture
) -> None:
    good, other = new_id(), new_id()
    library.create_playlist(good, "noor", "Good", ["fma:1"])
    value = dict(messages(cfg))[f"playlist:{good}".encode()]
    assert value is not None
    garbage = [
        (b"album:1", b"{}"),
        (b"playlist:../../etc", value),
        (f"playlist:{other}".encode(), value),
        (f"playlist:{good}".encode(), b"\xff\x00"),
        (f"playlist:{good}".encode(), b"[" * 100_000),
        (f"playlist:{good}".encode(), json.dumps({**json.loads(value), "tracks": ["fma:1", 7]}).encode()),
        (f"playlist:{good}".encode(), json.dumps({**json.loads(value), "schema_version": 99}).encode()),
        (
            b"listener:noor",
            json.dumps({"schema_version": 1, "user_id": "noor", "created_at": -1, "name": "N"}).encode(),
        ),
    ]
    producer = KafkaProducer(bootstrap_servers=cfg.kafka.bootstrap_servers)
    for key, each in garbage:
        producer.send(LIBRARY_TOPIC.name, key=key, value=each)
    producer.close()

    found = replay_library(cfg)

    assert found.left_out == len(garbage)
    assert in_words(found).endswith("8 that are none left out")
    assert "offset" in caplog.text
    assert store.playlist(other) is None
    kept = store.playlist(good)
    assert kept is not None
    assert kept.tracks == ("fma:1",)


def test_tracks_added_at_the_same_time_are_all_there(library: Library, store: LibraryStore) -> None:
    playlist_id = new_id()
    library.create_playlist(playlist_id, "noor", "Together")
    threads = [
        threading.Thread(target=add, args=(library, playlist_id, "noor", f"fma:{number}")) for number in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    found = store.playlist(playlist_id)
    assert found is not None
    assert set(found.tracks) == {f"fma:{number}" for number in range(12)}


def test_only_the_owner_changes_a_playlist_and_a_deleted_one_stays_deleted(library: Library) -> None:
    playlist_id = new_id()
    made = library.create_playlist(playlist_id, "noor", "Mine")
    assert library.create_playlist(playlist_id, "noor", "Asked twice") == made

    with pytest.raises(NotYours):
        add(library, playlist_id, "maya", "fma:1")
    with pytest.raises(NotYours):
        library.delete_playlist(playlist_id, "maya")
    library.delete_playlist(playlist_id, "noor")
    library.delete_playlist(playlist_id, "noor")
    for change in (
        lambda: add(library, playlist_id, "noor", "fma:1"),
        lambda: library.create_playlist(playlist_id, "noor", "Again"),
        lambda: library.delete_playlist(new_id(), "noor"),
    ):
        with pytest.raises(NoSuchPlaylist):
            change()


def test_a_listener_is_made_once_and_found_by_the_first_letters(library: Library, store: LibraryStore) -> None:
    first = library.create_listener("zoe", "Zoë")

    assert library.create_listener("zoe", "Somebody else") == first
    assert store.listeners("zo", 5) == ("zoe",)
    assert store.listener("nobody") is None
    with pytest.raises(InputError, match="user_id"):
        library.create_listener("not a name")


def test_playlists_of_a_listener_come_without_the_deleted_and_the_latest_first(
    library: Library, store: LibraryStore
) -> None:
    old, new, gone = new_id(), new_id(), new_id()
    for playlist_id, name in ((old, "Old"), (new, "New"), (gone, "Gone")):
        library.create_playlist(playlist_id, "lena", name, [f"fma:{number}" for number in range(6)])
    library.delete_playlist(gone, "lena")
    add(library, old, "lena", "fma:77")

    found = store.playlists_of("lena")

    assert [(tile.name, tile.size) for tile in found] == [("Old", 7), ("New", 6)]
    assert found[0].covers == ("fma:0", "fma:1", "fma:2", "fma:3")


def test_nothing_is_in_the_store_that_the_broker_has_not_confirmed(store: LibraryStore, cfg: Config) -> None:
    away = EventPublisher(replace(cfg.kafka, bootstrap_servers="127.0.0.1:1"))
    playlist_id = new_id()

    with pytest.raises(ServiceUnavailable, match="Kafka"):
        Library(store, away).create_playlist(playlist_id, "noor", "Never")

    assert store.playlist(playlist_id) is None


def test_a_topic_that_begins_anew_does_not_block_changes(library: Library, store: LibraryStore) -> None:
    playlist_id = new_id()
    library.create_playlist(playlist_id, "noor", "Before")
    far = record_of(store, playlist_id)
    store.write(PLAYLISTS_COLLECTION, [{**far, "version": 10**9}])

    library.change_playlist(playlist_id, "noor", lambda playlist, now: renamed(playlist, "After", now=now))

    found = store.playlist(playlist_id)
    assert found is not None
    assert found.name == "After"


def played(user_id: str, number: int, action: str, track: int) -> PlayEvent:
    event_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{user_id} {number}"))
    return PlayEvent(event_id, user_id, action, datetime.now(UTC), "player", track_id=f"t:{track}")


def wait_for(found: Callable[[], bool], within_s: float = 30.0) -> None:
    end = time.monotonic() + within_s
    while not _holds(found):
        assert time.monotonic() < end, "not in time"
        time.sleep(0.05)


def _holds(found: Callable[[], bool]) -> bool:
    """False too while the store is away."""
    try:
        return found()
    except ServiceUnavailable:
        return False


def test_history_and_likes_follow_the_events_and_survive_the_loss_of_the_store(
    services: tuple[Config, Killable], cfg: Config, publisher: EventPublisher, store: LibraryStore
) -> None:
    KafkaProducer(bootstrap_servers=cfg.kafka.bootstrap_servers).send(PLAYS_TOPIC.name, b"garbage").get(10)
    publisher.publish(played("ida", 1, "complete", 1), played("ida", 2, "like", 2), played("udo", 3, "like", 3))
    keeper = TopicFollower(cfg.kafka, store, PLAYS_TOPIC, take_plays)
    keeper.start()
    try:
        wait_for(lambda: bool(store.listening("ida").likes and store.listening("udo").likes))
        assert [each.track_id for each in store.listening("ida").history] == ["t:1"]
        assert [each.track_id for each in store.listening("ida").likes] == ["t:2"]

        lose_the_store_while_it_is_used(services)
        publisher.publish(played("ida", 4, "like", 4))
        wait_for(lambda: {each.track_id for each in store.listening("ida").likes} == {"t:2", "t:4"})
        assert [each.track_id for each in store.listening("udo").likes] == ["t:3"]
    finally:
        keeper.close()


def test_a_running_player_gives_a_lost_store_its_playlists_again(
    services: tuple[Config, Killable], cfg: Config, library: Library, store: LibraryStore
) -> None:
    kept, deleted = new_id(), new_id()
    library.create_playlist(kept, "ida", "Kept", ["t:1"])
    library.create_playlist(deleted, "ida", "Deleted")
    library.delete_playlist(deleted, "ida")
    keeper = TopicFollower(cfg.kafka, store, LIBRARY_TOPIC, take_library)
    keeper.start()
    try:
        wait_for(lambda: bool(store.position(LIBRARY_TOPIC)))
        before = record_of(store, kept)
        lose_the_store_while_it_is_used(services)
        wait_for(lambda: store.playlist(kept) is not None and store.record(Key(PLAYLIST, deleted)) is not None)
        assert record_of(store, kept) == before
        assert [tile.playlist_id for tile in store.playlists_of("ida")] == [kept]
    finally:
        keeper.close()


def test_the_command_rebuilds_them_in_an_empty_home(cfg: Config, library: Library, store: LibraryStore) -> None:
    kept, deleted = new_id(), new_id()
    library.create_listener("ulla", "Ulla")
    library.create_playlist(kept, "ulla", "Kept", ["t:1", "t:2"])
    library.create_playlist(deleted, "ulla", "Deleted")
    library.delete_playlist(deleted, "ulla")
    before = {key: stored(cfg)[key] for key in (kept, deleted, "ulla")}
    lose_the_store(cfg)

    command = [sys.executable, "-m", "spotistream.cli", "rebuild-store", "--home", str(cfg.home)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=True)

    assert "messages with playlists and listeners, 8 that are none left out" in done.stdout
    assert {key: stored(cfg)[key] for key in before} == before
