"""Streams, broker and store are killed at random moments; afterwards nothing is lost, double or wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from plugins.chaos import storm
from plugins.killable import Killable, killable_services
from plugins.small_model import publish_small_model
from pyspark.sql import DataFrame, Row, SparkSession

from spotistream.config import Config, load_config
from spotistream.errors import ServiceUnavailable
from spotistream.io import delta, documents
from spotistream.io.kafka import MESSAGE_SCHEMA
from spotistream.models.listener import ListenerEvent, ListenerState, merged, pack
from spotistream.pipelines import ingest_plays
from spotistream.pipelines.current_model import CurrentModel
from spotistream.pipelines.listener_tables import refresh
from spotistream.pipelines.stored_recommendations import SnapshotTopic, document_of
from spotistream.serving.bulk import BulkPublisher
from spotistream.tables import PLAYS, PLAYS_REJECTED, RECOMMENDATIONS_COLLECTION
from spotistream.transforms.play_events import decoded_plays

KILLS = 10
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
EVENT = {
    "schema_version": 1,
    "event_id": "00000000-0000-4000-8000-000000000001",
    "user_id": "ann",
    "track_id": "t:0001",
    "action": "play",
    "event_time": "2026-05-01T11:59:00Z",
    "source": "player",
}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Config, Killable]]:
    with killable_services(load_config(home=tmp_path_factory.mktemp("chaos") / "home", environ={})) as own:
        yield own


@pytest.mark.timeout(900)
def test_ten_kills_at_random_moments_break_nothing(own: tuple[Config, Killable], spark: SparkSession) -> None:
    cfg, services = own
    damage = storm(spark, cfg, services, kills=KILLS, seed=3)
    assert damage.is_none, damage.record()
    assert damage.events > 5_000
    assert damage.rejected > 100
    assert damage.listeners > 100


@pytest.fixture
def batch(spark: SparkSession, cfg: Config) -> Iterator[DataFrame]:
    """A batch as inside a running query: one event and one message that is none."""
    for table in (PLAYS, PLAYS_REJECTED):
        delta.create_table(spark, cfg, table)
    spark.sparkContext.setLocalProperty("sql.streaming.queryId", "query-1")
    rows = [(b"ann", json.dumps(EVENT).encode(), "plays", 0, 5, NOW), (b"ann", b"{", "plays", 0, 6, NOW)]
    yield decoded_plays(spark.createDataFrame(rows, MESSAGE_SCHEMA))
    spark.sparkContext.setLocalProperty("sql.streaming.queryId", None)


def test_a_crash_between_rejected_and_plays_is_made_good_by_the_repeated_batch(
    own: tuple[Config, Killable], spark: SparkSession, cfg: Config, batch: DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    cfg = replace(cfg, kafka=own[0].kafka)
    append = delta.append

    def crash_before_plays(frame: DataFrame, cfg: Config, table: Any, **known: Any) -> None:
        if table is PLAYS:
            raise KeyboardInterrupt
        append(frame, cfg, table, **known)

    monkeypatch.setattr(delta, "append", crash_before_plays)
    with pytest.raises(KeyboardInterrupt):
        ingest_plays.write_batch(batch, 0, cfg)
    assert delta.existing_table(spark, cfg, PLAYS_REJECTED).count() == 1
    monkeypatch.undo()
    for _ in range(2):
        ingest_plays.write_batch(batch, 0, cfg)
    assert [row["kafka_offset"] for row in delta.existing_table(spark, cfg, PLAYS).collect()] == [5]
    assert [row["kafka_offset"] for row in delta.existing_table(spark, cfg, PLAYS_REJECTED).collect()] == [6]


def test_a_crash_between_store_and_topic_is_made_good_by_the_repeated_batch(
    own: tuple[Config, Killable], monkeypatch: pytest.MonkeyPatch
) -> None:
    cfg, _ = own
    publish_small_model(cfg)
    model = CurrentModel(cfg).get()
    listen = ListenerEvent(1_000, EVENT["event_id"], "t:0001", "play")
    state = merged(ListenerState(), [listen], max_events=200, max_opinions=1000)
    row = Row(
        user_id="between", packed=pack(state), version=5, sent_at=NOW, event_id=listen.event_id,
        track_id="t:0001", action="play", event_time=NOW,
    )  # fmt: skip
    topic = SnapshotTopic(cfg.kafka)
    ends = topic.ends()
    with documents.database(cfg.mongo) as db, BulkPublisher(cfg.kafka) as publisher:

        def crash(*_: Any) -> None:
            raise ServiceUnavailable.kafka(cfg.kafka.bootstrap_servers)

        monkeypatch.setattr(publisher, "send", crash)
        with pytest.raises(ServiceUnavailable):
            refresh([row], model, cfg, db, publisher, name="test")
        stored = db[RECOMMENDATIONS_COLLECTION.name].find_one({"_id": "between"})
        assert list(topic.messages(ends)) == []
        monkeypatch.undo()
        refresh([row], model, cfg, db, publisher, name="test")
        again = db[RECOMMENDATIONS_COLLECTION.name].find_one({"_id": "between"})
    (sent,) = (document_of(value) for value in topic.messages(ends))
    topic.close()
    assert stored["recommendations"] == again["recommendations"] == sent["recommendations"]
    assert (stored["version"], again["version"], sent["version"]) == (5, 5, 5)
