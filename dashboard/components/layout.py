"""The frame that stays while pages change: header, page, player, and the stores the scripts and callbacks share."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard import ids, links
from dashboard.components.attributes import aria, data
from dashboard.components.icons import icon
from dashboard.components.navigation import navigation, theme_switch
from dashboard.components.player_bar import player_bar
from dashboard.components.queue_panel import queue_panel
from dashboard.components.shortcuts import shortcuts
from dashboard.components.track_menu import track_menu

TICK_MS = 15_000


def root() -> html.Div:
    return html.Div(
        [
            html.A("Skip to the music", href=f"#{ids.MAIN}", className="skip-link"),
            *_state(),
            _header(),
            html.Main([html.Div(id=ids.PAGE, className="page"), track_menu()], id=ids.MAIN, tabIndex="-1"),
            _who_is_listening(),
            html.Div(id=ids.TOAST, className="toast", role="status", **aria(live="polite")),
            queue_panel(),
            player_bar(),
            shortcuts(),
        ],
        className="app",
    )


def _state() -> list[Any]:
    return [
        dcc.Location(id=ids.URL, refresh="callback-nav"),
        dcc.Interval(id=ids.TICK, interval=TICK_MS, disabled=True),
        *(dcc.Store(id=each) for each in (ids.LISTENER, ids.LIVE, ids.OFFER, ids.SHOWN, ids.RECENT, ids.RETRY)),
        *(dcc.Store(id=each) for each in (ids.LIBRARY_CHANGED, ids.PLAYLIST_ORDER, ids.WELCOME_OFFER)),
        *(dcc.Store(id=each) for each in (ids.SCREEN, ids.TASTE_CHANGED)),
        dcc.Store(id=ids.BOOT, data=True),
    ]


def _header() -> html.Header:
    brand = dcc.Link([icon("logo"), html.Span("spotistream")], href=links.HOME, className="brand")
    chip = html.Button(
        [icon("listener"), html.Span("…", id=ids.LISTENER_CHIP)],
        type="button",
        className="chip",
        title="Who is listening",
        **data(who="open"),
        **aria(haspopup="dialog"),
    )
    search = html.Div(id=ids.SEARCH, className="search")
    return html.Header([brand, navigation(), search, theme_switch(), chip], className="header")


def _who_is_listening() -> html.Dialog:
    return html.Dialog(
        [
            html.H2("Who is listening?", id="who-heading"),
            html.P("Recommendations belong to a listener. Any name works: letters, digits, dot, dash, underscore."),
            html.Form(
                [
                    html.Label("Listener", htmlFor=ids.WHO_INPUT),
                    dcc.Input(
                        id=ids.WHO_INPUT, type="text", maxLength=64, autoComplete="off", placeholder="for example maya"
                    ),
                    html.P(id="who-problem", className="problem", role="alert"),
                    html.Div(id=ids.WHO_SUGGESTIONS, className="suggestions"),
                    html.Div(
                        [
                            html.Button("Cancel", type="button", className="button quiet", **data(who="close")),
                            html.Button("Listen", type="submit", className="button"),
                        ],
                        className="dialog-buttons",
                    ),
                ],
                id="who-form",
            ),
        ],
        id=ids.WHO,
        className="who",
        **aria(labelledby="who-heading"),
    )
