"""Blocks in which linear algebra keeps to one thread."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from spotistream.models.one_thread import OneThread, one_thread, stay_on_one_thread


def threads() -> set[int]:
    return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}


@pytest.fixture(autouse=True)
def two_threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(OneThread, "_blocks", 0)  # a stream started in this process stays in a block for good
    np.linalg.solve(np.eye(2), np.eye(2))  # so that the library is there
    with threadpool_limits(limits=2, user_api="blas"):
        yield


def test_the_outermost_block_decides() -> None:
    with one_thread():
        with one_thread():
            assert threads() == {1}
        assert threads() == {1}
    assert threads() == {2}


def test_a_block_that_ends_while_another_is_open_changes_nothing() -> None:
    first, second = one_thread(), one_thread()
    first.__enter__()
    second.__enter__()
    first.__exit__()
    assert threads() == {1}
    second.__exit__()
    assert threads() == {2}


def test_blocks_within_one_for_good_change_nothing() -> None:
    stay_on_one_thread()
    with one_thread():
        assert threads() == {1}
    assert threads() == {1}
