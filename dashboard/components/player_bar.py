"""The player at the foot of every page. ``assets/player.js`` gives it life; the markup is here."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard import ids, links
from dashboard.components.attributes import aria
from dashboard.components.icons import icon


def player_bar() -> html.Footer:
    return html.Footer(
        [html.Audio(id=ids.AUDIO, preload="auto"), _now_playing(), _controls(), _volume()],
        id=ids.PLAYER,
        className="player",
        **aria(label="Player"),
    )


def _now_playing() -> html.Div:
    words = html.Div(
        [
            dcc.Link("Nothing is playing", href=links.HOME, id=ids.PLAYER_TITLE, className="player-title"),
            html.Div("Pick something you like", id=ids.PLAYER_ARTIST, className="player-artist"),
        ],
        className="player-words",
    )
    cover = html.Div(html.Img(id=ids.PLAYER_COVER, alt="", width="56", height="56"), className="player-cover")
    like = _button(ids.PLAYER_LIKE, "heart", "Like", className="like", **aria(pressed="false"))
    return html.Div([cover, words, like], className="player-now")


def _controls() -> html.Div:
    buttons = html.Div(
        [
            _button(ids.PLAYER_PREVIOUS, "previous", "Previous track"),
            _button(ids.PLAYER_TOGGLE, "play", "Play", className="toggle"),
            _button(ids.PLAYER_NEXT, "next", "Skip to the next track"),
        ],
        className="player-buttons",
    )
    seek = html.Div(
        [
            html.Span("0:00", id=ids.SEEK_NOW, className="time"),
            html.Div(id=ids.SEEK, className="slider"),
            html.Span("0:00", id=ids.SEEK_TOTAL, className="time"),
        ],
        className="player-seek",
    )
    return html.Div([buttons, seek], className="player-controls")


def _volume() -> html.Div:
    mute = _button(ids.PLAYER_MUTE, "volume", "Mute", **aria(pressed="false"))
    return html.Div([mute, html.Div(id=ids.VOLUME, className="slider")], className="player-volume")


def _button(component_id: str, picture: str, label: str, *, className: str = "", **attributes: Any) -> html.Button:  # noqa: N803
    return html.Button(
        icon(picture),
        id=component_id,
        type="button",
        title=label,
        className=f"round {className}".rstrip(),
        **aria(label=label),
        **attributes,
    )
