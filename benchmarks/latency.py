"""From an event's send to its recommendation being readable in the store, beside an empty micro-batch of the same run.

    .venv/bin/python benchmarks/latency.py [--tracks 106574] [--rate 20] [--seconds 20] [--rounds 3]
                                           [--listeners 500] [--past 30] [--json]

It makes a home of its own with a synthetic model and starts broker and document store. In one session, in turns:

floor    an empty micro-batch: same source, same options, a checkpoint, no work; readable once the batch was handed over
refresh  refresh_recommendations alone
all      refresh_recommendations with every other streaming query beside it

Events come at an even rate from many listeners, who have played before. The store is asked every 20 milliseconds, also
beside the floor. The first seconds of each turn do not count. Turns are repeated round by round, so whatever else the
machine does meets all three; a figure is the median of the rounds, in seconds; what matters is the ratio to the floor.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.streaming.query import StreamingQuery
from synthetic import FMA_TRACKS, play, played_tracks, publish, synthetic_model
from tqdm import tqdm

from spotistream.config import Config, load_config
from spotistream.home import prepare_home
from spotistream.io import documents, kafka
from spotistream.jobs import JOBS
from spotistream.launch import running_session, services_for
from spotistream.pipelines import all_streams, refresh_recommendations
from spotistream.pipelines.streaming import is_caught_up, stop_between_batches
from spotistream.serving.bulk import BulkPublisher
from spotistream.tables import PLAYS_TOPIC, RECOMMENDATIONS_COLLECTION

LIMIT_S, POLL_S = 600.0, 0.02
VARIANTS = ("floor", "refresh", "all")
Sent = dict[str, tuple[str, float]]
"""Events on their way: event_id -> listener, when it was sent."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tracks", type=int, default=FMA_TRACKS, metavar="N", help="size of the catalogue")
    parser.add_argument("--rate", type=float, default=20.0, metavar="R", help="events a second")
    parser.add_argument("--seconds", type=float, default=20.0, metavar="S", help="that count, of each turn")
    parser.add_argument("--warm", type=float, default=8.0, metavar="S", help="before them")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--listeners", type=int, default=500, metavar="L", help="who play in turn")
    parser.add_argument("--past", type=int, default=30, metavar="P", help="plays of each of them before")
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=VARIANTS)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="latency-", ignore_cleanup_errors=True) as home:
        cfg = load_config(home=Path(home), profile="local")
        prepare_home(cfg.home)
        say(f"a model of {arguments.tracks:,} tracks")
        publish(cfg, synthetic_model(arguments.tracks))
        with (
            services_for(cfg, JOBS.values()) as cfg,
            running_session(cfg, "latency benchmark") as spark,
            Traffic(cfg, arguments) as traffic,
        ):
            taken = measured(spark, cfg, traffic, arguments)
    report(taken, as_json=arguments.json)


def measured(
    spark: SparkSession, cfg: Config, traffic: Traffic, arguments: argparse.Namespace
) -> dict[str, list[list[float]]]:
    """Latencies of each variant, round by round."""
    seen: set[str] = set()
    start: dict[str, Callable[[], list[StreamingQuery]]] = {
        "floor": lambda: [floor(spark, cfg, seen)],
        "refresh": lambda: refresh_recommendations.JOB.start(spark, cfg, False),
        "all": lambda: all_streams.start(spark, cfg),
    }
    taken: dict[str, list[list[float]]] = {name: [] for name in arguments.variants}
    for _ in tqdm(range(arguments.rounds), desc="rounds", disable=None):
        for name in taken:
            queries = start[name]()
            wait_until_caught_up(queries)
            found = traffic.latencies(arguments.warm, arguments.seconds, seen if name == "floor" else None)
            taken[name].append(found)
            stop_between_batches(queries, timeout_s=30)
            p50, p95 = quantiles(found)
            say(f"{name:8} p50 {p50:.3f} s   p95 {p95:.3f} s   {len(found)} events")
    return taken


def floor(spark: SparkSession, cfg: Config, seen: set[str]) -> StreamingQuery:
    """The empty micro-batch; it notes which events were handed over."""

    def note(batch: DataFrame, _batch_id: int) -> None:
        seen.update(json.loads(row["value"])["event_id"] for row in batch.select("value").collect())

    # The ids are needed to tell which batch an event was in; nothing else is done with them.
    return (
        kafka.read_stream(spark, cfg, PLAYS_TOPIC)
        .writeStream.foreachBatch(note)
        .queryName("floor")
        .option("checkpointLocation", f"{cfg.paths.checkpoints}/floor")
        .trigger(processingTime="0 seconds")
        .start()
    )


def wait_until_caught_up(queries: list[StreamingQuery]) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not all(is_caught_up(query) for query in queries):
        if time.monotonic() > deadline or not all(query.isActive for query in queries):
            sys.exit(f"the queries were not ready after {LIMIT_S:g} s")
        time.sleep(0.1)


