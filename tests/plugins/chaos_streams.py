"""The two streams of plays in one Spark application, as a process of its own that can be killed."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from spotistream.config import load_config
from spotistream.io.session import build_session
from spotistream.launch import choose_java
from spotistream.pipelines import ingest_plays, refresh_recommendations
from spotistream.pipelines.streaming import await_queries


def main(ready: Path) -> None:
    """Run both until SIGTERM; ``ready`` is written once each has ended a batch."""
    logging.basicConfig(level="INFO", format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for noisy in ("py4j", "pymongo", "kafka"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    cfg = load_config()
    choose_java()
    spark = build_session(cfg, "chaos")
    jobs = (refresh_recommendations.JOB, ingest_plays.JOB)
    queries = [query for job in jobs for query in job.start(spark, cfg, False)]

    def report() -> None:
        if not ready.exists() and all(query.lastProgress for query in queries):
            ready.touch()

    await_queries(queries, cfg, on_tick=report)
    spark.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
