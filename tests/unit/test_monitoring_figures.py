"""Figures of a query from Spark's reports, and what its writes note. No JVM."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from spotistream.monitoring.board import Board
from spotistream.monitoring.figures import (
    FAILED,
    RUNNING,
    STOPPED,
    QueryFigures,
    after_end,
    after_idle,
    after_progress,
    after_start,
    one_line,
)
from spotistream.monitoring.notes import Notes, quantile
from spotistream.monitoring.publishing import published_before, read_records, record_file

RUN = "7c1f9f6f-d369-45dd-9ddb-7fc04186ba5b"
PROGRESS: dict[str, Any] = {
    "id": "f2c0d81a-27a1-4662-ba6d-d679ddf8682c",
    "runId": RUN,
    "name": "refresh_recommendations",
    "batchId": 2,
    "batchDuration": 1050,
    "numInputRows": 2,
    "inputRowsPerSecond": 2.5,
    "processedRowsPerSecond": 2.0,
    "durationMs": {"addBatch": 731, "walCommit": 35, "triggerExecution": 1050},
    "stateOperators": [{"numRowsTotal": 4, "memoryUsedBytes": 1056928, "numShufflePartitions": 2}],
    "sources": [
        {
            "endOffset": {"plays": {"0": 21, "1": 7}},
            "latestOffset": {"plays": {"0": 30, "1": 7}},
        }
    ],
}
IN_PYTHON = """An exception was raised by the Python Proxy. Return Message: Traceback (most recent call last):
  File "clientserver.py", line 644, in _call_proxy
pymongo.errors.ServerSelectionTimeoutError: 127.0.0.1:1: connection refused

