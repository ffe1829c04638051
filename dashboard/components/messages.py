"""What stands in place of a page that cannot be shown: friendly, and with a way on."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import links
from dashboard.components.attributes import data
from dashboard.components.icons import icon


def message(heading: str, text: str, *, way_on: Component, kind: str = "note") -> html.Section:
    return html.Section([icon(kind), html.H1(heading), html.P(text), way_on], className="message")


def try_again(label: str = "Try again") -> html.Button:
    return html.Button(label, type="button", className="button", **data(retry="page"))


def to_home() -> dcc.Link:
    return dcc.Link("Back to your music", href=links.HOME, className="button")


def unavailable() -> html.Section:
    return message(
        "The music library is taking a break",
        "Its store does not answer. What is playing goes on, and nothing you did is lost.",
        way_on=try_again(),
        kind="alert",
    )


def not_found() -> html.Section:
    return message("This page does not exist", "The address may be misspelt.", way_on=to_home())


def no_such_track() -> html.Section:
    return message("This track is not here", "It may have left the catalogue.", way_on=to_home())


def no_such_topic() -> html.Section:
    text = "Topics follow the catalogue: what was in it may be in another one now."
    return message("This topic is not here", text, way_on=to_home())


def no_such_group(kind: str) -> html.Section:
    """kind : artist, album or genre"""
    text = "It may have left the catalogue with its last track, or come into it a moment ago."
    return message(f"This {kind} is not here", text, way_on=to_home())


def catalogue_is_read() -> html.Section:
    text = "The player has just started and reads the names of all tracks. That takes some seconds."
    return message("One moment", text, way_on=try_again("Look again"))


def no_music() -> html.Section:
    text = "Tracks appear here as soon as the catalogue has been read."
    return message("No music yet", text, way_on=try_again("Look again"))


def for_you_unavailable() -> html.P:
    text = "Your recommendations cannot be read just now. This shelf comes back on its own."
    return html.P(text, className="empty", role="status")
