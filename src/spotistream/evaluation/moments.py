"""Numbers and times as files spell them."""

from __future__ import annotations

import math
from datetime import UTC, datetime

MILLISECONDS_FROM = 1e11
"""A larger number is milliseconds: as seconds it would be after the year 5138."""


def as_number(cell: str) -> float | None:
    """A finite number; None where the cell is none.

    >>> as_number("1e3"), as_number("nan"), as_number("")
    (1000.0, None, None)
    """
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def as_seconds(cell: str) -> float | None:
    """Seconds since 1970 (UTC) from unix seconds, unix milliseconds or ISO 8601; None where it is none of them.

    Without a zone ISO times are UTC.

    >>> as_seconds("2009-05-04T23:08:57Z"), as_seconds("1241478537000"), as_seconds("2009-05-04 23:08:57")
    (1241478537.0, 1241478537.0, 1241478537.0)
    """
    number = as_number(cell)
    if number is not None:
        return number / 1000 if abs(number) >= MILLISECONDS_FROM else number
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
