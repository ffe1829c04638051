"""Watching the streaming queries of a session."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from pyspark.sql import SparkSession

from spotistream.config import Config
from spotistream.monitoring.board import Board
from spotistream.monitoring.exposition import served
from spotistream.monitoring.listener import StreamListener
from spotistream.monitoring.publishing import published, published_before

_LAST_REPORTS_S = 3.0


@contextmanager
def watched(spark: SparkSession, cfg: Config, application: str) -> Iterator[Board]:
    """Publish the figures of every query of the session while the block runs."""
    board = Board(application, previous=published_before(cfg.home, application))
    listener = StreamListener(board)
    spark.streams.addListener(listener)
    try:
        with published(board, cfg), served(board, cfg.monitoring):
            try:
                yield board
            finally:
                _wait_for_the_last(board)
    finally:
        spark.streams.removeListener(listener)


def _wait_for_the_last(board: Board) -> None:
    """Spark says that a query has ended some moments after it has."""
    deadline = time.monotonic() + _LAST_REPORTS_S
    while not board.is_over() and time.monotonic() < deadline:
        time.sleep(0.05)
