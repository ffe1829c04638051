"""What is no event goes, byte for byte and with its reason, to Delta and to a topic; none is lost or stops the rest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from plugins.literal_rows import literal_rows
from pyspark.sql import SparkSession

from spotistream.config import Config
from spotistream.io import delta, set_aside
from spotistream.launch import ensure_topics
from spotistream.layouts import Topic
from spotistream.pipelines import ingest_plays
from spotistream.pipelines.replay_rejected import replay
from spotistream.services.running import start_missing
from spotistream.serving.kafka_client import client_options
from spotistream.tables import PLAYS, PLAYS_REJECTED, PLAYS_REJECTED_TOPIC, PLAYS_TOPIC

EVENT = {
    "schema_version": 1,
    "event_id": "00000000-0000-4000-8000-000000000001",
    "user_id": "ann",
    "track_id": "file:0123456789abcdef",
    "action": "play",
    "event_time": "2026-05-01T11:59:00Z",
    "source": "player",
}
GOOD = json.dumps(EVENT).encode()
YEAR_2990 = 32_188_000_000_000
"""Milliseconds since 1970, a little into that year."""


@pytest.fixture(scope="module")
def own_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A broker of this module's own: every message in its topics is ours."""
    with start_missing(tmp_path_factory.mktemp("rejected"), kafka=True, store=False) as addresses:
        yield str(addresses.kafka)


@pytest.fixture(scope="module")
def lasting(own_broker: str) -> dict[str, Any]:
    return {"bootstrap_servers": own_broker, "partitions": 1}


@pytest.fixture
def cfg(cfg: Config, lasting: dict[str, Any]) -> Config:
    made = replace(cfg, kafka=replace(cfg.kafka, **lasting))
    ensure_topics(made)
    return made


def send(cfg: Config, *messages: tuple[bytes | None, bytes | None], **options: Any) -> int:
    """Put messages of key and value into topic ``plays``, said to be of the year 2990; the offset of the first."""
    producer = KafkaProducer(**client_options(cfg.kafka), **options)
    sent = [producer.send(PLAYS_TOPIC.name, key=key, value=value, timestamp_ms=YEAR_2990) for key, value in messages]
    offsets = [future.get(30).offset for future in sent]
    producer.close()
    return offsets[0]


def end_of(cfg: Config, topic: Topic) -> int:
    consumer = KafkaConsumer(**client_options(cfg.kafka))
    try:
        return consumer.end_offsets([TopicPartition(topic.name, 0)])[TopicPartition(topic.name, 0)]
    finally:
        consumer.close()


def messages_from(cfg: Config, topic: Topic, offset: int) -> list[Any]:
    """Everything in the topic's one partition from ``offset`` on."""
    end = end_of(cfg, topic)
    consumer = KafkaConsumer(**client_options(cfg.kafka))
    partition = TopicPartition(topic.name, 0)
    consumer.assign([partition])
    consumer.seek(partition, offset)
    found: list[Any] = []
    while consumer.position(partition) < end:
        found += consumer.poll(timeout_ms=1000).get(partition, [])
    consumer.close()
    return found


def test_rejected_messages_are_in_delta_and_in_the_topic_and_the_others_are_events(
    spark: SparkSession, cfg: Config
) -> None:
    before = end_of(cfg, PLAYS_REJECTED_TOPIC)
    first = send(
        cfg,
        (b"ann", GOOD),
        (b"\x00\xff", b"\xff\x00 raw"),
        (b"ann", None),
        (b"ann", GOOD.replace(b"play", b"dance")),
        (b"ann", GOOD),
        (b"bob", GOOD.replace(b"ann", b"bob")),
        (b"ann", GOOD.replace(b"2026", b"2990")),
    )
    ingest_plays.JOB.run_once(spark, cfg)

    expected = [
        (b"\x00\xff", b"\xff\x00 raw", first + 1, "not UTF-8 text"),
        (b"ann", None, first + 2, "the message is empty"),
        (b"ann", GOOD.replace(b"play", b"dance"), first + 3, "action is not a known action"),
        (b"bob", GOOD.replace(b"ann", b"bob"), first + 5, "event_id is that of another event"),
        (b"ann", GOOD.replace(b"2026", b"2990"), first + 6, "event_time is in the future"),
    ]
    rejected = delta.existing_table(spark, cfg, PLAYS_REJECTED).orderBy("kafka_offset").collect()
    assert [(row["key"], row["value"], row["kafka_offset"], row["reason"]) for row in rejected] == expected
    told = [
        {"topic": b"plays", "partition": b"0", "offset": b"%d" % offset, "reason": reason.encode()}
        for _, _, offset, reason in expected
    ]
    found = sorted(messages_from(cfg, PLAYS_REJECTED_TOPIC, before), key=lambda each: int(dict(each.headers)["offset"]))
    assert [(each.key, each.value) for each in found] == [(key, value) for key, value, _, _ in expected]
    assert [dict(each.headers) for each in found] == told
    plays = delta.existing_table(spark, cfg, PLAYS).collect()
    assert [(row["user_id"], row["kafka_offset"]) for row in plays] == [("ann", first)]


