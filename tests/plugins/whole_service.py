"""The whole service as a user starts it, small: `spotistream demo` on a few generated clips and listeners."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from spotistream.config import Config, load_config
from spotistream.launch import with_addresses
from spotistream.services.ports import free_ports
from spotistream.services.running import running_services

READY_S = 420.0
SMALL = {
    "SPOTISTREAM__DEMO__CLIPS": "26",
    "SPOTISTREAM__SIMULATION__LISTENERS": "40",
    "SPOTISTREAM__SIMULATION__PLAYS": "1500",
    "SPOTISTREAM__SIMULATION__LIVE_EVENTS_PER_MINUTE": "0",
    "SPOTISTREAM__STREAM__INGEST_SECONDS": "3",
    "SPOTISTREAM__STREAM__ARCHIVE_SECONDS": "5",
}


@dataclass(frozen=True)
class Service:
    """A running service: its configuration points at its broker and store."""

    process: subprocess.Popen[str]
    output: Path
    cfg: Config
    url: str


def start_service(home: Path, *arguments: str) -> Service:
    """Start `spotistream` on this home and wait for its `ready` line."""
    (port,) = free_ports([0])
    environ = {**os.environ, **SMALL}
    output = home.parent / f"{home.name}-{time.monotonic_ns()}.log"
    command = [sys.executable, "-m", "spotistream.cli", *arguments, "--home", str(home), "--port", str(port)]
    with output.open("w") as log:
        process = subprocess.Popen(command, env=environ, stdout=log, stderr=subprocess.STDOUT, text=True)
    try:
        wait_for(lambda: "\nready http" in output.read_text() or process.poll() is not None, READY_S)
        assert "\nready http" in output.read_text(), output.read_text()[-4000:]
        addresses = running_services(home)
        cfg = with_addresses(load_config(home=home, environ=SMALL), kafka=addresses.kafka, mongo=addresses.mongo)
    except BaseException:
        stop_service(process)
        raise
    return Service(process, output, replace(cfg, player=replace(cfg.player, port=port)), f"http://127.0.0.1:{port}")


def stop_service(process: subprocess.Popen[str]) -> int:
    """Ask the service to stop; its exit code."""
    process.send_signal(signal.SIGTERM)
    try:
        return process.wait(timeout=90)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def wait_for(condition: Callable[[], object], seconds: float) -> None:
    """Until the condition holds; fails after this many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:g} s"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A demo for the tests of a module; it takes half a core, so it does not outlive them."""
    running = start_service(tmp_path_factory.mktemp("whole") / "home", "demo")
    yield running
    if running.process.poll() is None:
        stop_service(running.process)
