"""Which embedded services a home runs, and where; starting those that are missing."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from spotistream.errors import EnvironmentProblem
from spotistream.files import replace_text
from spotistream.services import broker, document_store
from spotistream.services.jars import DOCUMENT_STORE, KAFKA, default_jars_dir, fetch_jars
from spotistream.services.java import JavaRuntime, default_private_home, find_java
from spotistream.services.locking import locked
from spotistream.services.ports import LOOPBACK, free_ports
from spotistream.services.process import ManagedProcess, find_process

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ports:
    """The ports of a home's services; kept from start to start where they are still free."""

    kafka: int | None = None
    controller: int | None = None
    store: int | None = None


@dataclass(frozen=True)
class Addresses:
    """Where clients find the services that run; ``None`` for one that does not."""

    kafka: str | None = None
    mongo: str | None = None


def running_services(home: Path) -> Addresses:
    """The services this home runs now, each of which answered. One whose parent was killed is ending and left out."""
    ports = _read_ports(home)
    kafka = f"{LOOPBACK}:{ports.kafka}" if ports.kafka and _is_kept(home, broker.NAME) else None
    mongo = document_store.address(ports.store) if ports.store and _is_kept(home, document_store.NAME) else None
    return Addresses(
        kafka if kafka and broker.answers(kafka) else None,
        mongo if mongo and document_store.answers(mongo) else None,
    )


def _is_kept(home: Path, name: str) -> bool:
    process = find_process(home, name)
    return process is not None and not process.is_orphan


@contextmanager
def start_missing(home: Path, *, kafka: bool, store: bool) -> Iterator[Addresses]:
    """The services asked for, started where this home does not run them; those are stopped at the end.

    Commands that start or end at the same moment take turns, so that one of them starts a service and the others use
    it, and none takes up one that is just being stopped. A service ends with the command that started it, also where
    another still uses it.
    Raises ``EnvironmentProblem`` where one does not come up.
    """
    with ExitStack() as stack:
        with locked(_lock_file(home)):
            found = running_services(home)
            if (kafka and not found.kafka) or (store and not found.mongo):
                java = find_java(default_private_home())
                if store and not found.mongo:
                    found = replace(found, mongo=_start_store(home, java, stack))
                if kafka and not found.kafka:
                    found = replace(found, kafka=_start_broker(home, java, stack))
        yield found


def start_again(home: Path, name: str) -> ManagedProcess:
    """Start the broker or the store, which has ended, where its clients look for it: on the same port and data.

    Call it from the main thread, with which the process ends. Raises ``EnvironmentProblem`` where the port was taken
    meanwhile, or the service does not come up.
    """
    with locked(_lock_file(home)):
        java, before = find_java(default_private_home()), _read_ports(home)
        wanted = [before.kafka, before.controller] if name == broker.NAME else [before.store]
        if free_ports(wanted) != wanted:
            raise EnvironmentProblem(f"the port of the {name} was taken", remedy="stop the service and start it again")
        if name == broker.NAME:
            return _started_broker(home, java)[0]
        return _started_store(home, java)[0]


def _start_broker(home: Path, java: JavaRuntime, stack: ExitStack) -> str:
    process, port = _started_broker(home, java)
    stack.callback(_stop, process, home, timeout_s=broker.STOP_S)
    log.info("the broker listens on %s:%d", LOOPBACK, port)
    return f"{LOOPBACK}:{port}"


def _started_broker(home: Path, java: JavaRuntime) -> tuple[ManagedProcess, int]:
    jars = _jars(KAFKA, java)
    ports = _read_ports(home)
    port, controller = free_ports([ports.kafka or 0, ports.controller or 0])
    _write_ports(home, replace(ports, kafka=port, controller=controller))
    return broker.start_broker(home, java=java, jars=jars, port=port, controller_port=controller), port


def _start_store(home: Path, java: JavaRuntime, stack: ExitStack) -> str:
    process, port = _started_store(home, java)
    stack.callback(_stop, process, home, timeout_s=document_store.STOP_S)
    log.info("the document store listens on %s:%d", LOOPBACK, port)
    return document_store.address(port)


def _started_store(home: Path, java: JavaRuntime) -> tuple[ManagedProcess, int]:
    jars = _jars(DOCUMENT_STORE, java)
    ports = _read_ports(home)
    (port,) = free_ports([ports.store or 0])
    _write_ports(home, replace(ports, store=port))
    return document_store.start_store(home, java=java, jars=jars, port=port), port


def _stop(process: ManagedProcess, home: Path, *, timeout_s: float) -> None:
    with locked(_lock_file(home)):
        process.stop(timeout_s=timeout_s)


def _lock_file(home: Path) -> Path:
    return home / "run" / "services.lock"


def _jars(jar_set: str, java: JavaRuntime) -> Path:
    fetch_jars(jar_set, default_jars_dir(), java=java, progress=log.info)
    return default_jars_dir() / jar_set


def _ports_file(home: Path) -> Path:
    return home / "run" / "ports.json"


def _read_ports(home: Path) -> Ports:
    try:
        return Ports(**json.loads(_ports_file(home).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Ports()


def _write_ports(home: Path, ports: Ports) -> None:
    replace_text(_ports_file(home), json.dumps(asdict(ports)))
