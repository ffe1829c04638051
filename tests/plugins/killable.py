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
from spotistream.services.running import start_missing

BROKER, STORE = broker.NAME, document_store.NAME


class Killable:
    """To be used from the main thread: a service ends with the thread that started it."""

    def __init__(self, home: Path, stack: ExitStack) -> None:
        self._home, self._stack = home, stack

    def start(self, *names: str) -> tuple[str | None, str | None]:
        """Start those of the services that do not run; the addresses of broker and store."""
        found = self._stack.enter_context(start_missing(self._home, kafka=BROKER in names, store=STORE in names))
        return found.kafka, found.mongo

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
        services = Killable(cfg.home, stack)
        kafka, mongo = services.start(BROKER, STORE)
        cfg = with_addresses(cfg, kafka=kafka, mongo=mongo)
        ensure_topics(cfg)
        yield cfg, services
