"""Kills of the streams, the broker and the store at random moments under traffic, and what that broke.

    .venv/bin/python benchmarks/chaos.py [--kills 100] [--rate 500] [--seed 1] [--json]

A home of its own, with a model of made-up tracks, a real broker and a real store. Messages come from the seed: new,
late ones, duplicates, and what is no event. The process that runs ingest_plays and refresh_recommendations, the broker
and the store are killed by SIGKILL and started again on the same data. When the streams have caught up:

lost, duplicated  events that are not in Delta plays, or twice
rows_different    listeners whose table is not the one that spotistream recompute makes of Delta plays
rejected_*        messages that are no events, which must all be in Delta plays_rejected, each place once
topic_behind      listeners whose newest table did not reach topic recommendations

All of these must be 0. Exit code 1 where one is not.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from plugins.chaos import storm
from plugins.killable import killable_services

from spotistream.config import load_config
from spotistream.io.session import build_session
from spotistream.launch import choose_java


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--rate", type=float, default=500.0, help="messages a second")
    parser.add_argument("--users", type=int, default=150, help="listeners")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    logging.basicConfig(level="INFO" if not arguments.json else "ERROR", format="%(asctime)s %(message)s")
    for noisy in ("py4j", "pymongo", "kafka"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        choose_java()
        cfg = load_config(home=Path(folder) / "home", environ={})
        with killable_services(cfg) as (cfg, services):
            spark = build_session(cfg, "chaos benchmark")
            damage = storm(
                spark, cfg, services, kills=arguments.kills, seed=arguments.seed, rate=arguments.rate,
                users=arguments.users,
            )  # fmt: skip
            spark.stop()
    record = damage.record()
    print(json.dumps(record) if arguments.json else "\n".join(f"{name:20} {value}" for name, value in record.items()))
    sys.exit(0 if damage.is_none else 1)


if __name__ == "__main__":
    main()