def test_a_kill_between_the_two_writes_loses_no_message(
    spark: SparkSession, cfg: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = end_of(cfg, PLAYS_REJECTED_TOPIC)
    send(cfg, (b"ann", b"{"), (b"ann", GOOD))

    def killed(*_: object) -> None:
        raise InterruptedError

    with monkeypatch.context() as patched:
        patched.setattr(ingest_plays, "write_set_aside", killed)
        with pytest.raises(Exception, match="InterruptedError"):
            ingest_plays.JOB.run_once(spark, cfg)
    rejected = [row["value"] for row in delta.existing_table(spark, cfg, PLAYS_REJECTED).collect()]
    assert (rejected.count(b"{"), end_of(cfg, PLAYS_REJECTED_TOPIC)) == (1, before)

    ingest_plays.JOB.run_once(spark, cfg)
    assert [row["value"] for row in delta.existing_table(spark, cfg, PLAYS_REJECTED).collect()] == rejected
    assert b"{" in [each.value for each in messages_from(cfg, PLAYS_REJECTED_TOPIC, before)]
    assert delta.existing_table(spark, cfg, PLAYS).count() == 1


def test_messages_as_large_as_the_broker_takes_do_not_stop_the_stream(
    spark: SparkSession, cfg: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(set_aside, "LARGEST_VALUE", 2**20)
    before = end_of(cfg, PLAYS_REJECTED_TOPIC)
    full, unpacked = bytes(range(256)) * 4000, b"x" * (2**20 + 1)
    send(cfg, (b"ann", full), (b"ann", unpacked), max_request_size=2**21, compression_type="gzip")
    ingest_plays.JOB.run_once(spark, cfg)
    kept = [row["value"] for row in delta.existing_table(spark, cfg, PLAYS_REJECTED).collect()]
    assert full in kept
    assert unpacked in kept
    sent = [each for each in messages_from(cfg, PLAYS_REJECTED_TOPIC, before) if (each.value or full) == full]
    assert [(each.value, dict(each.headers).get("left_out_bytes")) for each in sent][-2:] == [
        (full, None), (None, b"1048577"),
    ]  # fmt: skip


def test_replayed_messages_become_events_where_they_are_right_now(spark: SparkSession, cfg: Config) -> None:
    """As after an upgrade: an earlier version rejected what is an event now, and messages that are none."""
    end = end_of(cfg, PLAYS_TOPIC)
    ingest_plays.JOB.run_once(spark, cfg)
    known = GOOD.replace(b"0001", b"0002")
    right = GOOD.replace(b"0001", b"0003")
    rows = [
        {"kafka_offset": at, "key": b"ann", "value": value, "reason": reason}
        for at, (value, reason) in enumerate([(right, "odd"), (known, "odd"), (b"{ wrong", "bad"), (b"{ wrong", "bad")])
    ]
    position = {"topic": "plays", "kafka_partition": 7, "kafka_time": datetime(2026, 5, 1, tzinfo=UTC)}
    delta.append(literal_rows(spark, PLAYS_REJECTED, [row | position for row in rows]), cfg, PLAYS_REJECTED)
    send(cfg, (b"ann", known))
    began = datetime.now(UTC)

    assert replay(spark, cfg, reason="a reason that nothing has").startswith("0 messages replayed")
    assert replay(spark, cfg, reason="odd", dry_run=True) == "        2  odd\n2 messages to replay; none was sent"
    assert end_of(cfg, PLAYS_TOPIC) == end + 1
    assert replay(spark, cfg, reason="odd").splitlines()[-1].startswith("2 messages replayed to topic plays")
    assert replay(spark, cfg, reason="bad").splitlines()[-1].startswith("1 message replayed to topic plays")
    assert [each.value for each in messages_from(cfg, PLAYS_TOPIC, end)] == [known, right, known, b"{ wrong"]

    ingest_plays.JOB.run_once(spark, cfg)
    ids = [row["event_id"][-4:] for row in delta.existing_table(spark, cfg, PLAYS).where("kafka_offset >= 0").collect()]
    assert (ids.count("0002"), ids.count("0003")) == (1, 1)
    again = delta.existing_table(spark, cfg, PLAYS_REJECTED).where(f"kafka_partition = 0 AND kafka_offset >= {end}")
    assert [(row["value"], row["kafka_offset"]) for row in again.collect()] == [(b"{ wrong", end + 3)]

    sent_before = [{"reason": "odd"}, {"reason": "bad"}, {"since": began}]
    assert [replay(spark, cfg, **chosen)[:10] for chosen in sent_before] == ["0 messages"] * 3
    assert replay(spark, cfg, reason="odd", again=True).splitlines()[-1].startswith("2 messages replayed")