\tat py4j.Protocol.getReturnValue(Protocol.java:476)
"""


def started() -> QueryFigures:
    return after_start("refresh_recommendations", now=100.0)


def test_a_report_becomes_figures() -> None:
    found = after_progress(started(), PROGRESS, now=107.0)

    assert found == QueryFigures(
        "refresh_recommendations",
        state=RUNNING,
        started_at=100.0,
        seen_at=107.0,
        batch=2,
        batch_at=107.0,
        batches=1,
        rows=2,
        input_rows_per_s=2.5,
        processed_rows_per_s=2.0,
        batch_s=1.05,
        parts_s={"addBatch": 0.731, "walCommit": 0.035},
        lag=9,
        offsets=(("plays", 0, 21), ("plays", 1, 7)),
        state_rows=4,
        state_bytes=1056928,
        state_partitions=2,
    )


def test_batches_and_rows_add_up_over_reports() -> None:
    found = after_progress(after_progress(started(), PROGRESS, now=107.0), PROGRESS, now=108.0)
    assert (found.batches, found.rows) == (2, 4)


def test_a_source_that_does_not_say_where_its_end_is_has_no_lag() -> None:
    found = after_progress(started(), {**PROGRESS, "sources": [{"endOffset": {"value": 3}}]}, now=1.0)
    assert found.lag is None


def test_an_idle_query_is_at_the_end_and_alive() -> None:
    found = after_idle(after_progress(started(), PROGRESS, now=107.0), now=117.0)
    assert (found.lag, found.input_rows_per_s, found.seen_at, found.batch_at) == (0, 0.0, 117.0, 107.0)


@pytest.mark.parametrize(("error", "state", "told"), [(None, STOPPED, None), ("gone\n\tat x", FAILED, "gone")])
def test_an_end_is_a_failure_only_with_an_error(error: str | None, state: str, told: str | None) -> None:
    found = after_end(started(), error, now=120.0)
    assert (found.state, found.error) == (state, told)


def test_what_ended_a_query_is_known_after_it_runs_again() -> None:
    failed = after_end(started(), "gone", now=120.0)
    again = after_progress(after_start(failed.query, now=130.0, before=failed), PROGRESS, now=131.0)
    assert (again.state, again.error, again.error_at, again.batches) == (RUNNING, "gone", 120.0, 1)


def test_an_error_in_python_is_told_by_its_own_line() -> None:
    assert one_line(IN_PYTHON) == "pymongo.errors.ServerSelectionTimeoutError: 127.0.0.1:1: connection refused"


def test_a_long_error_is_cut() -> None:
    assert one_line("x" * 900) == "x" * 399 + "…"


def test_figures_survive_json_and_an_unknown_field() -> None:
    found = after_progress(started(), PROGRESS, now=107.0)
    assert QueryFigures.from_dict({**found.as_dict(), "of_a_later_version": 1}) == found


def test_a_repeated_batch_is_counted_once() -> None:
    notes = Notes()
    for batch, count in ((0, 3), (1, 2), (1, 2), (2, 0)):
        notes.rejected("ingest_plays", batch, count)
    assert notes.rejected_of("ingest_plays") == 5
    assert notes.rejected_of("refresh_recommendations") is None


def test_latencies_fall_into_buckets() -> None:
    notes = Notes()
    notes.readable("refresh_recommendations", [0.05, 0.1, 0.2, 400.0])
    seen = notes.latencies_of("refresh_recommendations")
    assert seen is not None
    assert seen.counts == (2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1)
    assert (seen.total_s, seen.p50_s, seen.p95_s) == (pytest.approx(400.35), 0.1, 400.0)


def test_quantiles_forget_what_was_minutes_ago_and_the_histogram_does_not() -> None:
    now = [0.0]
    notes = Notes(clock=lambda: now[0])
    notes.readable("refresh_recommendations", [400.0])
    now[0] = 301.0
    seen = notes.latencies_of("refresh_recommendations")
    assert seen is not None
    assert (seen.p50_s, seen.p95_s, seen.total_s) == (None, None, 400.0)
    notes.readable("refresh_recommendations", [0.5])
    seen = notes.latencies_of("refresh_recommendations")
    assert seen is not None
    assert (seen.p95_s, sum(seen.counts)) == (0.5, 2)


@pytest.mark.parametrize(("share", "expected"), [(0.5, 2.0), (0.95, 4.0), (0.25, 1.0), (0.26, 2.0)])
def test_quantiles_are_values_that_occurred(share: float, expected: float) -> None:
    assert quantile([1.0, 2.0, 3.0, 4.0], share) == expected


def test_a_board_knows_the_errors_of_the_last_run_of_its_application() -> None:
    failed = after_end(started(), "gone", now=120.0)
    board = Board("all_streams", notes=Notes(), previous={failed.query: failed})
    assert board.figures() == []
    board.started(RUN, failed.query, now=130.0)
    (found,) = board.figures()
    assert (found.state, found.error, found.error_at) == ("starting", "gone", 120.0)


def test_a_board_follows_runs_by_name_and_leaves_out_nameless_ones() -> None:
    board = Board("all_streams", notes=Notes())
    board.started(RUN, "refresh_recommendations", now=100.0)
    board.progressed(PROGRESS, now=101.0)
    board.progressed({**PROGRESS, "runId": "warm-up"}, now=102.0)
    board.notes.rejected("refresh_recommendations", 0, 1)
    board.notes.readable("refresh_recommendations", [0.25])

    (found,) = board.figures()

    assert (found.query, found.batches, found.rejected, found.latency_p95_s) == ("refresh_recommendations", 1, 1, 0.25)
    assert not board.is_over()
    board.ended(RUN, None, now=103.0)
    assert board.is_over()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"application": "x"}'])
def test_a_file_that_holds_no_figures_is_left_out(text: str, tmp_path: Path) -> None:
    file = record_file(tmp_path, "all_streams")
    file.parent.mkdir(parents=True)
    file.write_text(text)
    assert read_records(tmp_path) == []
    assert published_before(tmp_path, "all_streams") == {}
