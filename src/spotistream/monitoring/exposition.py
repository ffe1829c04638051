"""The figures for Prometheus: metrics by query, served over HTTP."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, ProcessCollector, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from spotistream.config import Monitoring
from spotistream.monitoring.board import Board
from spotistream.monitoring.figures import RUNNING, QueryFigures
from spotistream.monitoring.notes import BUCKETS_S

log = logging.getLogger(__name__)

PREFIX = "spotistream_stream_"
GAUGES = {
    "lag_messages": ("lag", "Messages behind the end of its topics when the last batch began"),
    "input_rows_per_second": ("input_rows_per_s", "Rows that come in"),
    "processed_rows_per_second": ("processed_rows_per_s", "Rows that are worked off while it works"),
    "batch_duration_seconds": ("batch_s", "How long the last batch took"),
    "state_rows": ("state_rows", "Keys in the state"),
    "state_memory_bytes": ("state_bytes", "Memory of the state"),
    "last_activity_timestamp_seconds": ("seen_at", "When Spark last reported of it, seconds since 1970"),
    "start_timestamp_seconds": ("started_at", "When it was started, seconds since 1970"),
}
"""Metric -> the field of the figures, and what it says."""
COUNTERS = {
    "batches": ("batches", "Batches since the start of the application"),
    "rows": ("rows", "Rows read since the start of the application"),
    "rejected_messages": ("rejected", "Messages set aside as unreadable since the start of the application"),
}
"""The same of what only grows; Prometheus's names end in ``_total``."""


class BoardCollector(Collector):
    """Metrics of a board, as of the moment they are asked for."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def collect(self) -> Iterator[Metric]:
        """All metrics, each with one sample for each query that has it."""
        found = self._board.figures()
        up = GaugeMetricFamily(f"{PREFIX}up", "1 while the query runs", labels=["query"])
        for one in found:
            up.add_metric([one.query], float(one.state == RUNNING))
        yield up
        for name, (field, text) in GAUGES.items():
            yield _filled(GaugeMetricFamily(f"{PREFIX}{name}", text, labels=["query"]), found, field)
        for name, (field, text) in COUNTERS.items():
            yield _filled(CounterMetricFamily(f"{PREFIX}{name}", text, labels=["query"]), found, field)
        yield _parts(found)
        yield self._latencies(found)

    def _latencies(self, found: list[QueryFigures]) -> Metric:
        text = "From the broker having an event to its result being readable"
        family = HistogramMetricFamily(f"{PREFIX}send_to_readable_seconds", text, labels=["query"])
        for one in found:
            if (seen := self._board.notes.latencies_of(one.query)) is not None:
                bounds = [*map(str, BUCKETS_S), "+Inf"]
                up_to = [float(sum(seen.counts[: at + 1])) for at in range(len(bounds))]
                family.add_metric([one.query], list(zip(bounds, up_to, strict=True)), sum_value=seen.total_s)
        return family


def _filled(
    family: GaugeMetricFamily | CounterMetricFamily, found: list[QueryFigures], field: str
) -> GaugeMetricFamily | CounterMetricFamily:
    for one in found:
        if (value := getattr(one, field)) is not None:
            family.add_metric([one.query], value)
    return family


def _parts(found: list[QueryFigures]) -> Metric:
    text = "How long each part of the last batch took, by Spark's names"
    family = GaugeMetricFamily(f"{PREFIX}batch_part_duration_seconds", text, labels=["query", "part"])
    for one in found:
        for part, seconds in one.parts_s.items():
            family.add_metric([one.query, part], seconds)
    return family


@contextmanager
def served(board: Board, monitoring: Monitoring) -> Iterator[None]:
    """Answer Prometheus on ``monitoring.host`` and ``port`` while the block runs; port 0: nobody.

    A port that is taken is said in the log and costs the metrics only.
    """
    if not monitoring.port:
        yield
        return
    registry = CollectorRegistry()
    registry.register(BoardCollector(board))
    ProcessCollector(registry=registry)
    where = f"{monitoring.host}:{monitoring.port}"
    try:
        server, thread = start_http_server(monitoring.port, addr=monitoring.host, registry=registry)
    except OSError as exc:
        log.warning("no metrics for Prometheus: %s cannot be used (%s); set monitoring.port", where, exc.strerror)
        yield
        return
    log.info("metrics for Prometheus at http://%s/metrics", where)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
