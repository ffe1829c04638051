"""Which rejected messages are sent again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from plugins.literal_rows import literal_rows
from pyspark.sql import DataFrame, SparkSession

from spotistream.errors import InputError
from spotistream.pipelines.replay_command import moment
from spotistream.pipelines.replay_rejected import told
from spotistream.tables import PLAYS_REJECTED
from spotistream.transforms.replay import to_replay

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def rejected(spark: SparkSession, *messages: tuple[bytes | None, bytes | None, str]) -> DataFrame:
    """Messages of key, value and reason, one a minute from noon on, at offsets 0, 1, ..."""
    rows = [
        {"topic": "plays", "kafka_partition": 0, "kafka_offset": at, "kafka_time": NOON + timedelta(minutes=at)}
        | {"key": key, "value": value, "reason": reason}
        for at, (key, value, reason) in enumerate(messages)
    ]
    return literal_rows(spark, PLAYS_REJECTED, rows)


def offsets(found: DataFrame) -> list[int]:
    return sorted(row["kafka_offset"] for row in found.collect())


@pytest.fixture
def some(spark: SparkSession) -> DataFrame:
    return rejected(
        spark,
        (b"ann", b"{", "not JSON"),
        (b"bob", b"{", "not JSON"),
        (None, b"{", "not JSON"),
        (b"ann", b"{", "Not JSON"),
        (b"ann", None, "the message is empty"),
        (b"ann", b"x", "event_time is in the future"),
    )


def test_a_message_is_sent_once_however_often_it_was_rejected(some: DataFrame) -> None:
    assert offsets(to_replay(some, None, since=None, reason=None)) == [0, 1, 2, 5]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"since": NOON + timedelta(minutes=2), "reason": None}, [2, 3, 5]),
        ({"since": None, "reason": "FUTURE"}, [5]),
        ({"since": None, "reason": "100%"}, []),
        ({"since": NOON + timedelta(minutes=6), "reason": None}, []),
    ],
)
def test_messages_are_chosen_by_time_and_reason(some: DataFrame, chosen: dict[str, Any], expected: list[int]) -> None:
    assert offsets(to_replay(some, None, **chosen)) == expected


def test_what_was_replayed_is_known_by_its_bytes(some: DataFrame) -> None:
    earlier = to_replay(some, None, since=None, reason="json")
    assert offsets(to_replay(some, earlier, since=None, reason=None)) == [5]


def test_it_is_said_how_many_for_which_reason_and_what_was_left() -> None:
    assert told([("odd", 1200), ("bad", 1)], too_large=0, dry_run=True).splitlines() == [
        "    1,200  odd", "        1  bad", "1,201 messages to replay; none was sent",
    ]  # fmt: skip
    assert told([("bad", 1)], too_large=2, dry_run=False).splitlines()[-1] == (
        "1 message replayed to topic plays; what is still wrong is rejected again; "
        "larger than a message may be, and left where they are: 2"
    )


def test_a_time_without_a_zone_is_of_utc() -> None:
    assert moment("2026-05-01T12:00") == moment("2026-05-01T14:00+02:00") == NOON
    assert moment(None) is None
    with pytest.raises(InputError, match="--since noon: is not a time"):
        moment("noon")
