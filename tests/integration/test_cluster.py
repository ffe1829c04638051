"""Every job on executors that are processes of their own, as on a cluster: spark-submit, the package as a ZIP."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pymongo
import pyspark
import pytest
from deltalake import DeltaTable

from spotistream.demo.catalogue import generate_catalogue
from spotistream.jobs import JOBS
from spotistream.package import ARCHIVE, write_package

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

    def submit(self, application: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [
            str(Path(sys.executable).with_name("spark-submit")), "--deploy-mode", "client", "--master", MASTER,
            "--driver-memory", "1g", "--py-files", str(self.folder / "package" / ARCHIVE), str(application), *arguments,
        ]  # fmt: skip
        return subprocess.run(
            command, env=self.environ, cwd=self.folder, capture_output=True, text=True, timeout=1400, check=False
        )

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
