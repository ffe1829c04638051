"""The embedded broker and document store themselves: started, used, stopped, killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pymongo
import pytest
from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError
from plugins.sockets import LOOPBACK, listening_addresses
from pymongo import MongoClient, ReplaceOne
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from spotistream.services import broker as brokers
from spotistream.services import document_store
from spotistream.services.process import birth, find_process
from spotistream.services.running import Addresses, running_services, start_missing
from spotistream.services.topics import TopicSpec, create_topics

STARTS_SERVICES = """
import sys
from pathlib import Path
from spotistream.services.running import start_missing
with start_missing(Path(sys.argv[1]), kafka=True, store=True) as addresses:
    print(addresses.kafka, addresses.mongo, flush=True)
    sys.stdin.read()
"""
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, or needs a child to end with its parent")


def messages(address: str, topic: str) -> list[bytes]:
    consumer = KafkaConsumer(
        topic, bootstrap_servers=address, auto_offset_reset="earliest", group_id=None, consumer_timeout_ms=2000
    )
    with consumer:
        return [record.value for record in consumer]


def send(address: str, topic: str, value: bytes) -> None:
    with KafkaProducer(bootstrap_servers=address, max_block_ms=5000) as producer:
        producer.send(topic, value).get(timeout=10)


@pytest.fixture
def database(store: str, request: pytest.FixtureRequest) -> Iterator[Database[dict[str, Any]]]:
    with MongoClient(store) as client:
        yield client[request.node.name]


def test_topics_are_created_once(broker: str) -> None:
    specs = [TopicSpec("twice", 2, 1, {"cleanup.policy": "compact"})]
    options = {"bootstrap_servers": [broker]}

    assert create_topics(options, specs) == ["twice"]
    assert create_topics(options, specs) == []


def test_a_message_is_read_back(broker: str) -> None:
    create_topics({"bootstrap_servers": [broker]}, [TopicSpec("one", 1, 1, {})])

    send(broker, "one", b"hello")

    assert messages(broker, "one") == [b"hello"]


def test_a_topic_nobody_created_is_not_there(broker: str) -> None:
    with pytest.raises(KafkaError):
        send(broker, "misspelt", b"hello")
    admin = KafkaAdminClient(bootstrap_servers=broker)
    assert "misspelt" not in admin.list_topics()
    admin.close()


def test_a_document_is_upserted_in_bulk(database: Database[dict[str, Any]]) -> None:
    for plays in (1, 2):
        database.users.bulk_write(
            [ReplaceOne({"_id": f"u{n}"}, {"_id": f"u{n}", "plays": plays}, upsert=True) for n in range(100)]
        )

    assert database.users.count_documents({}) == 100
    assert database.users.find_one({"_id": "u7"}) == {"_id": "u7", "plays": 2}


def test_a_unique_index_holds(database: Database[dict[str, Any]]) -> None:
    database.users.create_index([("name", pymongo.ASCENDING)], unique=True)
    database.users.insert_one({"name": "ada"})

    with pytest.raises(DuplicateKeyError):
        database.users.insert_one({"name": "ada"})


def test_an_older_version_is_refused(database: Database[dict[str, Any]]) -> None:
    database.shelves.insert_one({"_id": "u1", "version": 5})

    with pytest.raises(DuplicateKeyError):
        database.shelves.replace_one({"_id": "u1", "version": {"$lte": 4}}, {"_id": "u1", "version": 4}, upsert=True)

    assert database.shelves.find_one() == {"_id": "u1", "version": 5}


@linux_only
def test_services_listen_on_loopback_only(broker: str, store: str, services_home: Path) -> None:
    for name in (brokers.NAME, document_store.NAME):
        process = find_process(services_home, name)
        assert process is not None

        assert set() < listening_addresses(process.pid) <= LOOPBACK, name


def test_a_second_command_uses_what_runs_and_leaves_it(broker: str, store: str, services_home: Path) -> None:
    with start_missing(services_home, kafka=True, store=True) as addresses:
        assert addresses == Addresses(broker, store)

    assert running_services(services_home) == Addresses(broker, store)


def test_data_and_addresses_outlive_a_restart(tmp_path: Path) -> None:
    with start_missing(tmp_path, kafka=True, store=True) as first, MongoClient(first.mongo) as client:
        create_topics({"bootstrap_servers": [str(first.kafka)]}, [TopicSpec("kept", 1, 1, {})])
        send(str(first.kafka), "kept", b"still here")
        client.test.users.insert_one({"_id": "u1"})
    assert running_services(tmp_path) == Addresses()

    with start_missing(tmp_path, kafka=True, store=True) as second, MongoClient(second.mongo) as client:
        assert second == first
        assert messages(str(second.kafka), "kept") == [b"still here"]
        assert client.test.users.find_one() == {"_id": "u1"}


def test_a_killed_store_loses_at_most_its_last_moment(tmp_path: Path) -> None:
    with start_missing(tmp_path, kafka=False, store=True) as addresses, MongoClient(addresses.mongo) as client:
        client.test.users.insert_many([{"_id": n, "text": "x" * 1000} for n in range(2000)])
        time.sleep(2)  # far longer than a commit takes, also on a busy machine
        process = find_process(tmp_path, document_store.NAME)
        assert process is not None
        subprocess.run(["kill", "-9", str(process.pid)], check=True)

    with start_missing(tmp_path, kafka=False, store=True) as addresses, MongoClient(addresses.mongo) as client:
        assert client.test.users.count_documents({}) == 2000


@linux_only
def test_services_of_a_killed_command_end_and_can_be_started_again(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STARTS_SERVICES, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        first = Addresses(*parent.stdout.readline().split())
        pids = [process.pid for name in ("broker", "store") if (process := find_process(tmp_path, name))]
        parent.send_signal(signal.SIGKILL)
    assert len(pids) == 2

    with start_missing(tmp_path, kafka=True, store=True) as second:
        assert running_services(tmp_path) == second
        assert first.kafka
    assert [birth(pid) for pid in pids] == [None, None]


def test_two_commands_at_once_share_one_broker_and_store(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STARTS_SERVICES, str(tmp_path)]
    options: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **options) as one, subprocess.Popen(command, **options) as other:
        assert one.stdout is not None
        assert other.stdout is not None
        lines = [one.stdout.readline(), other.stdout.readline()]

    assert lines[0] == lines[1] != ""
    assert running_services(tmp_path) == Addresses()
