"""Products of small matrices are quicker on one thread, and several of ours run beside each other."""

from __future__ import annotations

import threading
from functools import cache
from typing import Any

from threadpoolctl import ThreadpoolController

_lock = threading.Lock()


class OneThread:
    """Within the block the libraries of linear algebra use one thread for each of ours.

    Blocks may lie in each other and beside each other in several threads: only the first that begins and the last that
    ends speak to the libraries, which takes milliseconds.
    """

    _blocks = 0
    _limiter: Any = None

    def __enter__(self) -> None:
        with _lock:
            if OneThread._blocks == 0:
                OneThread._limiter = _controller().limit(limits=1, user_api="blas")
            OneThread._blocks += 1

    def __exit__(self, *_: object) -> None:
        with _lock:
            OneThread._blocks -= 1
            if OneThread._blocks == 0:
                OneThread._limiter.restore_original_limits()


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()  # looks through the libraries of the process


def one_thread() -> OneThread:
    """A block within which libraries of linear algebra use one thread; a process may stay in one for good."""
    return OneThread()


def stay_on_one_thread() -> None:
    """From now on, for the life of the process: libraries that change their number of threads wait for work awake."""
    one_thread().__enter__()
