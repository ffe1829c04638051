"""``aria-`` and ``data-`` attributes of HTML elements."""

from __future__ import annotations

from typing import Any


def aria(**values: str) -> dict[str, Any]:
    return {f"aria-{name}": value for name, value in values.items()}


def data(**values: str | None) -> dict[str, Any]:
    """Those that have a value."""
    return {f"data-{name}": value for name, value in values.items() if value is not None}
