"""Times in words for people."""

from __future__ import annotations

from datetime import UTC, datetime

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400
WEEK_DAYS = 7


def ago(at_ms: int, *, now_ms: int) -> str:
    """``5 minutes ago``, ``yesterday``, ``3 Mar 2026``. Milliseconds since 1970; what is ahead is now."""
    seconds = max(0, now_ms - at_ms) // 1000
    if seconds < MINUTE_S:
        return "just now"
    if seconds < HOUR_S:
        return _counted(seconds // MINUTE_S, "minute")
    if seconds < DAY_S:
        return _counted(seconds // HOUR_S, "hour")
    if seconds < WEEK_DAYS * DAY_S:
        days = seconds // DAY_S
        return "yesterday" if days == 1 else _counted(days, "day")
    moment = datetime.fromtimestamp(at_ms / 1000, UTC)
    return f"{moment.day} {moment:%b %Y}"


def together(seconds: float) -> str:
    """How long several tracks last: ``42 minutes``, ``2 h 5 min``."""
    minutes = round(seconds / MINUTE_S)
    hours, rest = divmod(minutes, 60)
    if hours:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return "1 minute" if minutes <= 1 else f"{minutes} minutes"


def _counted(number: int, what: str) -> str:
    return f"1 {what} ago" if number == 1 else f"{number} {what}s ago"
