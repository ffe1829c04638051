"""Which messages of topic ``plays`` are events, and why the others are not."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from pyspark.sql import DataFrame, SparkSession

from spotistream.io.kafka import MESSAGE_SCHEMA
from spotistream.tables import PLAYS, PLAYS_REJECTED
from spotistream.transforms.play_events import (
    Contents,
    accepted_plays,
    contents,
    decoded_plays,
    new_plays,
    rejected_plays,
)

ARRIVED = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
GOOD = {
    "schema_version": 1,
    "event_id": "00000000-0000-4000-8000-000000000001",
    "user_id": "ann",
    "track_id": "file:0123456789abcdef",
    "action": "complete",
    "played_ms": 1234,
    "event_time": "2026-05-01T11:59:00.250Z",
    "session_id": "s1",
    "source": "player",
    "shelf": "for_you",
    "model_version": "m1",
    "target_event_id": None,
}


def messages(spark: SparkSession, *values: object) -> DataFrame:
    """Messages at offsets 0, 1, ...; what is not bytes already is sent as JSON."""
    encoded = [v if v is None or isinstance(v, bytes) else json.dumps(v).encode() for v in values]
    rows = [(b"ann", value, "plays", 0, offset, ARRIVED) for offset, value in enumerate(encoded)]
    return spark.createDataFrame(rows, MESSAGE_SCHEMA)


def test_an_event_keeps_every_field_and_its_position(spark: SparkSession) -> None:
    row = accepted_plays(decoded_plays(messages(spark, GOOD))).collect()[0].asDict()
    expected = {**GOOD, "event_time": datetime(2026, 5, 1, 11, 59, 0, 250_000), "kafka_partition": 0, "kafka_offset": 0}
    row["event_time"] = row["event_time"].astimezone(UTC).replace(tzinfo=None)
    assert row == expected
    assert tuple(row) == PLAYS.columns


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"event_id": None}, "event_id is missing"),
        ({"event_id": "7"}, "event_id is not a lower-case UUID"),
        ({"user_id": "a b"}, "user_id does not match [\\w.-]{1,64}"),
        ({"user_id": "ann\n"}, "user_id does not match [\\w.-]{1,64}"),
        ({"user_id": "é"}, "user_id does not match [\\w.-]{1,64}"),
        ({"action": "dance"}, "action is not a known action"),
        ({"source": None}, "source is missing"),
        ({"track_id": None}, "track_id is missing"),
        ({"track_id": "../../etc/passwd"}, "track_id does not match [a-z]{1,16}:[\\w.:-]{1,100}"),
        ({"played_ms": -1}, "played_ms is impossible"),
        ({"played_ms": 86_400_001}, "played_ms is impossible"),
        ({"played_ms": "long"}, "not a JSON object with the types of an event"),
        ({"event_time": "2026-05-01T12:05:01Z"}, "event_time is in the future"),
        ({"event_time": "1969-12-31T23:59:59Z"}, "event_time is before 1970"),
        ({"event_time": "2026"}, "event_time is not an ISO 8601 time with a zone"),
        ({"event_time": "2026-13-01T00:00:00Z"}, "event_time is not an ISO 8601 time with a zone"),
        ({"event_time": None}, "event_time is missing"),
        ({"schema_version": 2}, "unknown schema_version"),
        ({"action": "forget"}, "target_event_id is missing"),
        ({"shelf": "x" * 129}, "shelf does not match [\\w.:-]{1,128}"),
    ],
)
def test_a_wrong_field_is_named(spark: SparkSession, change: dict[str, object], reason: str) -> None:
    rows = rejected_plays(decoded_plays(messages(spark, {**GOOD, **change}))).collect()
    assert [row["reason"] for row in rows] == [reason]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "the message is empty"),
        (b"\xff\xfe\x00", "not UTF-8 text"),
        (b"{", "not a JSON object with the types of an event"),
        (b"[]", "not a JSON object with the types of an event"),
        (b"7", "not a JSON object with the types of an event"),
        (b'{"a":"' + b"x" * 10_240 + b'"}', "longer than 10240 bytes"),
    ],
)
def test_a_message_that_is_no_event_is_kept_byte_for_byte(
    spark: SparkSession, value: bytes | None, reason: str
) -> None:
    row = rejected_plays(decoded_plays(messages(spark, GOOD, value))).collect()[0]
    assert (row["reason"], row["value"], row["kafka_offset"]) == (reason, value, 1)
    assert tuple(row.asDict()) == PLAYS_REJECTED.columns


def test_times_at_the_edge_are_accepted(spark: SparkSession) -> None:
    edge = [{**GOOD, "event_time": "2026-05-01T12:05:00Z"}, {**GOOD, "event_time": "1970-01-01T00:00:00Z"}]
    assert rejected_plays(decoded_plays(messages(spark, *edge))).count() == 0


def test_an_event_sent_twice_is_one_row_with_the_first_position(spark: SparkSession) -> None:
    rows = accepted_plays(decoded_plays(messages(spark, GOOD, GOOD))).collect()
    assert [row["kafka_offset"] for row in rows] == [0]


def test_an_event_that_is_in_the_table_is_not_new(spark: SparkSession) -> None:
    other = {**GOOD, "event_id": "00000000-0000-4000-8000-000000000002"}
    table = accepted_plays(decoded_plays(messages(spark, GOOD)))
    batch = accepted_plays(decoded_plays(messages(spark, GOOD, other)))
    happened = datetime(2026, 5, 1, 11, 59, 0, 250_000, tzinfo=UTC)
    fresh = new_plays(batch, table, first=happened, last=happened)
    assert [row["event_id"] for row in fresh.collect()] == [other["event_id"]]


def test_contents_counts_by_outcome_and_spans_accepted_events_only(spark: SparkSession) -> None:
    late = {**GOOD, "event_id": "00000000-0000-4000-8000-000000000002", "event_time": "2026-05-01T12:01:00Z"}
    refused = {**GOOD, "event_time": "1969-01-01T00:00:00Z"}
    held = contents(decoded_plays(messages(spark, late, refused, GOOD, b"{")))
    times = [time.astimezone(UTC).isoformat() for time in (held.first, held.last) if time]
    assert (held.accepted, held.rejected) == (2, 2)
    assert times == ["2026-05-01T11:59:00.250000+00:00", "2026-05-01T12:01:00+00:00"]


def test_contents_of_nothing_span_no_time(spark: SparkSession) -> None:
    assert contents(decoded_plays(messages(spark).limit(0))) == Contents(0, 0, None, None)
