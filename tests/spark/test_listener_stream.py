"""The stateful stage, batch by batch: who changed, and what they remember."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from spotistream.models.listener import unpack
from spotistream.models.listener_changes import ChangedListener
from spotistream.models.listener_stream import changed_listeners

SCHEMA = (
    "user_id STRING, event_id STRING, track_id STRING, action STRING, played_ms BIGINT, session_id STRING, "
    "target_event_id STRING, event_time TIMESTAMP, kafka_time TIMESTAMP, kafka_offset BIGINT"
)


def event(user_id: str, event_id: str, offset: int, action: str = "play", **changes: object) -> dict[str, object]:
    time = f"2026-11-20T10:00:{offset:02}Z"
    given = {"user_id": user_id, "event_id": event_id, "action": action, "kafka_offset": offset, "event_time": time}
    return {**given, "track_id": "t:1", "kafka_time": "2026-11-20T10:01:00.250Z", **changes}


def changed(spark: SparkSession, folder: Path, events: list[dict[str, object]]) -> dict[str, ChangedListener]:
    """One batch of these events, on the state of the batches before."""
    plays, found = folder / "plays", {}
    plays.mkdir(exist_ok=True)
    lines = "\n".join(json.dumps(one) for one in events)
    (plays / f"{len(list(plays.iterdir()))}.json").write_text(lines)

    def note(batch: DataFrame, _batch_id: int) -> None:
        for row in batch.collect():
            listener = ChangedListener.of(bytes(row["changed"]))
            found[listener.user_id] = listener

    stream = changed_listeners(spark.readStream.schema(SCHEMA).json(str(plays)), max_events=3, max_opinions=2)
    writer = stream.writeStream.outputMode("update").option("checkpointLocation", str(folder / "checkpoint"))
    writer.foreachBatch(note).trigger(availableNow=True).start().awaitTermination()
    return found


def test_who_changed_leaves_with_all_that_is_remembered(spark: SparkSession, tmp_path: Path) -> None:
    first = changed(spark, tmp_path, [
        event("ann", "e2", 2, "complete", played_ms=200_000, session_id="s"),
        event("ann", "e1", 1, kafka_time="2026-11-20T10:02:00Z"),
        event("bob", "v1", 3, "visit", track_id=None),
    ])  # fmt: skip
    ann = first["ann"]
    assert (ann.event_id, ann.track_id, ann.action, ann.version) == ("e2", "t:1", "complete", 2)
    assert ann.row["sent_at"] == datetime(2026, 11, 20, 10, 2, tzinfo=UTC)
    assert ann.row["event_time"] == datetime(2026, 11, 20, 10, 0, 2, tzinfo=UTC)
    listens = unpack(ann.packed).listens
    assert [(one.event_id, one.played_ms, one.session_id) for one in listens] == [
        ("e1", None, None),
        ("e2", 200_000, "s"),
    ]
    assert (first["bob"].event_id, first["bob"].row["event_time"], first["bob"].version) == (None, None, 3)

    again = changed(spark, tmp_path, [event("ann", "e1", 4), event("bob", "v2", 5, "visit", track_id=None)])
    assert again == {}

    later = changed(spark, tmp_path, [event("ann", f"e{i}", i) for i in (6, 7)])
    assert [one.event_id for one in unpack(later["ann"].packed).listens] == ["e2", "e6", "e7"]
    assert later["ann"].row["sent_at"] == datetime(2026, 11, 20, 10, 1, 0, 250_000, tzinfo=UTC)
