"""The child process that analyses files, ``python -m spotistream.catalogue.analyser FD``; guard.py owns it."""

from __future__ import annotations

import faulthandler
import resource
import sys
import traceback
from multiprocessing.connection import Connection
from typing import Any

from spotistream.audio.spec import spec_of
from spotistream.audio.warm import warm_up
from spotistream.catalogue.analysis import analyse_file

Answer = tuple[dict[str, Any] | None, str | None]
READY = "ready"
MEMORY_BYTES = 6 << 30
ORPHAN_SECONDS = 10


def main(descriptor: int) -> None:
    """Answer each Task received with ``(row, None)``, or ``(None, traceback)`` for a bug, until the owner is gone.

    descriptor : int, open file descriptor of one end of a pipe; first comes ``(Settings, timeout in seconds)``
    """
    with Connection(descriptor) as owner:
        settings, timeout_s = owner.recv()
        _limit_memory()
        warm_up(spec_of(settings.preset))
        owner.send(READY)
        while True:
            try:
                task = owner.recv()
            except EOFError:
                return
            # The owner ends a child that hangs; should the owner be gone itself, the child does.
            faulthandler.dump_traceback_later(timeout_s + ORPHAN_SECONDS, exit=True)
            try:
                answer: Answer = analyse_file(task, settings=settings), None
            except Exception:
                answer = None, traceback.format_exc()
            faulthandler.cancel_dump_traceback_later()
            owner.send(answer)


def _limit_memory() -> None:
    """A file that claims to be enormous fails instead of taking the machine's memory."""
    if sys.platform == "linux":
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


if __name__ == "__main__":
    main(int(sys.argv[1]))
