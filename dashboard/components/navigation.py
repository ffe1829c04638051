"""The links in the header, and the switch between dark and light."""

from __future__ import annotations

from dash import dcc, html

from dashboard import links
from dashboard.components.attributes import aria, data
from dashboard.components.icons import icon

PAGES = (
    ("Home", links.HOME),
    ("Map", links.MAP),
    ("Library", links.LIBRARY),
    ("Taste", links.TASTE),
    ("Activity", links.ACTIVITY),
)


def navigation() -> html.Nav:
    """``assets/navigation.js`` marks where we are."""
    found = [dcc.Link(name, href=address, className="nav-link") for name, address in PAGES]
    return html.Nav(found, className="nav", **aria(label="Pages of the player"))


def theme_switch() -> html.Button:
    label = "Change between dark and light"
    return html.Button(
        icon("theme"),
        type="button",
        className="round theme-switch",
        title=label,
        **aria(label=label),
        **data(theme="switch"),
    )
