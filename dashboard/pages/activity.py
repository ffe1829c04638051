"""The activity page, for whoever runs the service: who listens, what they do, and how the recommendations fare."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from dashboard import ids, links
from dashboard.components.attributes import aria
from dashboard.components.bars import minute_bars, share_bar
from dashboard.components.messages import for_you_unavailable
from spotistream.errors import ServiceUnavailable
from spotistream.serving.activity import ActivityView, Fare
from spotistream.serving.store import DocumentStore

TICK_MS = 2000
RISING = 8
CHARTS = (("Plays", "play"), ("Skips", "skip"), ("Likes", "like"))


def activity_page() -> html.Div:
    """The frame; ``callbacks/activity.py`` fills it, now and every two seconds."""
    blank = html.Div(className="activity-blank", **aria(hidden="true"))
    return html.Div(
        [
            html.H1("Activity", className="page-title"),
            html.P("What happens on this service, live, counted over the last hour.", className="page-note"),
            html.Div(blank, id=ids.ACTIVITY, className="activity"),
            dcc.Interval(id=ids.ACTIVITY_TICK, interval=TICK_MS),
        ]
    )


def activity_figures(store: DocumentStore, view: ActivityView) -> list[Any]:
    return [
        html.Div(_figures(view), className="figures"),
        html.Div([minute_bars(name, view.minutes[action]) for name, action in CHARTS], className="charts"),
        html.Div([_fares(view), _rising(store, view)], className="activity-parts"),
    ]


def _figures(view: ActivityView) -> list[html.Div]:
    simulated = f"{view.simulated:,} of them simulated" if view.simulated else "in the last five minutes"
    measured = f"95 % within {_seconds(view.delay_p95_s)}" if view.delays else "not measured yet: play something"
    return [
        _figure("Listening now", f"{view.listeners:,}", simulated),
        _figure("Plays a minute", f"{view.per_minute['play']:.1f}", "mean of five minutes"),
        _figure("Skips a minute", f"{view.per_minute['skip']:.1f}", "mean of five minutes"),
        _figure("Likes a minute", f"{view.per_minute['like']:.1f}", "mean of five minutes"),
        _figure("From event to screen", _seconds(view.delay_p50_s), measured),
    ]


def _figure(name: str, value: str, note: str) -> html.Div:
    return html.Div(
        [
            html.Span(name, className="figure-name"),
            html.Strong(value, className="figure-value"),
            html.Span(note, className="figure-note"),
        ],
        className="figure-tile",
    )


def _fares(view: ActivityView) -> html.Section:
    head = html.Tr([html.Th(name, scope="col") for name in ("Tracks", "Plays", "Share of plays", "Skipped")])
    rows = [_fare("Recommended", view.recommended), _fare("Others", view.other)]
    note = "Recommended: ranked for the listener. Skipped: of those that ended."
    return html.Section(
        [
            html.H2("How recommendations fare", id="fares"),
            html.P(note, className="shelf-note"),
            html.Div(html.Table([html.Thead(head), html.Tbody(rows)], className="table"), className="table-frame"),
        ],
        **aria(labelledby="fares"),
    )


def _fare(name: str, fare: Fare) -> html.Tr:
    share = [html.Span(f"{fare.share:.0%}"), share_bar(fare.share)]
    skipped: Sequence[Any] = (
        ["none ended yet"] if fare.skipped is None else [html.Span(f"{fare.skipped:.0%}"), share_bar(fare.skipped)]
    )
    return html.Tr([html.Th(name, scope="row"), html.Td(f"{fare.plays:,}"), html.Td(share), html.Td(skipped)])


def _rising(store: DocumentStore, view: ActivityView) -> html.Section:
    """Tracks by their names; by nothing where the store is away, which the page survives."""
    heading = html.H2("Rising", id="rising")
    note = html.P("Plays in the last half hour, beside the half before it.", className="shelf-note")
    top = view.rising[:RISING]
    try:
        tracks = store.tracks(track_id for track_id, _, _ in top)
    except ServiceUnavailable:
        return html.Section([heading, for_you_unavailable()], **aria(labelledby="rising"))
    rows = [
        html.Tr(
            [
                html.Th(dcc.Link(tracks[each].name, href=links.track_page(each)), scope="row"),
                html.Td(tracks[each].by),
                html.Td(f"{before:,} \N{RIGHTWARDS ARROW} {after:,}"),
            ]
        )
        for each, before, after in top
        if each in tracks
    ]
    head = html.Tr([html.Th(name, scope="col") for name in ("Track", "Artist", "Plays")])
    body: Any = html.Div(html.Table([html.Thead(head), html.Tbody(rows)], className="table"), className="table-frame")
    if not rows:
        body = html.P("Nothing is played more than before.", className="empty")
    return html.Section([heading, note, body], **aria(labelledby="rising"))


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f} s"
