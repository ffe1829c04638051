"""Icons: pictures in ``assets/icons.css`` and ``player-icons.css``, drawn here: nothing is fetched from elsewhere."""

from __future__ import annotations

from dash import html

from dashboard.components.attributes import aria

NAMES = (
    *("play", "next", "previous", "heart", "volume", "listener", "logo", "note", "alert"),
    *("library", "plus", "upload", "download", "trash", "edit"),
    "theme",
    *("queue", "shuffle", "repeat", "more", "not-for-me", "close", "up", "down", "grip", "keyboard", "radio"),
)


def icon(name: str) -> html.Span:
    if name not in NAMES:
        raise ValueError(f"no icon {name!r}")
    return html.Span(className=f"icon icon-{name}", **aria(hidden="true"))
