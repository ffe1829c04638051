"""The player at the foot of every page. ``assets/player.js`` gives it life; the markup is here."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard import ids, links
from dashboard.components.attributes import aria
from dashboard.components.icons import icon
from dashboard.components.queue_panel import mode_buttons
from dashboard.components.track_menu import menu_button


def player_bar() -> html.Footer:
    return html.Footer(
        [
            html.Audio(id=ids.AUDIO, preload="auto"),
            html.Audio(id=ids.AUDIO_SPARE, preload="auto"),
            _now_playing(),
            _controls(),
            _side(),
        ],
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
    dislike = _button(ids.PLAYER_DISLIKE, "not-for-me", "Not for me", className="dislike", **aria(pressed="false"))
    more = menu_button("the track that plays", what="playing", class_name="round player-more")
    return html.Div([cover, words, like, dislike, more], className="player-now")


def _controls() -> html.Div:
    shuffle, repeat = mode_buttons()
    buttons = html.Div(
        [
            shuffle,
            _button(ids.PLAYER_PREVIOUS, "previous", "Previous track"),
            _button(ids.PLAYER_TOGGLE, "play", "Play", className="toggle"),
            _button(ids.PLAYER_NEXT, "next", "Skip to the next track"),
            repeat,
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


def _side() -> html.Div:
    mute = _button(ids.PLAYER_MUTE, "volume", "Mute", **aria(pressed="false"))
    queue = _button(
        ids.PLAYER_QUEUE, "queue", "Queue", className="player-queue", **aria(expanded="false", controls=ids.QUEUE)
    )
    volume = html.Div([mute, html.Div(id=ids.VOLUME, className="slider")], className="player-volume")
    return html.Div([queue, volume], className="player-side")


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
