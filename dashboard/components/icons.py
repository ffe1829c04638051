"""Icons: the pictures are in ``assets/icons.css``, drawn here, so that nothing is fetched from elsewhere."""

from __future__ import annotations

from dash import html

from dashboard.components.attributes import aria

NAMES = ("play", "next", "previous", "heart", "volume", "listener", "logo", "note", "alert")


def icon(name: str) -> html.Span:
    if name not in NAMES:
        raise ValueError(f"no icon {name!r}")
    return html.Span(className=f"icon icon-{name}", **aria(hidden="true"))
