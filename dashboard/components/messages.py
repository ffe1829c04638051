"""What stands in place of a page that cannot be shown: friendly, and with a way on."""

from __future__ import annotations

from dash import dcc, html

from dashboard import links
from dashboard.components.icons import icon


def message(heading: str, text: str, *, way_on: str, href: str, kind: str = "note") -> html.Section:
    return html.Section(
        [icon(kind), html.H1(heading), html.P(text), dcc.Link(way_on, href=href, className="button", refresh=True)],
        className="message",
    )


def unavailable(pathname: str) -> html.Section:
    return message(
        "The music library is taking a break",
        "Its store does not answer. What is playing goes on, and nothing you did is lost.",
        way_on="Try again",
        href=pathname,
        kind="alert",
    )


def not_found() -> html.Section:
    return message(
        "This page does not exist", "The address may be misspelt.", way_on="Back to your music", href=links.HOME
    )


def no_such_track() -> html.Section:
    return message(
        "This track is not here", "It may have left the catalogue.", way_on="Back to your music", href=links.HOME
    )


def no_music() -> html.Section:
    return message(
        "No music yet",
        "Tracks appear here as soon as the catalogue has been read.",
        way_on="Look again",
        href=links.HOME,
    )


def for_you_unavailable() -> list[html.P]:
    text = "Your recommendations cannot be read just now. This shelf comes back on its own."
    return [html.P(text, className="empty", role="status")]
