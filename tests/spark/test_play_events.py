"""Which messages of topic ``plays`` are events, and why the others are not."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
from pyspark.sql import DataFrame, SparkSession

from spotistream.events import MAX_EVENT_BYTES, UUID_PATTERN, PlayEvent, event_of_message
from spotistream.io.kafka import MESSAGE_SCHEMA
from spotistream.tables import PLAYS, PLAYS_REJECTED
from spotistream.transforms.play_events import (
    Contents,
    contents,
    decoded_plays,
    rejected_plays,
    without_bytes_of_accepted,
)
from spotistream.transforms.play_standing import NEW, OTHER, SEEN, standing_plays, with_taken_ids

ARRIVED = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
SECOND, THIRD = "00000000-0000-4000-8000-000000000002", "00000000-0000-4000-8000-000000000003"
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


def standing(spark: SparkSession, sent: list[object], stored: list[object]) -> DataFrame:
    """How the events sent stand to the others of the batch and to those stored before."""
    hour = (ARRIVED - timedelta(hours=1), ARRIVED)
    decoded = decoded_plays(messages(spark, *sent))
    before = decoded_plays(messages(spark, *stored)).select(*PLAYS.columns)
    return standing_plays(decoded, before, first=hour[0], last=hour[1])


def test_an_event_keeps_every_field_and_its_position(spark: SparkSession) -> None:
    row = standing(spark, [GOOD], []).collect()[0].asDict()
    assert row.pop("standing") == NEW
    expected = {**GOOD, "event_time": datetime(2026, 5, 1, 11, 59, 0, 250_000), "kafka_partition": 0, "kafka_offset": 0}
    row["event_time"] = row["event_time"].astimezone(UTC).replace(tzinfo=None)
    assert row == expected
    assert tuple(row) == PLAYS.columns


UUID_LIKE = "event_id is not a lower-case UUID"
USER_LIKE = r"user_id does not match [\w.-]{1,64}"
TRACK_LIKE = r"track_id does not match [a-z]{1,16}:[\w.:-]{1,100}"
NO_TIME = "event_time is not an ISO 8601 time with a zone"
WRONG_FIELDS: list[tuple[dict[str, object], str]] = [
    ({"event_id": None}, "event_id is missing"),
    ({"event_id": "7"}, UUID_LIKE),
    ({"event_id": ""}, UUID_LIKE),
    ({"event_id": "00000000-0000-4000-8000-00000000000A"}, UUID_LIKE),
    ({"event_id": " 00000000-0000-4000-8000-000000000001"}, UUID_LIKE),
    ({"event_id": ["x"]}, "event_id is not text"),
    ({"user_id": None}, "user_id is missing"),
    ({"user_id": ""}, USER_LIKE),
    ({"user_id": "a b"}, USER_LIKE),
    ({"user_id": "ann\n"}, USER_LIKE),
    ({"user_id": "é"}, USER_LIKE),
    ({"user_id": "a" * 65}, USER_LIKE),
    ({"user_id": "ann\u0000"}, USER_LIKE),
    ({"user_id": 7}, "user_id is not text"),
    ({"user_id": True}, "user_id is not text"),
    ({"user_id": {"name": "ann"}}, "user_id is not text"),
    ({"action": None}, "action is missing"),
    ({"action": "dance"}, "action is not a known action"),
    ({"action": "PLAY"}, "action is not a known action"),
    ({"source": None}, "source is missing"),
    ({"source": "elsewhere"}, "source is not a known source"),
    ({"track_id": None}, "track_id is missing"),
    ({"track_id": "../../etc/passwd"}, TRACK_LIKE),
    ({"track_id": "fma:"}, TRACK_LIKE),
    ({"track_id": 2}, "track_id is not text"),
    ({"played_ms": -1}, "played_ms is impossible"),
    ({"played_ms": 86_400_001}, "played_ms is impossible"),
    ({"played_ms": "1234"}, "played_ms is not a whole number"),
    ({"played_ms": 1.5}, "played_ms is not a whole number"),
    ({"played_ms": 10**30}, "played_ms is not a whole number"),
    ({"played_ms": False}, "played_ms is not a whole number"),
    ({"event_time": "2026-05-01T12:05:01Z"}, "event_time is in the future"),
    ({"event_time": "9999-12-31T23:59:59-18:00"}, "event_time is in the future"),
    ({"event_time": "1969-12-31T23:59:59Z"}, "event_time is before 1970"),
    ({"event_time": "0000-01-01T00:00:00Z"}, "event_time is before 1970"),
    ({"event_time": "2026"}, NO_TIME),
    ({"event_time": "2026-13-01T00:00:00Z"}, NO_TIME),
    ({"event_time": "2026-02-30T00:00:00Z"}, NO_TIME),
    ({"event_time": "2026-05-01T11:59:00"}, NO_TIME),
    ({"event_time": "2026-05-01T11:59:00+99:99"}, NO_TIME),
    ({"event_time": 1777636740}, "event_time is not text"),
    ({"event_time": None}, "event_time is missing"),
    ({"schema_version": None}, "unknown schema_version"),
    ({"schema_version": 2}, "unknown schema_version"),
    ({"schema_version": "1"}, "schema_version is not a whole number"),
    ({"schema_version": 2**40}, "not a JSON object with the types of an event"),
    ({"action": "forget"}, "target_event_id is missing"),
    ({"target_event_id": "x"}, r"target_event_id does not match " + UUID_PATTERN),
    ({"shelf": "x" * 129}, r"shelf does not match [\w.:-]{1,128}"),
    ({"shelf": 3}, "shelf is not text"),
    ({"session_id": "a/b"}, r"session_id does not match [\w.:-]{1,128}"),
    ({"model_version": ""}, r"model_version does not match [\w.:-]{1,128}"),
    ({"admin": True}, "admin is not a field of an event"),
    ({"playedMs": 1234}, "playedMs is not a field of an event"),
    ({"": 1}, "`` is not a field of an event"),
    ({"x, user_id: STRING": 1}, "`x, user_id: STRING` is not a field of an event"),
    ({"extra": {"user_id": "ann"}}, "extra is not a field of an event"),
    ({"_corrupt": "x"}, "_corrupt is not a field of an event"),
]


@pytest.mark.parametrize("as_we_write", [False, True])
def test_a_wrong_field_is_named(spark: SparkSession, as_we_write: bool) -> None:
    sent: list[object] = [{**GOOD, **change} for change, _ in WRONG_FIELDS]
    if as_we_write:
        sent = [written({**GOOD, **change}) for change, _ in WRONG_FIELDS]
    rows = decoded_plays(messages(spark, *sent)).orderBy("kafka_offset").select("reason").collect()
    found = [(change, row["reason"]) for (change, _), row in zip(WRONG_FIELDS, rows, strict=True)]
    assert found == WRONG_FIELDS


def written(event: dict[str, object]) -> bytes:
    """The message in the form of ``PlayEvent.to_json``, whatever is in it."""
    order = [field.name for field in fields(PlayEvent)]
    named = {name: event[name] for name in (*order, *event) if name in event}
    return json.dumps(named, ensure_ascii=False, separators=(",", ":")).encode()


def test_events_as_we_write_them_and_otherwise_are_accepted(spark: SparkSession) -> None:
    at = datetime(2026, 5, 1, 11, 59, tzinfo=UTC)
    visit = PlayEvent(SECOND, "ann", "visit", at, "player")
    spaced = json.dumps({**GOOD, "event_id": THIRD}, indent=2).replace("ann", "\\u0061nn").encode()
    decoded = decoded_plays(messages(spark, written(GOOD), visit.to_json(), spaced)).orderBy("kafka_offset")
    found = [(row["reason"], row["event_id"], row["user_id"], row["played_ms"]) for row in decoded.collect()]
    assert found == [(None, GOOD["event_id"], "ann", 1234), (None, SECOND, "ann", None), (None, THIRD, "ann", 1234)]


NO_OBJECT = "not one JSON object that names each field once"
SENT = written(GOOD)
NO_EVENTS: list[tuple[bytes | None, str]] = [
    (None, "the message is empty"),
    (b"", NO_OBJECT),
    (b"\xff\xfe\x00", "not UTF-8 text"),
    (b"\x00" * 20, "not UTF-8 text"),
    (bytes(range(256)), "not UTF-8 text"),
    (b"{", NO_OBJECT),
    (b"[]", NO_OBJECT),
    (b"[" + SENT + b"]", NO_OBJECT),
    (b"7", NO_OBJECT),
    (b"null", NO_OBJECT),
    (b'"text"', NO_OBJECT),
    (b"{}", "unknown schema_version"),
    (SENT + b" x", NO_OBJECT),
    (SENT + SENT, NO_OBJECT),
    (SENT + b"," + SENT, NO_OBJECT),
    (SENT + b"],[" + SENT, NO_OBJECT),
    (SENT[:-1], NO_OBJECT),
    (SENT[:-1] + b",}", NO_OBJECT),
    (SENT.replace(b",", b"", 1), NO_OBJECT),
    (SENT.replace(b"1234", b"01234"), NO_OBJECT),
    (SENT.replace(b'"ann"', b'"a\nn"'), NO_OBJECT),
    (SENT.replace(b"{", b'{"event_id":null,'), NO_OBJECT),
    (SENT[:-1] + b',"user_id":"bob"}', NO_OBJECT),
    (SENT.replace(b'"', b"'"), NO_OBJECT),
    (SENT.replace(b"1234", b"NaN"), NO_OBJECT),
    (b"\xef\xbb\xbf" + SENT, NO_OBJECT),
    (SENT.decode().encode("utf-16"), "not UTF-8 text"),
    (b"[" * 10_000, NO_OBJECT),
    (b'{"a":"' + b"x" * 10_240 + b'"}', "longer than 10240 bytes"),
    (b"\xff" * 10_241, "longer than 10240 bytes"),
]


def test_a_message_that_is_no_event_is_kept_byte_for_byte(spark: SparkSession) -> None:
    sent = messages(spark, *(value for value, _ in NO_EVENTS))
    rejected = rejected_plays(decoded_plays(sent))
    rows = rejected.orderBy("kafka_offset").collect()
    assert [(row["value"], row["reason"]) for row in rows] == NO_EVENTS
    assert [row["kafka_offset"] for row in rows] == list(range(len(NO_EVENTS)))
    assert tuple(rejected.columns) == PLAYS_REJECTED.columns


def test_an_event_of_the_greatest_length_is_accepted(spark: SparkSession) -> None:
    padded = SENT + b" " * (MAX_EVENT_BYTES - len(SENT))
    reasons = [row["reason"] for row in decoded_plays(messages(spark, padded, padded + b" ")).collect()]
    assert reasons == [None, "longer than 10240 bytes"]


def test_times_at_the_edge_are_accepted(spark: SparkSession) -> None:
    edge = [{**GOOD, "event_time": "2026-05-01T12:05:00Z"}, {**GOOD, "event_time": "1970-01-01T00:00:00Z"}]
    assert rejected_plays(decoded_plays(messages(spark, *edge))).count() == 0


def stands(spark: SparkSession, sent: list[object], stored: list[object]) -> list[str]:
    return [row["standing"] for row in standing(spark, sent, stored).orderBy("kafka_offset").collect()]


def test_an_event_sent_twice_is_new_once(spark: SparkSession) -> None:
    again = {**GOOD, "event_time": "2026-05-01T13:59:00.25+02:00"}
    assert stands(spark, [GOOD, again], []) == [NEW, SEEN]


def test_events_of_a_batch_without_repeats_are_looked_for_in_the_table_alone(spark: SparkSession) -> None:
    decoded = decoded_plays(messages(spark, GOOD, {**GOOD, "event_id": SECOND}, {**GOOD, "event_id": THIRD}))
    before = decoded_plays(messages(spark, GOOD, {**GOOD, "event_id": THIRD, "shelf": None})).select(*PLAYS.columns)
    hour = (ARRIVED - timedelta(hours=1), ARRIVED)
    found = standing_plays(decoded, before, first=hour[0], last=hour[1], repeated=False).orderBy("kafka_offset")
    assert [row["standing"] for row in found.collect()] == [SEEN, NEW, OTHER]


def test_an_event_that_is_stored_is_not_new(spark: SparkSession) -> None:
    assert stands(spark, [GOOD, {**GOOD, "event_id": SECOND}], [GOOD]) == [SEEN, NEW]


def test_an_id_belongs_to_the_first_event_that_has_it(spark: SparkSession) -> None:
    bob = {**GOOD, "user_id": "bob"}
    assert stands(spark, [GOOD, bob, GOOD], []) == [NEW, OTHER, SEEN]
    assert stands(spark, [GOOD, bob], [bob]) == [OTHER, SEEN]


def test_a_listen_imported_again_is_the_same_though_its_track_is_known_now(spark: SparkSession) -> None:
    listen = {**GOOD, "source": "import", "track_id": "lastfm:1"}
    assert stands(spark, [{**listen, "track_id": "fma:2"}], [listen]) == [SEEN]


def test_an_event_under_a_taken_id_is_rejected(spark: SparkSession) -> None:
    decoded = decoded_plays(messages(spark, GOOD, {**GOOD, "shelf": None}, b"{"))
    marked = with_taken_ids(decoded, standing(spark, [GOOD, {**GOOD, "shelf": None}, b"{"], []))
    found = {row["kafka_offset"]: row["reason"] for row in rejected_plays(marked).collect()}
    assert found == {1: "event_id is that of another event", 2: NO_OBJECT}


def test_contents_counts_by_outcome_and_spans_accepted_events_only(spark: SparkSession) -> None:
    late = {**GOOD, "event_id": "00000000-0000-4000-8000-000000000002", "event_time": "2026-05-01T12:01:00Z"}
    refused = {**GOOD, "event_time": "1969-01-01T00:00:00Z"}
    held = contents(decoded_plays(messages(spark, late, refused, GOOD, b"{")))
    times = [time.astimezone(UTC).isoformat() for time in (held.first, held.last) if time]
    assert (held.accepted, held.rejected, held.repeated) == (2, 2, False)
    assert times == ["2026-05-01T11:59:00.250000+00:00", "2026-05-01T12:01:00+00:00"]


def test_contents_tell_of_an_id_that_is_there_twice(spark: SparkSession) -> None:
    assert contents(decoded_plays(messages(spark, GOOD, GOOD))).repeated
    assert not contents(decoded_plays(messages(spark, GOOD, {**GOOD, "user_id": ""}))).repeated


def test_the_bytes_of_rejected_messages_are_kept(spark: SparkSession) -> None:
    rows = without_bytes_of_accepted(decoded_plays(messages(spark, GOOD, b"{"))).orderBy("kafka_offset").collect()
    assert [(row["key"], row["value"]) for row in rows] == [(None, None), (b"ann", b"{")]


def test_contents_of_nothing_span_no_time(spark: SparkSession) -> None:
    assert contents(decoded_plays(messages(spark).limit(0))) == Contents(0, 0, None, None, False)


def test_who_reads_events_without_spark_takes_none_that_is_rejected() -> None:
    sent = [value for value, _ in NO_EVENTS]
    sent += [written({**GOOD, **change}) for change, _ in WRONG_FIELDS]
    assert [value for value in sent if event_of_message(value, now=ARRIVED) is not None] == []
    edge = [{**GOOD, "event_time": "2026-05-01T12:05:00Z"}, {**GOOD, "event_time": "1970-01-01T00:00:00Z"}]
    padded = SENT + b" " * (MAX_EVENT_BYTES - len(SENT))
    sound = [SENT, json.dumps(GOOD, indent=2).encode(), padded, *map(written, edge)]
    assert [value for value in sound if event_of_message(value, now=ARRIVED) is None] == []
