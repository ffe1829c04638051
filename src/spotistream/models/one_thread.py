"""Products of small matrices are quicker on one thread, and several of ours run beside each other."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache

from threadpoolctl import ThreadpoolController


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()  # looks through the libraries of the process, which takes a millisecond


def one_thread() -> AbstractContextManager[object]:
    """Within the block the libraries of linear algebra use one thread for each of ours."""
    return _controller().limit(limits=1, user_api="blas")
