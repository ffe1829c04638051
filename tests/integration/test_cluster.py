"""Every job on executors that are processes of their own, as on a cluster: spark-submit, the package as a ZIP."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pymongo
import pyspark
import pytest
from deltalake import DeltaTable
from plugins.small_model import publish_small_model
from plugins.whole_service import wait_for

from spotistream.config import load_config
from spotistream.demo.catalogue import generate_catalogue
from spotistream.events import PlayEvent
from spotistream.jobs import JOBS
from spotistream.launch import ensure_topics
from spotistream.package import ARCHIVE, write_package
from spotistream.serving.bulk import BulkPublisher
from spotistream.tables import PLAYS_TOPIC, RECOMMENDATIONS_COLLECTION

MASTER = "local-cluster[2,1,1024]"
CLIPS = 26
ALL = (
    "extract_features", "publish", "ingest_tracks", "fit_sounds", "simulate_past", "ingest_plays", "find_topics",
    "train_model", "map_tracks", "train_genres", "tune_model", "evaluate_model", "refresh_recommendations",
    "archive_recommendations", "trending_tracks", "maintain_tables",
)  # fmt: skip
ALONE = {"import_metadata", "import_features", "all_streams"}
"""Jobs that read FMA's metadata, which tests/spark has, and the one that starts all queries."""
APPLICATION = f"""
from pyspark.sql import SparkSession
from spotistream import launch

def where(_):
    import os, spotistream
    return spotistream.__file__, os.getpid()

cfg = launch.load_config()
spark = SparkSession.builder.getOrCreate()
found = spark.sparkContext.parallelize(range(8), 8).map(where).collect()
print("imported from", *sorted({{file for file, _ in found}}))
launch.run_jobs({list(ALL)!r}, cfg, once=True)
"""


@dataclass(frozen=True)
class Cluster:
    """A home on shared storage, and how jobs are submitted against it."""

    folder: Path
    environ: dict[str, str]
    mongo: str
    database: str

    def submit(self, application: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self._command(application), env=self.environ, cwd=self.folder, capture_output=True, text=True,
            timeout=1400, check=False,
        )  # fmt: skip

    def start(self, application: Path, log: Path) -> subprocess.Popen[bytes]:
        with log.open("wb") as output:
            return subprocess.Popen(
                self._command(application), env=self.environ, cwd=self.folder, stdout=output, stderr=output
            )

    def _command(self, application: Path) -> list[str]:
        return [
            str(Path(sys.executable).with_name("spark-submit")), "--deploy-mode", "client", "--master", MASTER,
            "--driver-memory", "1g", "--py-files", str(self.folder / "package" / ARCHIVE), str(application),
        ]  # fmt: skip

    def rows(self, table: str) -> int:
        return len(DeltaTable(self.folder / "home" / "lake" / table).to_pandas())


@pytest.fixture(scope="module")
def cluster(broker: str, store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    write_package(folder / "package")
    generate_catalogue(folder / "music", clips=CLIPS, seed=1)
    settings = {
        "CONF": str(folder / "package" / "conf"), "HOME": str(folder / "home"),
        "_AUDIO__FOLDER": str(folder / "music"), "_KAFKA__BOOTSTRAP_SERVERS": broker, "_MONGO__URI": store,
        "_MONGO__DATABASE": "on_a_cluster", "_SIMULATION__LISTENERS": "40", "_SIMULATION__PLAYS": "1500",
        "_MODEL__TUNE_MINUTES": "0.1", "_MODEL__SOLVER": "spark",
    }  # fmt: skip
    environ = {**os.environ, **{f"SPOTISTREAM_{name}": value for name, value in settings.items()}}
    workers = Path(pyspark.__path__[0]) / "work"
    yield Cluster(folder, environ, store, "on_a_cluster")
    shutil.rmtree(workers, ignore_errors=True)


@pytest.mark.timeout(1500)
def test_every_job_runs_on_executors_that_import_the_zip(cluster: Cluster) -> None:
    assert set(JOBS) == {*ALL, *ALONE}, "a new job runs here too"
    application = cluster.folder / "every_job.py"
    application.write_text(APPLICATION)

    done = cluster.submit(application)

    assert done.returncode == 0, done.stderr[-3000:]
    imported = next(line for line in done.stdout.splitlines() if line.startswith("imported from"))
    assert imported.count("spotistream.zip") == len(imported.split()) - 2, imported
    assert cluster.rows("tracks") == cluster.rows("track_features") == CLIPS
    assert cluster.rows("plays") > 1000
    assert cluster.rows("plays_rejected") == 0
    assert cluster.rows("music_topics") > 0
    with pymongo.MongoClient(cluster.mongo) as client:
        tables = list(client[cluster.database]["recommendations"].find({"_id": {"$regex": "^sim"}}))
    assert len(tables) == 40
    assert all(len(table["recommendations"]) > 10 for table in tables)
    assert cluster.rows("recommendations") >= 40


def test_the_file_of_a_job_is_submitted_as_it_lies_in_the_package(cluster: Cluster) -> None:
    done = cluster.submit(cluster.folder / "package" / "batch_jobs" / "publish.py")
    assert done.returncode == 0, done.stderr[-3000:]
    assert "publish: " in done.stdout


@pytest.mark.timeout(600)
def test_streams_that_run_on_answer_at_once_and_end_when_asked(cluster: Cluster, tmp_path: Path) -> None:
    own = replace(
        cluster,
        environ={**cluster.environ, "SPOTISTREAM_HOME": str(tmp_path), "SPOTISTREAM__MONGO__DATABASE": "at_once"},
    )
    cfg = load_config(home=tmp_path, environ=own.environ)
    event = PlayEvent(
        str(uuid.uuid4()), "ann", "play", datetime.now(UTC), "api", track_id=publish_small_model(cfg)[0]
    )  # fmt: skip
    ensure_topics(cfg)
    log = tmp_path / "streams.log"
    streams = own.start(cluster.folder / "package" / "streaming_jobs" / "refresh_recommendations.py", log)
    try:
        with pymongo.MongoClient(cluster.mongo) as client, BulkPublisher(cfg.kafka) as publisher:

            def answered() -> bool:
                # Again and again the same event: what is sent before the query begins is not its work.
                publisher.send(PLAYS_TOPIC, event.user_id, event.to_json())
                publisher.flush()
                found = client["at_once"][RECOMMENDATIONS_COLLECTION.name].find_one({"_id": event.user_id})
                return found is not None and found["caused_by"]["event_id"] == event.event_id

            wait_for(answered, 300)
        subprocess.run(["pkill", "-TERM", "-P", str(streams.pid)], check=True)  # the driver: spark-submit is a JVM
        assert streams.wait(90) == 0, log.read_text()[-3000:]
    finally:
        streams.kill()
    assert "query refresh_at_once started" in log.read_text()
