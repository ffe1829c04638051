"""Checkpoints on the disk, and what is said of them. No JVM."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spotistream.errors import InputError
from spotistream.pipelines.checkpoint_findings import Configured, Ends, findings, to_be_read_again
from spotistream.pipelines.checkpoints import (
    Checkpoint,
    all_checkpoints,
    folder_of,
    move_aside,
    parse_offsets,
    read_checkpoint,
)

ROCKSDB = "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider"
IN_MEMORY = "org.apache.spark.sql.execution.streaming.state.HDFSBackedStateStoreProvider"
CONF = {"spark.sql.shuffle.partitions": "2", "spark.sql.streaming.stateStore.providerClass": ROCKSDB}
OFFSETS = "\n".join(
    ["v1", json.dumps({"batchWatermarkMs": 0, "conf": CONF}), '{"plays":{"1":7,"0":23}}', '{"tracks":{"0":1}}', "-"]
)
CHECKPOINT = Checkpoint(
    "refresh_recommendations",
    Path("x"),
    query_id="f2c0",
    batch=9,
    committed=9,
    offsets=(("plays", 0, 23), ("plays", 1, 7)),
    settings=CONF,
    operators=("applyInPandasWithState",),
    state_partitions=2,
    state_fields=("packed",),
)
NOW = Configured(partitions=2, provider=ROCKSDB, state_fields=("packed",))
ENDS: Ends = {"plays": {0: (0, 30), 1: (0, 7)}}


def test_positions_of_every_source_and_the_settings_are_read() -> None:
    settings, offsets = parse_offsets(OFFSETS)
    assert settings == CONF
    assert offsets == (("plays", 0, 23), ("plays", 1, 7), ("tracks", 0, 1))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one checkpoint, whose newest batch is the tenth."""
    for batch in (8, 9, 10):
        for log in ("offsets", "commits"):
            (tmp_path / "ingest_plays" / log).mkdir(parents=True, exist_ok=True)
        (tmp_path / "ingest_plays" / "offsets" / str(batch)).write_text(OFFSETS)
    (tmp_path / "ingest_plays" / "commits" / "9").write_text("v1\n{}")
    (tmp_path / "ingest_plays" / "offsets" / ".10.crc").write_text("")
    (tmp_path / "ingest_plays" / "metadata").write_text('{"id":"f2c0"}')
    return tmp_path


def test_the_newest_batch_counts_by_number(folder: Path) -> None:
    (found,) = all_checkpoints(folder)
    assert (found.query, found.query_id, found.batch, found.committed) == ("ingest_plays", "f2c0", 10, 9)
    assert (found.operators, found.state_partitions, found.topics) == ((), None, ("plays", "tracks"))


def test_a_checkpoint_moved_aside_is_whole_and_no_longer_in_use(folder: Path) -> None:
    (found,) = all_checkpoints(folder)
    aside = move_aside(found, at=datetime(2026, 11, 21, 13, 30, tzinfo=UTC))
    assert aside == folder / "set-aside" / "ingest_plays-20261121T133000Z"
    assert all_checkpoints(folder) == []
    assert replace(read_checkpoint(aside), path=found.path, query=found.query) == found


@pytest.mark.parametrize(
    ("file", "content", "problem"),
    [
        ("metadata", None, "its file metadata is missing"),
        ("offsets/10", "", "it cannot be read: not enough values to unpack"),
        ("offsets/10", "half a l", "it cannot be read: not enough values to unpack"),
        ("metadata", "{", "it cannot be read: "),
    ],
)
def test_a_damaged_checkpoint_says_so(folder: Path, file: str, content: str | None, problem: str) -> None:
    damaged = folder / "ingest_plays" / file
    damaged.unlink() if content is None else damaged.write_text(content)
    (found,) = all_checkpoints(folder)
    assert found.problem is not None
    assert found.problem.startswith(problem)
    (finding,) = findings(found, NOW, ENDS)
    assert finding.level == "broken"
    assert finding.text.endswith(": reset it")


def test_a_folder_without_checkpoints_has_none(tmp_path: Path) -> None:
    assert all_checkpoints(tmp_path / "nothing") == []


def test_checkpoints_on_object_storage_are_for_its_own_tools() -> None:
    assert folder_of("file:///data/checkpoints") == Path("/data/checkpoints")
    with pytest.raises(InputError, match="s3a://music/checkpoints: are not on a disk of this machine"):
        folder_of("s3a://music/checkpoints")


@pytest.mark.parametrize(
    ("checkpoint", "now", "ends", "level", "said"),
    [
        (CHECKPOINT, NOW, ENDS, "fine", "goes on from here"),
        (replace(CHECKPOINT, committed=8), NOW, ENDS, "fine", "batch 9 was begun and not finished"),
        (Checkpoint("x", Path("x"), "id"), NOW, ENDS, "fine", "no batch was begun yet"),
        (CHECKPOINT, replace(NOW, partitions=32), ENDS, "note", "has 2 partitions and spark.shuffle_partitions is 32"),
        (
            CHECKPOINT,
            replace(NOW, provider=IN_MEMORY),
            ENDS,
            "broken",
            "written by RocksDBStateStoreProvider and would",
        ),
        (CHECKPOINT, replace(NOW, state_fields=("a", "b")), ENDS, "broken", "holds packed, this version keeps a, b"),
        (CHECKPOINT, NOW, {}, "broken", "topic plays is gone"),
        (CHECKPOINT, NOW, {"plays": {0: (0, 30)}}, "broken", "partition 1 of topic plays is gone"),
        (CHECKPOINT, NOW, {"plays": {0: (0, 22), 1: (0, 7)}}, "broken", "up to 23, which ends at 22"),
        (CHECKPOINT, NOW, {"plays": {0: (24, 30), 1: (0, 7)}}, "broken", "messages 23 to 23 of partition 0"),
        (CHECKPOINT, NOW, {"plays": {**ENDS["plays"], 2: (0, 5)}}, "note", "more partitions: [2]"),
        (CHECKPOINT, NOW, None, "note", "the broker does not answer"),
    ],
)
def test_each_situation_is_told(
    checkpoint: Checkpoint, now: Configured, ends: Ends | None, level: str, said: str
) -> None:
    (finding,) = findings(checkpoint, now, ends)
    assert (finding.level, said in finding.text) == (level, True), finding.text


def test_a_query_without_state_does_not_mind_another_number_of_partitions() -> None:
    (finding,) = findings(replace(CHECKPOINT, operators=()), replace(NOW, partitions=32), ENDS)
    assert finding.level == "fine"


def test_what_is_read_again_is_counted() -> None:
    lines = to_be_read_again(
        replace(CHECKPOINT, query="ingest_plays", operators=()), {"plays": {0: (5, 30), 1: (0, 7)}}
    )
    assert lines[0] == "topic plays is read again from its beginning: up to 32 messages"
    assert "each stays there once" in lines[1]
    assert len(lines) == 2
