"""The panel of what plays next, and how it plays. ``assets/queuepanel.js`` fills the lists."""

from __future__ import annotations

from dash import html

from dashboard import ids
from dashboard.components.attributes import aria, data
from dashboard.components.icons import icon
from dashboard.components.radio import radio_part

EMPTY = "Nothing is in the queue. Choose “Play next” or “Add to queue” in the menu of a track."


def queue_panel() -> html.Aside:
    return html.Aside(
        [
            html.Div([html.H2("Queue", id="queue-heading"), _head_buttons()], className="queue-head"),
            html.Div(
                [
                    radio_part(),
                    html.P(EMPTY, id=ids.QUEUE_EMPTY, className="shelf-note"),
                    html.Ol(id=ids.QUEUE_AHEAD, className="queue-list", **aria(label="Next")),
                    html.H3("Then, for you", id=ids.QUEUE_AFTER_HEADING),
                    html.Ol(id=ids.QUEUE_AFTER, className="queue-list", **aria(label="Then, for you")),
                ],
                className="queue-lists",
            ),
            _playback(),
            html.Div(id=ids.QUEUE_SAID, className="unseen", role="status"),
        ],
        id=ids.QUEUE,
        className="queue",
        hidden=True,
        **aria(labelledby="queue-heading"),
    )


def _playback() -> html.Div:
    """How tracks are played. ``assets/playback.js`` puts the controls in."""
    overview = html.Button(
        [icon("keyboard"), "Keys"],
        id=ids.SHORTCUTS_OPEN,
        type="button",
        className="text-button",
        **aria(label="Keyboard shortcuts", haspopup="dialog"),
    )
    return html.Div(
        [
            html.Div([html.Div(id=ids.PLAYBACK_LEVELLED, className="setting"), overview], className="playback-row"),
            html.Div(id=ids.PLAYBACK_CROSSFADE, className="playback-row"),
        ],
        className="playback",
    )


def mode_buttons() -> list[html.Button]:
    """Shuffle and repeat; they may stand in several places."""
    return [_mode("shuffle", "Shuffle"), _mode("repeat", "Repeat is off")]


def _head_buttons() -> html.Div:
    clear = html.Button(
        "Clear", id=ids.QUEUE_CLEAR, type="button", className="text-button", **aria(label="Clear the queue")
    )
    close = html.Button(
        icon("close"), id=ids.QUEUE_CLOSE, type="button", className="small-round", **aria(label="Close the queue")
    )
    return html.Div([*mode_buttons(), clear, close], className="queue-buttons")


def _mode(name: str, label: str) -> html.Button:
    return html.Button(
        icon(name),
        type="button",
        title=label,
        className="small-round mode",
        **data(mode=name),
        **aria(label=label, pressed="false"),
    )
