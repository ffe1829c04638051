"""What counts as an outage of the broker or the store, told by real errors."""

from __future__ import annotations

import logging
import threading

import pytest
from pymongo import MongoClient
from pyspark.sql import SparkSession

from spotistream.pipelines.outages import AskedToStop, is_outage, reason, until_written

NOBODY = {
    "kafka.bootstrap.servers": "127.0.0.1:1",
    "kafka.default.api.timeout.ms": "1500",
    "kafka.request.timeout.ms": "1000",
    "fetchOffset.numRetries": "1",
    "subscribe": "plays",
}


def test_a_broker_that_a_job_of_spark_cannot_reach_is_one(spark: SparkSession) -> None:
    with pytest.raises(Exception) as met:
        spark.read.format("kafka").options(**NOBODY).load().collect()
    assert is_outage(met.value)
    assert reason(met.value).startswith("org.apache.kafka.common.errors.TimeoutException: ")
    assert "\n" not in reason(met.value)


def test_a_job_that_fails_by_itself_is_none(spark: SparkSession) -> None:
    with pytest.raises(Exception, match="by itself") as met:
        spark.sql("SELECT raise_error('by itself')").collect()
    assert not is_outage(met.value)


def test_a_store_that_is_away_is_waited_for_and_said_twice(caplog: pytest.LogCaptureFixture) -> None:
    tries: list[int] = []
    client: MongoClient[dict[str, str]] = MongoClient("mongodb://127.0.0.1:1", serverSelectionTimeoutMS=50)

    def write() -> None:
        tries.append(1)
        if len(tries) < 3:
            client.admin.command("ping")

    with caplog.at_level(logging.WARNING, "spotistream"):
        until_written(write, name="a query", ending=threading.Event())
    first, last = (record.getMessage() for record in caplog.records if record.name.startswith("spotistream"))
    assert first.startswith("a query: ")
    assert first.endswith("; what it has read is kept and written when that is back")
    assert "and 3 tries" in last


def test_a_query_that_is_to_end_does_not_wait() -> None:
    client: MongoClient[dict[str, str]] = MongoClient("mongodb://127.0.0.1:1", serverSelectionTimeoutMS=50)
    ending = threading.Event()
    ending.set()
    with pytest.raises(AskedToStop):
        until_written(lambda: client.admin.command("ping"), name="a query", ending=ending)
