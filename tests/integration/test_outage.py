"""The broker and the store are killed under running queries, and started again on the same port and data."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pymongo
import pytest
from plugins.killable import BROKER, STORE, Killable, killable_services
from plugins.small_model import publish_small_model
from plugins.whole_service import wait_for
from pyspark.sql import SparkSession

from spotistream.config import Config, load_config
from spotistream.errors import ServiceUnavailable
from spotistream.events import PlayEvent
from spotistream.io import delta, documents
from spotistream.pipelines import ingest_plays, refresh_recommendations
from spotistream.pipelines.outages import ANSWERED_WITHIN_S, BrokerWatch, StoreRestarted
from spotistream.pipelines.store_guard import outlived
from spotistream.pipelines.streaming import stop_between_batches
from spotistream.serving.bulk import BulkPublisher
from spotistream.tables import PLAYS, PLAYS_TOPIC, POPULAR_TRACKS, RECOMMENDATIONS_COLLECTION

SOON_S = 60.0
FAST = {"SPOTISTREAM__STREAM__INGEST_SECONDS": "0.5", "SPOTISTREAM__MONGO__TIMEOUT_MS": "1000"}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Config, Killable]]:
    """Services that only this module uses, and a model."""
    with killable_services(load_config(home=tmp_path_factory.mktemp("outage") / "home", environ=FAST)) as (cfg, own):
        publish_small_model(cfg)
        yield cfg, own


def play(user_id: str, number: int = 0) -> PlayEvent:
    return PlayEvent(str(uuid.uuid4()), user_id, "play", datetime.now(UTC), "api", track_id=f"t:{number:04}")


def send(cfg: Config, *events: PlayEvent) -> None:
    with BulkPublisher(cfg.kafka) as publisher:
        for event in events:
            publisher.send(PLAYS_TOPIC, event.user_id, event.to_json())


def table_of(cfg: Config, user_id: str) -> dict[str, Any] | None:
    with pymongo.MongoClient[dict[str, Any]](cfg.mongo.uri, serverSelectionTimeoutMS=500) as client:
        return client[cfg.mongo.database][RECOMMENDATIONS_COLLECTION.name].find_one({"_id": user_id})


def messages(caplog: pytest.LogCaptureFixture) -> list[str]:
    ours = (record for record in caplog.records if record.name.startswith("spotistream.pipelines"))
    return [record.getMessage() for record in ours if record.levelno >= logging.WARNING]


def test_a_write_whose_connection_broke_is_sent_again_and_the_batch_is_known_to_be_broken(
    own: tuple[Config, Killable],
) -> None:
    cfg, services = own
    with documents.database(cfg.mongo) as db, pytest.raises(StoreRestarted), outlived(cfg.mongo):
        documents.replace_documents(db, POPULAR_TRACKS, [{"_id": "first"}])
        before = documents.server_identity(db)
        services.kill(STORE)
        services.start(STORE)
        documents.replace_documents(db, POPULAR_TRACKS, [{"_id": "second"}])
        assert db[POPULAR_TRACKS.name].find_one({"_id": "second"})
        assert documents.server_identity(db) != before


def test_query_and_publisher_outlive_the_broker_and_it_is_said_once(
    own: tuple[Config, Killable], spark: SparkSession, caplog: pytest.LogCaptureFixture
) -> None:
    cfg, services = own
    (query,) = ingest_plays.JOB.start(spark, cfg, False)
    watch = BrokerWatch(cfg.kafka.bootstrap_servers)
    publisher = BulkPublisher(cfg.kafka, timeout_s=3.0)

    def look() -> bool:
        watch.look([query])
        return bool(messages(caplog))

    try:
        before, lost, after = play("bea"), play("bea"), play("bea")
        publisher.send(PLAYS_TOPIC, "bea", before.to_json())
        publisher.flush()
        wait_for(lambda: query.lastProgress and query.lastProgress["numInputRows"], SOON_S)
        services.kill(BROKER)
        publisher.send(PLAYS_TOPIC, "bea", lost.to_json())
        with pytest.raises(ServiceUnavailable, match=r"Kafka at .* does not answer"):
            publisher.flush()
        wait_for(look, ANSWERED_WITHIN_S + SOON_S)
        services.start(BROKER)
        publisher.send(PLAYS_TOPIC, "bea", after.to_json())
        publisher.flush()
        wait_for(
            lambda: delta.existing_table(spark, cfg, PLAYS).where(f"event_id = '{after.event_id}'").count(), SOON_S
        )
        wait_for(lambda: look() and len(messages(caplog)) > 1, SOON_S)
        away, back = messages(caplog)
        assert away.endswith("does not answer; events wait there and are read when it is back")
        assert " answers again, after " in back
        assert query.isActive
    finally:
        publisher.close()
        stop_between_batches([query], timeout_s=20)
    ids = [row["event_id"] for row in delta.existing_table(spark, cfg, PLAYS).where("user_id = 'bea'").collect()]
    assert sorted(ids) == sorted([before.event_id, after.event_id])


def test_a_table_is_written_once_the_store_is_back(
    own: tuple[Config, Killable], spark: SparkSession, caplog: pytest.LogCaptureFixture
) -> None:
    cfg, services = own
    queries = refresh_recommendations.JOB.start(spark, cfg, False)
    try:
        send(cfg, play("cleo", 1))
        wait_for(lambda: table_of(cfg, "cleo"), SOON_S)
        services.kill(STORE)
        second = play("cleo", 2)
        send(cfg, second)
        wait_for(lambda: messages(caplog), SOON_S)
        time.sleep(2)
        assert len(messages(caplog)) == 1
        assert "refresh_recommendations: " in messages(caplog)[0]
        services.start(STORE)
        wait_for(lambda: (table_of(cfg, "cleo") or {}).get("caused_by", {}).get("event_id") == second.event_id, SOON_S)
        heard = {"t:0001", "t:0002"}
        assert not heard & {item["track_id"] for item in table_of(cfg, "cleo")["recommendations"]}
        wait_for(lambda: any("written after" in text for text in messages(caplog)), SOON_S)
    finally:
        stop_between_batches(queries, timeout_s=20)


def test_asked_to_stop_it_ends_at_once_and_goes_on_at_the_next_start(
    own: tuple[Config, Killable], spark: SparkSession, caplog: pytest.LogCaptureFixture
) -> None:
    cfg, services = own
    queries = refresh_recommendations.JOB.start(spark, cfg, False)
    services.kill(STORE)
    event = play("dora", 3)
    send(cfg, event)
    wait_for(lambda: messages(caplog), SOON_S)
    asked = time.monotonic()
    stop_between_batches(queries, timeout_s=20)
    assert time.monotonic() - asked < 4
    services.start(STORE)
    assert table_of(cfg, "dora") is None
    refresh_recommendations.JOB.run_once(spark, cfg)
    assert table_of(cfg, "dora")["caused_by"]["event_id"] == event.event_id


def test_a_store_that_lost_tables_gets_them_again_from_the_topic(
    own: tuple[Config, Killable], spark: SparkSession, caplog: pytest.LogCaptureFixture
) -> None:
    cfg, services = own
    queries = refresh_recommendations.JOB.start(spark, cfg, False)
    try:
        send(cfg, play("eve", 4))
        wait_for(lambda: table_of(cfg, "eve"), SOON_S)
        services.kill(STORE)
        for file in (Path(cfg.home) / "store").iterdir():
            file.unlink()
        services.start(STORE)
        wait_for(lambda: table_of(cfg, "eve") and table_of(cfg, "cleo"), SOON_S)
    finally:
        stop_between_batches(queries, timeout_s=20)
