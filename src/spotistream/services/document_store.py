"""The embedded document store: mongo-java-server on an H2 file, speaking MongoDB's wire protocol on loopback.

It stands in for a MongoDB where there is none. It has no authentication, so it listens on loopback only. A kill can
lose what was written in the last 50 ms, on a machine with three times the work it can do in the last half second, so
nothing lives here alone: Kafka and Delta hold the facts.

As a program (``python -m spotistream.services.document_store``) it is the server; ``start_store`` starts that program.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pymongo
from pymongo.errors import PyMongoError

from spotistream.services.java import JavaRuntime
from spotistream.services.ports import LOOPBACK
from spotistream.services.process import ManagedProcess, wait_until
from spotistream.signals import stop_requested

NAME = "store"
READY_S = 60.0
STOP_S = 15.0
COMMIT_EVERY_S = 0.02
# Every commit is synced, so a recovery needs nothing older than this; by default 45 s of writes are kept.
RETENTION_MS = 1000
# Each upsert leaves the former document behind in the file. Without rewriting, 10 writes of 50 recommendations a second
# took 150 MB a minute; with it the file stays at about twice what is in it.
COMPACT_EVERY_S = 2.0
COMPACT_BELOW_PERCENT = 60
COMPACT_BYTES = 4 * 1024 * 1024  # at a time: 0.1 s, in which nothing is committed
WIRE_VERSION = 9
SERVER_VERSION = (4, 4, 0)


def start_store(home: Path, *, java: JavaRuntime, jars: Path, port: int) -> ManagedProcess:
    """Start the store on the data in ``home/store`` and wait until it answers.

    Raises ``EnvironmentProblem`` where it does not come up.
    """
    folder = home / "store"
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable, "-m", "spotistream.services.document_store",
        "--file", str(folder / "documents.mv"), "--port", str(port), "--jars", str(jars), "--java", str(java.home),
    ]  # fmt: skip
    store = ManagedProcess.start(NAME, command, home=home, env=os.environ)
    try:
        wait_until(lambda: answers(address(port)), store, timeout_s=READY_S, remedy=f"its log is {store.log_file}")
    except BaseException:
        store.stop(timeout_s=STOP_S)
        raise
    return store


def address(port: int) -> str:
    """The URI of a store on loopback."""
    return f"mongodb://{LOOPBACK}:{port}"


def answers(uri: str) -> bool:
    """A store there answers a ping."""
    try:
        with pymongo.MongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=500) as client:
            client.admin.command("ping")
    except PyMongoError:
        return False
    return True


def serve(file: Path, *, port: int, jars: Path, java_home: Path) -> None:
    """Run the server in this process until SIGTERM or Ctrl-C."""
    import jpype

    library = next(java_home.glob("lib/**/libjvm.*"), None)
    jpype.startJVM(
        str(library) if library else jpype.getDefaultJVMPath(),
        "-Xmx160m", "-XX:+UseSerialGC", "-Xrs", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
        classpath=[f"{jars}/*"],
    )  # fmt: skip
    with stop_requested() as asked:
        store = jpype.JClass("org.h2.mvstore.MVStore$Builder")().fileName(str(file)).autoCommitDisabled().open()
        store.setRetentionTime(RETENTION_MS)
        backend = jpype.JClass("de.bwaldvogel.mongo.backend.h2.H2Backend")(store)
        backend.version(_version(jpype))
        server = jpype.JClass("de.bwaldvogel.mongo.MongoServer")(backend)
        server.bind(LOOPBACK, port)
        try:
            _commit_until(asked, store)
        finally:
            server.shutdownNow()
            if not store.isClosed():
                store.commit()
                store.sync()
                store.close()


def _commit_until(asked: threading.Event, store: Any) -> None:
    """Commit what has changed, sync it to the disk, and rewrite what is mostly outdated."""
    compacted = time.monotonic()
    while not asked.wait(COMMIT_EVERY_S):
        if not store.hasUnsavedChanges():
            continue
        store.commit()
        store.sync()
        if time.monotonic() - compacted > COMPACT_EVERY_S:
            store.compact(COMPACT_BELOW_PERCENT, COMPACT_BYTES)
            compacted = time.monotonic()


def _version(jpype: Any) -> Any:
    """A version current clients accept; the newest one the server itself knows is refused by them."""

    @jpype.JImplements("de.bwaldvogel.mongo.MongoVersion")
    class Version:
        @jpype.JOverride
        def getVersionArray(self) -> Any:  # noqa: N802 - Java's name
            numbers = jpype.JClass("java.util.ArrayList")()
            for number in (*SERVER_VERSION, 0):
                numbers.add(jpype.JClass("java.lang.Integer").valueOf(number))
            return numbers

        @jpype.JOverride
        def getWireVersion(self) -> int:  # noqa: N802 - Java's name
            return WIRE_VERSION

        @jpype.JOverride
        def toVersionString(self) -> str:  # noqa: N802 - Java's name
            return ".".join(map(str, SERVER_VERSION))

    return Version()


def main() -> None:
    """Entry of the program."""
    parser = argparse.ArgumentParser(description="The embedded document store.")
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--jars", type=Path, required=True)
    parser.add_argument("--java", type=Path, required=True)
    arguments = parser.parse_args()
    serve(arguments.file, port=arguments.port, jars=arguments.jars, java_home=arguments.java)


if __name__ == "__main__":
    main()
