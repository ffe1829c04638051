"""Events out and recommendations in, over a real broker that also goes away and comes back."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic

from spotistream.config import Kafka, load_config
from spotistream.errors import ServiceUnavailable
from spotistream.events import PlayEvent
from spotistream.services.running import start_missing
from spotistream.serving.live import RecommendationFeed, Subscription
from spotistream.serving.publisher import EventPublisher
from spotistream.serving.views import Recommendations
from spotistream.tables import PLAYS_TOPIC, RECOMMENDATIONS_TOPIC

pytestmark = pytest.mark.timeout(180)


def event() -> PlayEvent:
    return PlayEvent(
        event_id=str(uuid.uuid4()),
        user_id="maya",
        action="play",
        track_id="demo:1",
        event_time=datetime.now(UTC),
        source="player",
    )


def announce(kafka: Kafka, version: int) -> None:
    producer = KafkaProducer(bootstrap_servers=kafka.bootstrap_servers)
    value = json.dumps({"version": version, "recommendations": []}).encode()
    producer.send(RECOMMENDATIONS_TOPIC.name, key=b"maya", value=value).get(10)
    producer.close()


async def version_of_next_table(updates: Subscription, *, within_s: float) -> int:
    async with asyncio.timeout(within_s):
        while True:
            table: Recommendations | None = await updates.get()
            if table is not None:
                return table.version


def received(kafka: Kafka, count: int) -> list[tuple[bytes, bytes]]:
    consumer = KafkaConsumer(
        PLAYS_TOPIC.name,
        bootstrap_servers=kafka.bootstrap_servers,
        auto_offset_reset="earliest",
        group_id=None,
        consumer_timeout_ms=5000,
    )
    messages = []
    for message in consumer:
        messages.append((message.key, message.value))
        if len(messages) == count:
            break
    consumer.close()
    return messages


def test_player_rides_out_a_broker_that_restarts(tmp_path: Path) -> None:
    async def scenario() -> None:
        first, second = event(), event()
        with start_missing(tmp_path, kafka=True, store=False) as addresses:
            kafka = replace(load_config(environ={}).kafka, bootstrap_servers=str(addresses.kafka))
            admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap_servers)
            admin.create_topics([NewTopic(topic.name, 1, 1) for topic in (PLAYS_TOPIC, RECOMMENDATIONS_TOPIC)])
            admin.close()
            events, feed = EventPublisher(kafka), RecommendationFeed(kafka)
            feed.start()
            with feed.subscribe("maya") as updates:
                assert await asyncio.wait_for(updates.get(), 20) is None, "connected: read the store"
                await asyncio.sleep(2)
                await asyncio.to_thread(announce, kafka, 1)
                assert await version_of_next_table(updates, within_s=5) == 1
            events.publish(first)

        began = time.monotonic()
        with pytest.raises(ServiceUnavailable, match="Kafka"):
            events.publish(second)
        assert time.monotonic() - began < 10

        with start_missing(tmp_path, kafka=True, store=False), feed.subscribe("maya") as updates:
            events.publish(second)
            assert received(kafka, 2) == [(b"maya", first.to_json()), (b"maya", second.to_json())]
            await asyncio.sleep(5)
            await asyncio.to_thread(announce, kafka, 2)
            assert await version_of_next_table(updates, within_s=20) == 2
            feed.close()
            events.close()

    asyncio.run(scenario())
