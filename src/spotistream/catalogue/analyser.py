"""The child process that analyses files, ``python -m spotistream.catalogue.analyser FD``; guard.py owns it."""

from __future__ import annotations

import faulthandler
import resource
import sys
import traceback
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from spotistream.audio.decode import Clip
from spotistream.audio.features import features
from spotistream.audio.spec import spec_of
from spotistream.catalogue.analysis import analyse_file
from spotistream.catalogue.outcome import Settings

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
        _warm_up(settings)
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


def _warm_up(settings: Settings) -> None:
    """librosa's first calls take seconds: take them before the first file's time runs."""
    spec = spec_of(settings.preset)
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, spec.sr).astype(np.float32)
    features(Clip(noise, spec.sr, duration_s=1.0), spec=spec)


if __name__ == "__main__":
    main(int(sys.argv[1]))
