"""The overview of keys. It is the only list of them: ``assets/keyboard.js`` reads from it what a key does."""

from __future__ import annotations

from dash import html

from dashboard import ids
from dashboard.components.attributes import aria, data

SHORTCUTS = (
    (" ", "Space", "toggle", "Play or pause"),
    ("n", "N", "next", "Next track"),
    ("p", "P", "previous", "Previous track, or back to its start"),
    ("ArrowLeft", "←", "back", "5 seconds back"),
    ("ArrowRight", "→", "forward", "5 seconds on"),
    ("+", "+", "louder", "Louder"),
    ("-", "−", "softer", "Softer"),
    ("m", "M", "mute", "Sound off or on"),
    ("l", "L", "like", "Like the track that plays"),
    ("d", "D", "dislike", "It is not for me"),
    ("s", "S", "shuffle", "Shuffle"),
    ("r", "R", "repeat", "Repeat: off, all, this track"),
    ("q", "Q", "queue", "Show or hide the queue"),
    ("", "/", "", "Search"),
    ("?", "?", "overview", "Show this overview"),
)
"""The browser's name of the key, the one on the keyboard, what it does, and that in words. The key of the search is the
search's own (``assets/search.js``)."""


def shortcuts() -> html.Dialog:
    rows = [
        html.Div([html.Dt(html.Kbd(shown)), html.Dd(words)], className="shortcut", **data(key=key, does=does))
        for key, shown, does, words in SHORTCUTS
    ]
    return html.Dialog(
        [
            html.H2("Keyboard", id="shortcuts-heading"),
            html.Dl(rows, className="shortcuts-list"),
            html.Div(id=ids.SHORTCUTS_USED, className="setting"),
            html.Div(
                html.Button("Close", id=ids.SHORTCUTS_CLOSE, type="button", className="button"),
                className="dialog-buttons",
            ),
        ],
        id=ids.SHORTCUTS,
        className="shortcuts",
        **aria(labelledby="shortcuts-heading"),
    )
