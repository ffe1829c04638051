"""From an event's send to its recommendation being readable in the store, beside an empty micro-batch of the same run.

    .venv/bin/python benchmarks/latency.py --home DIR [--events 60] [--json]

The home is one that scripts/demo has prepared and that no service runs on. In one session, one after the other:

floor    an empty micro-batch: same source, same options, a checkpoint, no work; readable once the batch was handed over
refresh  refresh_recommendations alone
all      refresh_recommendations with every other streaming query beside it

Each is warmed with a third of the events before it counts. Times are in seconds; what matters is the ratio.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.streaming.query import StreamingQuery
from tqdm import tqdm

from spotistream.config import Config, load_config
from spotistream.events import PlayEvent
from spotistream.io import documents, kafka
from spotistream.io.session import build_session
from spotistream.jobs import JOBS
from spotistream.launch import services_for
from spotistream.pipelines import all_streams, refresh_recommendations
from spotistream.pipelines.streaming import stop_between_batches
from spotistream.serving.bulk import BulkPublisher
from spotistream.tables import PLAYS_TOPIC, RECOMMENDATIONS_COLLECTION, TRACKS_COLLECTION

LIMIT_S = 60.0
PAUSE_S = 0.2
POLL_S = 0.004


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--events", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    cfg = load_config(home=arguments.home)
    with services_for(cfg, JOBS.values()) as cfg, documents.database(cfg.mongo) as db:
        track_ids = [track["_id"] for track in db[TRACKS_COLLECTION.name].find({"playable": True}, {"_id": 1})]
        spark = build_session(cfg, "latency benchmark")

        def served(event: PlayEvent) -> bool:
            found = db[RECOMMENDATIONS_COLLECTION.name].find_one({"_id": event.user_id}, {"caused_by.event_id": 1})
            return bool(found and (found.get("caused_by") or {}).get("event_id") == event.event_id)

        seen: set[str] = set()
        measured = {}
        for name, start, readable in (
            ("floor", lambda: [floor(spark, cfg, seen)], lambda event: event.event_id in seen),
            ("refresh", lambda: [refresh_recommendations.JOB.start(spark, cfg, False)], served),
            ("all", lambda: all_streams.start(spark, cfg), served),
        ):
            queries = start()
            measured[name] = latencies(cfg, track_ids, readable, count=arguments.events, label=name)
            stop_between_batches(queries, timeout_s=30)
        spark.stop()
    report(measured, as_json=arguments.json)


def floor(spark: SparkSession, cfg: Config, seen: set[str]) -> StreamingQuery:
    """The empty micro-batch; it notes which events were handed over."""

    def note(batch: DataFrame, _batch_id: int) -> None:
        seen.update(json.loads(row["value"])["event_id"] for row in batch.select("value").collect())

    # The ids are needed to tell which batch an event was in; nothing else is done with them.
    frame = kafka.read_stream(spark, cfg, PLAYS_TOPIC)
    return (
        frame.writeStream.foreachBatch(note)
        .option("checkpointLocation", tempfile.mkdtemp(prefix="floor-", dir=cfg.home))
        .trigger(processingTime="0 seconds")
        .start()
    )


def latencies(
    cfg: Config, track_ids: list[str], readable: Callable[[PlayEvent], bool], *, count: int, label: str
) -> list[float]:
    """Seconds from send to readable of ``count`` events of one listener, after warming up."""
    user_id, taken = f"bench-{uuid.uuid4().hex[:8]}", []
    warm = count // 3
    with BulkPublisher(cfg.kafka) as publisher:
        for i in tqdm(range(warm + count), desc=label, disable=None):
            session = str(uuid.uuid4())
            track_id = track_ids[i % len(track_ids)]
            event = PlayEvent(
                str(uuid.uuid4()), user_id, "play", datetime.now(UTC), "api", track_id=track_id, session_id=session
            )
            sent = time.monotonic()
            publisher.send(PLAYS_TOPIC, user_id, event.to_json())
            publisher.flush()
            while not readable(event):
                if time.monotonic() - sent > LIMIT_S:
                    sys.exit(f"{label}: an event was not readable after {LIMIT_S:g} s")
                time.sleep(POLL_S)
            taken.append(time.monotonic() - sent)
            time.sleep(PAUSE_S)
    return taken[warm:]


def report(measured: dict[str, list[float]], *, as_json: bool) -> None:
    figures: dict[str, Any] = {}
    for name, values in measured.items():
        p50, p95 = statistics.median(values), sorted(values)[int(0.95 * (len(values) - 1))]
        figures |= {f"{name}_p50_s": round(p50, 3), f"{name}_p95_s": round(p95, 3)}
    for name in ("refresh", "all"):
        for part in ("p50", "p95"):
            figures[f"{name}_{part}_ratio"] = round(figures[f"{name}_{part}_s"] / figures[f"floor_{part}_s"], 2)
    if as_json:
        print(json.dumps(figures))
        return
    for name in measured:
        ratio = "" if name == "floor" else f"   {figures[f'{name}_p50_ratio']:.2f} x floor"
        print(f"{name:8} p50 {figures[f'{name}_p50_s']:.3f} s   p95 {figures[f'{name}_p95_s']:.3f} s{ratio}")


if __name__ == "__main__":
    main()
