"""Ranges of settings in which tuning looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Choice:
    """One of some values."""

    values: tuple[Any, ...]


@dataclass(frozen=True)
class Span:
    """A number from ``low`` to ``high``, both included; ``log``: evenly over its logarithm; ``whole``: an integer."""

    low: float
    high: float
    log: bool = False
    whole: bool = False


Space = Mapping[str, Choice | Span]
"""setting -> where to look"""
