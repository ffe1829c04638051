"""A broker and a store of one home that can be killed and started again: same port, same data."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from spotistream.config import Config
from spotistream.launch import ensure_topics, with_addresses
from spotistream.services import broker, document_store
from spotistream.services.process import find_process
from spotistream.services.running import start_again, start_missing

BROKER, STORE = broker.NAME, document_store.NAME
STOP_S = 30.0


class Killable:
    """To be used from the main thread: a service ends with the thread that started it."""

    def __init__(self, home: Path, stack: ExitStack) -> None:
        self._home, self._stack = home, stack

    def start(self, name: str) -> None:
        """Start a service that was killed."""
        self._stack.callback(start_again(self._home, name).stop, timeout_s=STOP_S)

    def kill(self, name: str) -> None:
        """End the process by SIGKILL."""
        process = find_process(self._home, name)
        assert process is not None, f"{name} does not run"
        os.kill(process.pid, signal.SIGKILL)
        while process.is_running():
            pass


@contextmanager
def killable_services(cfg: Config) -> Iterator[tuple[Config, Killable]]:
    """The configuration pointed at a broker, with the topics, and a store of its home."""
    with ExitStack() as stack:
        found = stack.enter_context(start_missing(cfg.home, kafka=True, store=True))
        cfg = with_addresses(cfg, kafka=found.kafka, mongo=found.mongo)
        ensure_topics(cfg)
        yield cfg, Killable(cfg.home, stack)
