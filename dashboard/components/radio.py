"""Buttons that start a radio, and what the queue shows while one is on. ``assets/radio.js`` does it."""

from __future__ import annotations

from dash import html

from dashboard import ids
from dashboard.components.attributes import aria, data
from dashboard.components.icons import icon


def radio_button(kind: str, name: str, *, seed_id: str | None = None) -> html.Button:
    """Starts a radio from an artist, a topic or, without ``seed_id``, from "for you"."""
    return html.Button(
        [icon("radio"), "Start radio"],
        type="button",
        className="button quiet radio-start",
        **data(**{"radio": kind, "radio-id": seed_id, "radio-name": name}),
        **aria(label=f"Start radio from {name}"),
    )


def radio_part() -> html.Section:
    """``assets/radiopanel.js`` puts the dial in."""
    end = html.Button("End radio", id=ids.RADIO_END, type="button", className="text-button")
    return html.Section(
        [
            html.Div([icon("radio"), html.H3(id=ids.RADIO_FROM), end], className="radio-head"),
            html.Div(id=ids.RADIO_DIAL, className="radio-dial"),
        ],
        id=ids.RADIO,
        className="radio",
        hidden=True,
        **aria(labelledby=ids.RADIO_FROM),
    )
