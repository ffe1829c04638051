"""A broker and a store that are killed under a running service come back where their clients look for them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pymongo
import pytest
from kafka import KafkaConsumer, KafkaProducer
from plugins.whole_service import wait_for

from spotistream.config import Config, load_config
from spotistream.launch import with_addresses
from spotistream.restarts import Part
from spotistream.services.running import Addresses, running_services, start_missing
from spotistream.services.topics import TopicSpec, create_topics
from spotistream.supervisor import keep_running, own_services, stop_parts

COMMITTED_S = 2.0
"""A killed store loses what it took in its last moment, of which another test is."""


@pytest.fixture
def home_services(tmp_path: Path) -> Iterator[tuple[Config, Addresses]]:
    home = tmp_path / "home"
    with start_missing(home, kafka=True, store=True) as addresses:
        cfg = load_config(home=home, environ={"SPOTISTREAM__SUPERVISOR__PAUSE_SECONDS": "0.1"})
        yield with_addresses(cfg, kafka=addresses.kafka, mongo=addresses.mongo), addresses


def test_killed_services_come_back_on_the_same_port_with_the_same_data(
    home_services: tuple[Config, Addresses],
) -> None:
    cfg, addresses = home_services
    assert addresses.kafka
    create_topics({"bootstrap_servers": [addresses.kafka]}, [TopicSpec("kept", 1, 1, {})])
    with KafkaProducer(bootstrap_servers=addresses.kafka, acks="all") as producer:
        producer.send("kept", b"before").get(timeout=10)
    with pymongo.MongoClient(addresses.mongo) as client:
        client.db.kept.insert_one({"_id": "before"})
    time.sleep(COMMITTED_S)
    parts = own_services(cfg)
    try:
        assert [part.name for part in parts] == ["the store", "the broker"]
        for part in parts:
            os.kill(part.process.pid, signal.SIGKILL)
            wait_for(lambda part=part: not part.process.is_running(), 10)

        wait_for(lambda: keep_running(parts, cfg) or all(is_up(part) for part in parts), 60)

        assert running_services(cfg.home) == addresses
        consumer = KafkaConsumer(
            "kept", bootstrap_servers=addresses.kafka, auto_offset_reset="earliest", consumer_timeout_ms=5000
        )
        with consumer:
            assert next(iter(consumer)).value == b"before"
        with pymongo.MongoClient(addresses.mongo) as client:
            assert client.db.kept.find_one() == {"_id": "before"}
    finally:
        stop_parts(parts, timeout_s=20)
    assert running_services(cfg.home) == Addresses()


def test_services_of_other_addresses_are_not_ours_to_restart(tmp_path: Path) -> None:
    cfg = load_config(home=tmp_path, environ={})
    assert own_services(replace(cfg, kafka=replace(cfg.kafka, bootstrap_servers="kafka-1:9092"))) == []


def is_up(part: Part) -> bool:
    return part.process.is_running() and part.recent_failures == 1
