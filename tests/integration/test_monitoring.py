"""A query of a real session on a real broker and store, watched: home, store and Prometheus tell the same."""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaProducer
from plugins.sockets import LOOPBACK, listening_addresses
from plugins.whole_service import wait_for
from pymongo import MongoClient
from pyspark.sql import DataFrame, SparkSession

from spotistream.config import Config
from spotistream.io import kafka
from spotistream.launch import with_addresses
from spotistream.layouts import Topic
from spotistream.monitoring.notes import NOTES
from spotistream.monitoring.publishing import published_before, read_records
from spotistream.monitoring.watching import watched
from spotistream.pipelines.streaming import start_query
from spotistream.services.ports import free_ports
from spotistream.services.topics import TopicSpec, create_topics
from spotistream.tables import STREAM_STATUS

TOPIC = Topic("watched", "none", "What the watched query reads")
QUERY = "watched_query"


@pytest.fixture
def watched_cfg(cfg: Config, broker: str, store: str) -> Iterator[Config]:
    create_topics({"bootstrap_servers": [broker]}, [TopicSpec(TOPIC.name, 1, 1, {})])
    with KafkaProducer(bootstrap_servers=broker) as producer:
        for number in range(5):
            producer.send(TOPIC.name, str(number).encode()).get(timeout=10)
    cfg = with_addresses(cfg, kafka=broker, mongo=store)
    (port,) = free_ports([0])
    cfg = replace(cfg, monitoring=replace(cfg.monitoring, port=port, publish_seconds=0.1))
    yield replace(cfg, mongo=replace(cfg.mongo, database="monitoring"))


def published(cfg: Config) -> dict[str, Any]:
    found = [one for record in read_records(cfg.home) for one in record["queries"] if one["query"] == QUERY]
    return found[0] if found else {}


def metrics(cfg: Config) -> list[str]:
    address = f"http://127.0.0.1:{cfg.monitoring.port}/metrics"
    with urllib.request.urlopen(address, timeout=5) as answer:
        return answer.read().decode().splitlines()


def test_a_watched_query_is_told_everywhere(spark: SparkSession, watched_cfg: Config) -> None:
    cfg = watched_cfg

    def write(batch: DataFrame, batch_id: int) -> None:
        rows = batch.count()
        NOTES.rejected(QUERY, batch_id, 1)
        NOTES.readable(QUERY, [0.2])
        if rows > 5:
            raise RuntimeError("six at once are too many")

    with watched(spark, cfg, "tests"):
        frame = kafka.read_stream(spark, cfg, TOPIC)
        query = start_query(frame, cfg, name=QUERY, write=write, seconds=0.2, once=False)
        try:
            wait_for(lambda: published(cfg).get("rows") == 5, 60)
            lines = metrics(cfg)
            listening = listening_addresses(os.getpid())
            with KafkaProducer(bootstrap_servers=cfg.kafka.bootstrap_servers, linger_ms=500) as producer:
                for number in range(6):
                    producer.send(TOPIC.name, str(number).encode(), partition=0)
            wait_for(lambda: not query.isActive, 60)
        finally:
            query.stop()

    found = published(cfg)
    assert published_before(cfg.home, "tests")[QUERY].error == found["error"]
    assert found["state"] == "failed"
    assert found["error"] == "RuntimeError: six at once are too many"
    assert (found["offsets"], found["lag"], found["batches"]) == ([[TOPIC.name, 0, 5]], 0, 1)
    assert f'spotistream_stream_up{{query="{QUERY}"}} 1.0' in lines
    assert f'spotistream_stream_rows_total{{query="{QUERY}"}} 5.0' in lines
    assert f'spotistream_stream_rejected_messages_total{{query="{QUERY}"}} 1.0' in lines
    assert f'spotistream_stream_send_to_readable_seconds_bucket{{le="0.25",query="{QUERY}"}} 1.0' in lines
    assert [line for line in lines if line.startswith("spotistream_stream_batch_duration_seconds{")]
    assert listening <= LOOPBACK
    with MongoClient[dict[str, Any]](cfg.mongo.uri) as client:
        document = client[cfg.mongo.database][STREAM_STATUS.name].find_one({"_id": QUERY})
    assert document is not None
    assert {name: document[name] for name in found} == found
    assert (document["application"], document["pid"]) == ("tests", os.getpid())


def test_a_taken_port_costs_the_metrics_only(
    spark: SparkSession, watched_cfg: Config, caplog: pytest.LogCaptureFixture
) -> None:
    with watched(spark, watched_cfg, "first"), watched(spark, watched_cfg, "second"):
        pass
    port = watched_cfg.monitoring.port
    ours = [record for record in caplog.records if record.name.startswith("spotistream.")]
    assert [record.message for record in ours if record.levelname == "WARNING"] == [
        f"no metrics for Prometheus: 127.0.0.1:{port} cannot be used (Address already in use); set monitoring.port"
    ]


def test_a_store_that_is_away_costs_the_documents_only(spark: SparkSession, watched_cfg: Config) -> None:
    (nobody,) = free_ports([0])
    cfg = replace(watched_cfg, mongo=replace(watched_cfg.mongo, uri=f"mongodb://127.0.0.1:{nobody}"))
    with watched(spark, cfg, "alone"):
        pass
    assert [record["application"] for record in read_records(cfg.home)] == ["alone"]
    assert json.loads(Path(cfg.home / "run" / "status" / "alone.json").read_text())["queries"] == []
