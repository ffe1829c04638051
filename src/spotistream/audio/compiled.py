"""Compiling the few loops that numpy has no word for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """The function as machine code, made at its first call and kept on disk for the processes that come after.

    numba keeps it beside the source file, or in the user's cache folder where that cannot be written. Products and sums
    may be fused; nothing else about floats is relaxed.
    """
    return _compiled(function, {"contract"})


def compiled_sums(function: Function) -> Function:
    """The same for loops whose sums may be taken in any order, which is eight times as fast: eight at a time."""
    return _compiled(function, {"contract", "reassoc", "nsz"})


def _compiled(function: Function, fastmath: set[str]) -> Function:
    return cast(Function, njit(function, cache=True, nogil=True, error_model="numpy", fastmath=fastmath))