class Traffic:
    """Listeners who play at an even rate, and how long each of their events takes to be readable."""

    def __init__(self, cfg: Config, arguments: argparse.Namespace) -> None:
        self._publisher = BulkPublisher(cfg.kafka)
        self._db = documents.connected(cfg.mongo)
        self._interval = 1 / arguments.rate
        ids = [f"fma:{i:07}" for i in range(arguments.tracks)]
        self._plays = {f"bench-{i:06}": played_tracks(ids, i) for i in range(arguments.listeners)}
        self._next = self._in_turn()
        past = datetime.now(UTC) - timedelta(days=1)
        for i in range(arguments.past):
            for user_id, tracks_played in self._plays.items():
                event = play(user_id, next(tracks_played), at=past + timedelta(minutes=4 * i))
                self._publisher.send(PLAYS_TOPIC, user_id, event.to_json())
        self._publisher.flush()

    def __enter__(self) -> Traffic:
        return self

    def __exit__(self, *_: object) -> None:
        self._publisher.close()
        self._db.client.close()

    def latencies(self, warm_s: float, seconds: float, seen: set[str] | None) -> list[float]:
        """Seconds from send to readable of the events sent after ``warm_s``.

        seen : events that count as readable; without, those that the store shows
        """
        waiting: Sent = {}
        begun = time.monotonic()
        done = threading.Event()
        sender = threading.Thread(target=self._send, args=(waiting, begun + warm_s + seconds, done), daemon=True)
        sender.start()
        taken: list[float] = []
        while not done.is_set() or waiting:
            for event_id in self._readable(dict(waiting), seen):
                _, sent = waiting.pop(event_id)
                if sent >= begun + warm_s:
                    taken.append(time.monotonic() - sent)
            if time.monotonic() > begun + warm_s + seconds + LIMIT_S:
                sys.exit(f"{len(waiting)} events were not readable after {LIMIT_S:g} s")
            time.sleep(POLL_S)
        sender.join()
        return taken

    def _readable(self, waiting: Sent, seen: set[str] | None) -> set[str]:
        """Of the events on their way. None overtakes the oldest: while that is not readable only it is asked for."""
        oldest = dict(list(waiting.items())[:1])
        return self._found(waiting, seen) if self._found(oldest, seen) else set()

    def _found(self, waiting: Sent, seen: set[str] | None) -> set[str]:
        users = [user_id for user_id, _ in waiting.values()]
        found = self._db[RECOMMENDATIONS_COLLECTION.name].find({"_id": {"$in": users}}, {"caused_by.event_id": 1})
        stored = {(document.get("caused_by") or {}).get("event_id") for document in found}
        return set(waiting) & (stored if seen is None else seen)

    def _send(self, waiting: Sent, until: float, done: threading.Event) -> None:
        due = time.monotonic()
        while due < until:
            time.sleep(max(0.0, due - time.monotonic()))
            user_id, track_id = next(self._next)
            event = play(user_id, track_id)
            waiting[event.event_id] = (user_id, time.monotonic())
            self._publisher.send(PLAYS_TOPIC, user_id, event.to_json())
            self._publisher.flush()
            due += self._interval
        done.set()

    def _in_turn(self) -> Iterator[tuple[str, str]]:
        while True:
            for user_id, tracks in self._plays.items():
                yield user_id, next(tracks)


def quantiles(values: list[float]) -> tuple[float, float]:
    """p50 and p95."""
    return statistics.median(values), statistics.quantiles(values, n=20, method="inclusive")[-1]


def report(taken: dict[str, list[list[float]]], *, as_json: bool) -> None:
    """Medians of the rounds. ``p50_s``, ``p95_s`` and their ratios are of the refresh alone."""
    prefix = {"floor": "floor_", "refresh": "", "all": "all_"}
    figures: dict[str, Any] = {"rounds": max(map(len, taken.values()))}
    for name, rounds in taken.items():
        for part, values in zip(("p50", "p95"), zip(*map(quantiles, rounds), strict=True), strict=True):
            figures[f"{prefix[name]}{part}_s"] = round(statistics.median(values), 3)
    for name in {"refresh", "all"} & set(taken) if "floor" in taken else ():
        for part, at in (("p50", 0), ("p95", 1)):
            ratios = [
                quantiles(mine)[at] / quantiles(least)[at]
                for mine, least in zip(taken[name], taken["floor"], strict=True)
            ]
            figures[f"{prefix[name]}{part}_ratio"] = round(statistics.median(ratios), 2)
    if as_json:
        print(json.dumps(figures))
        return
    for name in taken:
        p50, p95 = figures[f"{prefix[name]}p50_s"], figures[f"{prefix[name]}p95_s"]
        ratios = [figures.get(f"{prefix[name]}{part}_ratio", 1.0) for part in ("p50", "p95")]
        print(f"{name:8} p50 {p50:.3f} s, {ratios[0]:.2f} x floor   p95 {p95:.3f} s, {ratios[1]:.2f} x floor")


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
