"""From messages of topic plays to what a listener's table is made of, without Spark's help."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pyspark.sql import Row

from spotistream.events import PlayEvent
from spotistream.models.listener import ListenerEvent
from spotistream.models.listener_changes import Received
from spotistream.pipelines.refresh_at_once import received

SENT = datetime(2026, 5, 1, 12, 0, 0, 250_000, UTC)
SENT_MS = 1_777_636_800_250
ID = "00000000-0000-4000-8000-000000000001"


def message(offset: int, value: bytes | None) -> Row:
    return Row(value=value, kafka_offset=offset, kafka_time=SENT)


def event(user_id: str, action: str = "play", **fields: object) -> PlayEvent:
    given = {"event_id": ID, "track_id": "t:1", "event_time": SENT - timedelta(seconds=1), "source": "player", **fields}
    return PlayEvent(user_id=user_id, action=action, **given)  # type: ignore[arg-type]


def test_events_come_by_listener_with_every_field_that_is_remembered() -> None:
    skip = event("ann", "skip", played_ms=5_000, session_id="s")
    forget = event("bob", "forget", target_event_id=ID)
    found = received([message(7, skip.to_json()), message(8, forget.to_json()), message(9, event("ann").to_json())])
    heard = ListenerEvent(SENT_MS - 1_000, ID, "t:1", "skip", 5_000, "s", None)
    assert found["ann"][0] == Received(7, SENT_MS, heard)
    assert [each.kafka_offset for each in found["ann"]] == [7, 9]
    assert found["bob"][0].event == ListenerEvent(SENT_MS - 1_000, ID, "t:1", "forget", None, None, ID)


def test_a_visit_is_received_and_nothing_to_remember() -> None:
    visit = event("ann", "visit", track_id=None)
    assert received([message(1, visit.to_json())]) == {"ann": [Received(1, SENT_MS, None)]}


@pytest.mark.parametrize("microsecond", [0, 999, 1_000, 29_999, 999_999])
def test_times_are_whole_milliseconds_as_spark_counts_them(microsecond: int) -> None:
    sent_at = SENT.replace(microsecond=microsecond)
    (found,) = received([Row(value=event("ann").to_json(), kafka_offset=1, kafka_time=sent_at)])["ann"]
    assert found.sent_ms == SENT_MS - 250 + microsecond // 1_000


def test_what_is_no_event_is_left_out() -> None:
    late = event("ann", event_time=SENT + timedelta(hours=1))
    values = [None, b"", b"{", b"[]", b"\xff", late.to_json(), event("ann").to_json() + b"x"]
    assert received([message(offset, value) for offset, value in enumerate(values)]) == {}
