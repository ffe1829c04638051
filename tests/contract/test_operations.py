"""docs/operations.md tells of every metric, verdict and query; what Prometheus reads follows its format."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from spotistream.monitoring import verdicts
from spotistream.monitoring.board import Board
from spotistream.monitoring.exposition import PREFIX, BoardCollector
from spotistream.monitoring.notes import Notes
from spotistream.pipelines.checkpoint_findings import READ_AGAIN
from spotistream.pipelines.status import QUERIES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")


@pytest.fixture
def exposition() -> str:
    """What is served of one query with every figure."""
    board = Board("all_streams", notes=Notes())
    board.started("run", "ingest_plays", now=1.0)
    progress = {
        "runId": "run", "batchId": 0, "numInputRows": 2, "inputRowsPerSecond": 1.0, "processedRowsPerSecond": 2.0,
        "durationMs": {"addBatch": 5, "triggerExecution": 7}, "sources": [],
    }  # fmt: skip
    board.progressed(progress, now=2.0)
    board.notes.rejected("ingest_plays", 0, 1)
    board.notes.readable("ingest_plays", [0.3, 400.0])
    registry = CollectorRegistry()
    registry.register(BoardCollector(board))
    return generate_latest(registry).decode()


def test_every_metric_is_told(exposition: str) -> None:
    served = {line.split()[2] for line in exposition.splitlines() if line.startswith("# TYPE ")}
    assert len(served) == 14
    assert {name for name in served if f"`{name.removeprefix(PREFIX)}`" not in PAGE} == set()


def test_alerts_name_metrics_that_are_served(exposition: str) -> None:
    named = set(re.findall(rf"{PREFIX}\w+", PAGE)) - {PREFIX}
    assert {name for name in named if f"\n{name}" not in exposition} == set()


def test_buckets_add_up(exposition: str) -> None:
    families = {family.name: family for family in text_string_to_metric_families(exposition)}
    samples = families[f"{PREFIX}send_to_readable_seconds"].samples
    counts = {sample.labels["le"]: sample.value for sample in samples if sample.name.endswith("_bucket")}
    assert (counts["0.25"], counts["0.5"], counts["300.0"], counts["+Inf"]) == (0.0, 1.0, 1.0, 2.0)
    assert {sample.value for sample in samples if sample.name.endswith("_sum")} == {400.3}


@pytest.mark.parametrize(
    "word", [verdicts.RUNNING, verdicts.BEHIND, verdicts.STALLED, verdicts.FAILED_VERDICT, verdicts.NOT_RUNNING]
)
def test_every_verdict_is_told(word: str) -> None:
    assert f"| `{word}` |" in PAGE


def test_of_every_query_is_told_what_reading_again_means() -> None:
    assert set(READ_AGAIN) == set(QUERIES)
    assert {query for query in QUERIES if f"| `{query}` |" not in PAGE} == set()
