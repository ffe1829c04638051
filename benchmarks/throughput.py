"""How many listeners are refreshed a second, and how fast events reach Delta beside a bare Kafka-to-Parquet query.

    .venv/bin/python benchmarks/throughput.py [--tracks 106574] [--listeners 2000] [--events 60000] [--rounds 3]
                                              [--growth] [--json]

refreshed_per_s   what the refresh does for a burst of listeners on the driver: from the packed state to the finished
                  document: unpack, taste, fold in, rank the whole catalogue, cap, explain; the store not included
with_store_per_s  the same, written to the document store
stream_per_s      the queries as they run: a burst of one event for each of as many listeners, from before the first is
                  sent until the last table is in the store
recall_at_50      share of the tables that ranking by the score of every track, one listener at a time, gives too
ingest_ratio      events a second of ingest_plays into Delta (checked, each once) over a query that writes the bare
                  bytes of the same topic as Parquet

Rounds are interleaved; figures are medians, and beside them the processor time of this process, which depends less on
what else the machine does. ``--growth`` adds how the cost of a listener grows with the catalogue.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from pyspark.sql import SparkSession
from pyspark.sql.streaming.query import StreamingQuery
from synthetic import FMA_TRACKS, play, played_tracks, publish, synthetic_model
from tqdm import tqdm

from spotistream.config import Config, load_config
from spotistream.home import prepare_home
from spotistream.io import documents, kafka
from spotistream.jobs import JOBS
from spotistream.launch import running_session, services_for
from spotistream.models.listener import ListenerEvent, ListenerState, merged, pack
from spotistream.models.listener_changes import ChangedListener
from spotistream.models.served import ServedModel
from spotistream.models.tables_of_listeners import histories, recommend, top_tracks
from spotistream.models.taste import Taste
from spotistream.monitoring.notes import NOTES
from spotistream.pipelines import ingest_plays, recommendation_documents, refresh_at_once, refresh_recommendations
from spotistream.pipelines.recommendation_documents import ranked_tables, recommendation_document
from spotistream.pipelines.streaming import stop_between_batches
from spotistream.serving.bulk import BulkPublisher
from spotistream.tables import PLAYS_TOPIC, RECOMMENDATIONS_COLLECTION

PLAYS_OF_A_LISTENER = 50
JUDGED = 200
LIMIT_S = 120.0
GROWTH = ((10_000, 200), (30_000, 200), (106_574, 200), (300_000, 100), (1_000_000, 50))
"""Tracks and links of each; a million with 200 links would need the memory of another benchmark."""
PAST = datetime.now(UTC) - timedelta(days=2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tracks", type=int, default=FMA_TRACKS, metavar="N", help="size of the catalogue")
    parser.add_argument("--listeners", type=int, default=2000, metavar="B", help="in a burst")
    parser.add_argument("--events", type=int, default=60_000, metavar="E", help="that are ingested")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--growth", action="store_true", help="only the growth with tracks, a few minutes")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    arguments = parser.parse_args()
    if arguments.growth:
        figures: dict[str, Any] = {"growth": growth(rounds=arguments.rounds)}
    else:
        figures = measured(arguments)
    print(json.dumps(figures) if arguments.json else "\n".join(f"{key:24} {value}" for key, value in figures.items()))


def measured(arguments: argparse.Namespace) -> dict[str, Any]:
    refresh_recommendations.collect_rarely()
    say(f"a model of {arguments.tracks:,} tracks")
    model = synthetic_model(arguments.tracks)
    rows = states(model, arguments.listeners)
    with tempfile.TemporaryDirectory(prefix="throughput-", ignore_cleanup_errors=True) as home:
        cfg = load_config(home=Path(home), profile="local")
        prepare_home(cfg.home)
        publish(cfg, model)
        with services_for(cfg, JOBS.values()) as cfg, running_session(cfg, "throughput benchmark") as spark:
            figures = ranking_figures(model, rows, cfg, rounds=arguments.rounds)
            figures |= stream_figures(spark, cfg, rows, rounds=arguments.rounds)
            figures |= ingest_figures(spark, cfg, count=arguments.events, rounds=arguments.rounds)
    return figures


def states(model: ServedModel, count: int) -> list[dict[str, Any]]:
    """As many listeners with fifty plays each, as the stateful stage gives them."""
    ids, found = model.track_ids.tolist(), []
    for number in range(count):
        tracks = played_tracks(ids, number)
        begun = int(PAST.timestamp() * 1000)
        events = [
            ListenerEvent(begun + i * 240_000, f"{number:08}-{i:027}", next(tracks), "play", None, f"s{i}")
            for i in range(PLAYS_OF_A_LISTENER)
        ]
        state = merged(ListenerState(), events, max_events=200, max_opinions=1000)
        cause = (events[-1].event_id, events[-1].track_id, "play", events[-1].time_ms)
        found.append(ChangedListener(f"burst-{number:06}", pack(state), number, begun, *cause).row)
    return found


def ranking_figures(model: ServedModel, rows: Sequence[dict[str, Any]], cfg: Config, *, rounds: int) -> dict[str, Any]:
    made = refreshed(model, rows[:64], cfg)
    with documents.database(cfg.mongo) as db:

        def stored() -> None:
            documents.upsert_newer(db, RECOMMENDATIONS_COLLECTION, refreshed(model, rows, cfg))

        found = in_turns({"refreshed": lambda: refreshed(model, rows, cfg), "with_store": stored}, rounds=rounds)
    judged = [recommendation_documents._taste(row, model, cfg) for row in rows[:JUDGED]]
    return {
        "listeners": len(rows),
        "tracks": len(model.track_ids),
        "refreshed_per_s": round(len(rows) / found["refreshed"][0]),
        "refreshed_cpu_us": round(found["refreshed"][1] / len(rows) * 1e6),
        "with_store_per_s": round(len(rows) / found["with_store"][0]),
        "recall_at_50": recall(model, judged, cfg),
        "length": len(made[0]["recommendations"]),
    }


def refreshed(model: ServedModel, rows: Sequence[dict[str, Any]], cfg: Config) -> list[dict[str, Any]]:
    """Their documents."""
    now = datetime.now(UTC)
    return [
        recommendation_document(row, table, model_version=model.version, updated_at=now)
        for row, table in zip(rows, ranked_tables(rows, model, cfg), strict=True)
    ]


def recall(model: ServedModel, tastes: Sequence[Taste], cfg: Config) -> float:
    """Of the tracks that the score of every track puts into a table, those that are in it."""
    settings = cfg.recommend
    asked = {"top_n": settings.top_n, "max_per_artist": settings.max_per_artist}
    tables = recommend(model, tastes, **asked, exclude_recent=settings.exclude_recent)
    shares = []
    for taste, table in zip(tastes, tables, strict=True):
        scores = model.hybrid.scores(histories(model, [taste]))[0]
        gone = [*taste.heard[: settings.exclude_recent], *taste.disliked]
        scores[[model.index[track_id] for track_id in gone]] = -np.inf
        best = np.argsort(-scores, kind="stable")[: settings.top_n + 50]
        wanted = {model.track_ids[best[i]] for i in top_tracks(scores[best], model.artists[best], **asked)}
        shares.append(len(wanted & {item.track_id for item in table}) / len(wanted))
    return round(statistics.mean(shares), 4)


def stream_figures(spark: SparkSession, cfg: Config, rows: Sequence[dict[str, Any]], *, rounds: int) -> dict[str, Any]:
    """The queries as they run, a burst at a time; the first, in which everybody is new, does not count."""
    taken = []
    ids = [f"fma:{i:07}" for i in range(FMA_TRACKS)]
    queries = refresh_recommendations.JOB.start(spark, cfg, False)
    for turn in tqdm(range(rounds + 1), desc="bursts", disable=None):
        readable, begun = tables_written() + len(rows), time.perf_counter()
        with BulkPublisher(cfg.kafka) as publisher:
            for number, row in enumerate(rows):
                event = play(f"{row['user_id']}-live", ids[(number * 37 + turn) % len(ids)])
                publisher.send(PLAYS_TOPIC, row["user_id"], event.to_json())
        while tables_written() < readable:
            if time.perf_counter() - begun > LIMIT_S or not all(query.isActive for query in queries):
                sys.exit(f"not everybody of a burst had a table after {LIMIT_S:g} s")
            time.sleep(0.01)
        taken.append(time.perf_counter() - begun)
        say(f"burst: {taken[-1]:.2f} s")
    stop_between_batches(queries, timeout_s=30)
    return {"stream_per_s": round(len(rows) / statistics.median(taken[1:]))}


def tables_written() -> int:
    """By both queries, since this process was started."""
    found = (NOTES.latencies_of(name) for name in (refresh_recommendations.NAME, refresh_at_once.NAME))
    return sum(sum(latencies.counts) for latencies in found if latencies is not None)


def ingest_figures(spark: SparkSession, cfg: Config, *, count: int, rounds: int) -> dict[str, Any]:
    """Into tables and folders that are new each time; the first round, in which plans are compiled, does not count."""
    with BulkPublisher(cfg.kafka) as publisher:
        for number in range(count):
            event = play(f"ingest-{number % 500:04}", "fma:0000001", at=PAST + timedelta(seconds=number))
            publisher.send(PLAYS_TOPIC, event.user_id, event.to_json())
    taken: dict[str, list[float]] = {"parquet": [], "delta": []}
    for turn in tqdm(range(rounds + 1), desc="ingest", disable=None):
        for name, seconds in taken.items():
            at = f"{cfg.home}/{name}-{turn}"
            own = replace(cfg, paths=replace(cfg.paths, lake=f"{at}/lake", checkpoints=f"{at}/checkpoints"))
            start = bare_query if name == "parquet" else ingest_plays.JOB.start
            seconds.append(busy_seconds(*start(spark, own, True)))
            say(f"{name}: {seconds[-1]:.2f} s")
    delta, parquet = (statistics.median(taken[name][1:]) for name in ("delta", "parquet"))
    ratios = [bare / full for bare, full in zip(taken["parquet"][1:], taken["delta"][1:], strict=True)]
    return {
        "events": count,
        "ingest_per_s": round(count / delta),
        "parquet_per_s": round(count / parquet),
        "ingest_ratio": round(statistics.median(ratios), 2),
    }


def bare_query(spark: SparkSession, cfg: Config, once: bool) -> list[StreamingQuery]:
    """Kafka to Parquet, the bytes as they are."""
    writer = kafka.read_stream(spark, cfg, PLAYS_TOPIC, once=once).writeStream.format("parquet")
    writer = writer.option("checkpointLocation", cfg.paths.checkpoints)
    return [writer.trigger(availableNow=True).start(cfg.paths.lake)]


def busy_seconds(query: StreamingQuery) -> float:
    """How long the batches of a query take that ends when all is read."""
    query.awaitTermination()
    return sum(p["durationMs"]["triggerExecution"] for p in query.recentProgress if p["numInputRows"]) / 1000


def in_turns(contenders: dict[str, Callable[[], object]], *, rounds: int) -> dict[str, tuple[float, float]]:
    """Median seconds by the clock, and of this process's processor time, of each."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in contenders}
    for _ in tqdm(range(rounds), desc="rounds", disable=None):
        for name, run in contenders.items():
            begun, used = time.perf_counter(), time.process_time()
            run()
            taken[name].append((time.perf_counter() - begun, time.process_time() - used))
            say(f"{name}: {taken[name][-1][0]:.2f} s")
    return {name: tuple(map(statistics.median, zip(*rows, strict=True))) for name, rows in taken.items()}


def growth(*, rounds: int) -> list[dict[str, Any]]:
    """What one listener costs, by the size of the catalogue: alone, and in a block."""
    cfg = load_config(profile="local")
    found = []
    for tracks, neighbours in GROWTH:
        model = synthetic_model(tracks, neighbours=neighbours)
        rows = states(model, 128)
        refreshed(model, rows[:8], cfg)
        times = in_turns(
            {
                "block": lambda m=model, r=rows: refreshed(m, r, cfg),
                "alone": lambda m=model, r=rows: refreshed(m, r[:1], cfg),
            },
            rounds=rounds,
        )
        found.append({
            "tracks": tracks, "links": neighbours,
            "block_cpu_us": round(times["block"][1] / len(rows) * 1e6), "alone_ms": round(times["alone"][0] * 1e3, 1),
        })  # fmt: skip
        say(str(found[-1]))
    return found


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
