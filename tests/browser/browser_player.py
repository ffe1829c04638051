"""What the browser tests know of the player they look at."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from spotistream.services.running import Addresses

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "player_test"
SECONDS = 6
"""Length of each track."""


@dataclass(frozen=True)
class Player:
    url: str
    services: Addresses


@contextmanager
def running_player(services: Addresses, home: Path, *, port: int = 0) -> Iterator[Player]:
    """The player as a process of its own; it must stop at once, without an error, when it is asked to."""
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "SPOTISTREAM__MONGO__URI": str(services.mongo),
        "SPOTISTREAM__MONGO__DATABASE": DATABASE,
        "SPOTISTREAM__KAFKA__BOOTSTRAP_SERVERS": str(services.kafka),
    }
    command = [sys.executable, "-m", "dashboard", "--home", str(home), "--port", str(port)]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("player ready at "), "the player did not start; its error is above"
        try:
            yield Player(line.split()[-1], services)
        except BaseException:
            process.kill()
            raise
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
