"""The embedded broker: Apache Kafka itself, one KRaft node on loopback."""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Sequence
from pathlib import Path

from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from spotistream.errors import EnvironmentProblem
from spotistream.services.java import JavaRuntime
from spotistream.services.ports import LOOPBACK, is_listening
from spotistream.services.process import ManagedProcess, wait_until

NAME = "broker"
READY_S = 60.0
STOP_S = 30.0
_HEAP = ("-Xms64m", "-Xmx384m", "-XX:+UseSerialGC")


def start_broker(home: Path, *, java: JavaRuntime, jars: Path, port: int, controller_port: int) -> ManagedProcess:
    """Start the broker on the data in ``home/kafka`` and wait until it answers.

    Raises ``EnvironmentProblem`` where it does not come up.
    """
    folder = home / "kafka"
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "server.properties"
    settings.write_text(_properties(folder, port=port, controller_port=controller_port), encoding="utf-8")
    command = [
        str(java.executable),
        *_HEAP,
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
        "-Dorg.slf4j.simpleLogger.showDateTime=true",
        "-cp",
        f"{jars}/*",
    ]
    _format(command, folder, settings)
    broker = ManagedProcess.start(NAME, [*command, "kafka.Kafka", str(settings)], home=home, env=java.environment())
    try:
        wait_until(
            lambda: answers(f"{LOOPBACK}:{port}"), broker, timeout_s=READY_S, remedy=f"its log is {broker.log_file}"
        )
    except BaseException:
        broker.stop(timeout_s=STOP_S)
        raise
    return broker


def answers(bootstrap: str) -> bool:
    """A broker on this machine answers a request there."""
    if not is_listening(int(bootstrap.rpartition(":")[2])):
        return False
    try:
        admin = KafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=2000, bootstrap_timeout_ms=1000)
    except (KafkaError, OSError, ValueError):
        return False
    try:
        admin.list_topics()
    except KafkaError:
        return False
    finally:
        admin.close()
    return True


def _format(command: Sequence[str], folder: Path, settings: Path) -> None:
    """Give the data folder its identity, once."""
    if (folder / "data" / "meta.properties").exists():
        return
    tool = [*command, "kafka.tools.StorageTool", "format", "--cluster-id", uuid.uuid4().hex[:22], "--config"]
    done = subprocess.run([*tool, str(settings)], capture_output=True, text=True, check=False)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no output"]
        raise EnvironmentProblem(f"the broker's data cannot be set up: {lines[-1]}", remedy=f"look into {folder}")


def _properties(folder: Path, *, port: int, controller_port: int) -> str:
    settings = {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.voters": f"1@{LOOPBACK}:{controller_port}",
        "listeners": f"PLAINTEXT://{LOOPBACK}:{port},CONTROLLER://{LOOPBACK}:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{port}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "PLAINTEXT",
        "controller.listener.names": "CONTROLLER",
        "log.dirs": folder / "data",
        "auto.create.topics.enable": "false",
        "num.partitions": 1,
        "offsets.topic.num.partitions": 1,
        "offsets.topic.replication.factor": 1,
        "transaction.state.log.num.partitions": 1,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "group.initial.rebalance.delay.ms": 0,
        # Events are facts: kept until somebody decides otherwise.
        "log.retention.ms": -1,
        "log.segment.bytes": 64 * 1024 * 1024,
        "log.cleaner.dedupe.buffer.size": 4 * 1024 * 1024,
        "num.network.threads": 2,
        "num.io.threads": 2,
    }
    return "".join(f"{key}={value}\n" for key, value in settings.items())
