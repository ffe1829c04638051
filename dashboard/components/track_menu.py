"""What can be done with a track beside playing it: a menu, and the buttons that open it."""

from __future__ import annotations

from dash import html

from dashboard import ids
from dashboard.components.attributes import aria, data
from dashboard.components.icons import icon

ITEMS = {
    "next": "Play next",
    "add": "Add to queue",
    "radio": "Start radio",
    "playlist": "Add to playlist …",
    "like": "Like",
    "dislike": "Not for me",
    "forget": "Forget this play",
}
"""What ``assets/trackmenu.js`` does, and how it is called."""


def track_menu() -> html.Div:
    items = [
        html.Button(label, type="button", role="menuitem", className="menu-item", tabIndex="-1", **data(do=does))
        for does, label in ITEMS.items()
    ]
    return html.Div(items, id=ids.TRACK_MENU, className="menu", role="menu", hidden=True)


def menu_button(about: str, *, what: str = "card", class_name: str = "card-menu") -> html.Button:
    """Opens the menu of the track whose ``[data-track]`` it stands in; with ``what="playing"`` of what plays."""
    return html.Button(
        icon("more"),
        type="button",
        title="More",
        className=class_name,
        **data(menu=what),
        **aria(label=f"More for {about}", haspopup="menu", expanded="false"),
    )
