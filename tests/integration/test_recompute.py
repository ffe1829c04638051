"""What the stream keeps is what the plays give when they are read again."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from plugins.killable import killable_services
from plugins.small_model import publish_small_model
from pymongo.database import Database
from pyspark.sql import SparkSession

from spotistream.config import Config, load_config
from spotistream.events import PlayEvent
from spotistream.io import documents
from spotistream.pipelines import ingest_plays, recompute_command, refresh_recommendations
from spotistream.pipelines.recompute import recompute
from spotistream.pipelines.stored_recommendations import SnapshotTopic, document_of
from spotistream.serving.bulk import BulkPublisher
from spotistream.tables import PLAYS_TOPIC, RECOMMENDATIONS_COLLECTION

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def event(user_id: str, number: int, action: str = "play", minutes: float = 0, **values: Any) -> PlayEvent:
    event_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{user_id} {number}"))
    time = NOW + timedelta(minutes=minutes)
    track_id = None if action == "visit" else f"t:{number:04}"
    return PlayEvent(event_id, user_id, action, time, "api", track_id=track_id, **values)


FIRST = (
    event("ann", 1, minutes=5),
    event("ann", 2, "skip", minutes=4, played_ms=1_000),
    event("ann", 3, "like", minutes=-60),
    event("ann", 1, minutes=5),
    event("bob", 4, "dislike"),
    event("cleo", 0, "visit"),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Config]:
    """Services of its own, because topics of the shared ones hold what other tests sent; and a model."""
    with killable_services(load_config(home=tmp_path_factory.mktemp("recompute") / "home", environ={})) as (cfg, _):
        publish_small_model(cfg)
        yield cfg


@pytest.fixture
def db(home: Config) -> Iterator[Database[dict[str, Any]]]:
    with documents.database(home.mongo) as db:
        yield db


def stream(spark: SparkSession, cfg: Config, *values: bytes) -> None:
    """Send the messages, all of one key and so in this order, and let the queries read them."""
    with BulkPublisher(cfg.kafka) as publisher:
        for value in values:
            publisher.send(PLAYS_TOPIC, "one", value)
    catch_up(spark, cfg)


def catch_up(spark: SparkSession, cfg: Config) -> None:
    ingest_plays.JOB.run_once(spark, cfg)
    refresh_recommendations.JOB.run_once(spark, cfg)


def tables(db: Database[dict[str, Any]]) -> dict[str, Any]:
    return {each["_id"]: each for each in db[RECOMMENDATIONS_COLLECTION.name].find({})}


def test_the_streams_tables_follow_from_the_plays(
    spark: SparkSession, home: Config, db: Database[dict[str, Any]]
) -> None:
    stream(spark, home, *(each.to_json() for each in FIRST[:2]), b"{no event", *(each.to_json() for each in FIRST[2:]))
    found = recompute(spark, home, write=False)
    assert (found.same, found.rows_different, found.other_model, found.newer) == (3, 0, 0, 0)
    assert sum(found.until.values()) == 7
    assert set(tables(db)) == {"ann", "bob", "cleo"}


def test_what_differs_is_found_and_written_to_store_and_topic(
    spark: SparkSession, home: Config, db: Database[dict[str, Any]]
) -> None:
    before = tables(db)
    collection = db[RECOMMENDATIONS_COLLECTION.name]
    collection.update_one({"_id": "ann"}, {"$set": {"recommendations": before["bob"]["recommendations"]}})
    collection.delete_one({"_id": "bob"})
    collection.insert_one({**before["cleo"], "_id": "nobody"})
    found = recompute(spark, home, write=False)
    assert (found.same, found.different, found.missing, found.only_in_store) == (1, 1, 1, 1)
    assert (found.rows_different, found.differing) == (3, ("ann", "bob"))
    collection.delete_one({"_id": "nobody"})
    topic = SnapshotTopic(home.kafka)
    ends = topic.ends()
    assert recompute(spark, home, write=True).written
    sent = [document_of(value)["_id"] for value in topic.messages(ends)]
    topic.close()
    assert sorted(sent) == ["ann", "bob"]
    after = tables(db)
    for user_id in ("ann", "bob", "cleo"):
        assert after[user_id]["recommendations"] == before[user_id]["recommendations"]
        assert after[user_id]["version"] >= before[user_id]["version"]
    assert after["ann"]["caused_by"]["event_id"] == FIRST[0].event_id  # the newest event, not the last to arrive
    assert recompute(spark, home, write=False).rows_different == 0


def test_a_table_that_counts_later_messages_stays(spark: SparkSession, home: Config) -> None:
    found = recompute(spark, home, until={0: 0, 1: 0}, write=True)
    assert (found.newer, found.same, found.rows_different) == (0, 0, 0)
    whole = recompute(spark, home, write=False).until
    shorter = {partition: max(0, offset - 1) for partition, offset in whole.items()}
    found = recompute(spark, home, until=shorter, write=True)
    assert (found.same, found.different, found.newer) == (2, 0, 0)  # cleo, who came last, has no play before


def test_after_another_model_is_in_use_tables_are_written_by_it(
    spark: SparkSession, home: Config, db: Database[dict[str, Any]]
) -> None:
    publish_small_model(home, version="m2", seed=8)
    assert recompute(spark, home, write=False).other_model == 3
    recompute(spark, home, write=True)
    assert {each["model_version"] for each in tables(db).values()} == {"m2"}
    found = recompute(spark, home, write=False)
    assert (found.same, found.rows_different) == (3, 0)
    said = recompute_command.shown(found, as_json=False)
    assert said.startswith("tables by model m2 of the plays before ")
    assert said.endswith(": 3 the same")
    assert json.loads(recompute_command.shown(found, as_json=True))["rows_different"] == 0
