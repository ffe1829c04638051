"""The map: the catalogue on a plane, what sounds alike near each other. ``assets/map.js`` draws it."""

from __future__ import annotations

from dash import html

from dashboard import ids
from dashboard.components.attributes import aria, data
from dashboard.components.messages import message, to_home
from spotistream.serving.store import DocumentStore


def map_page(store: DocumentStore) -> html.Div | html.Section:
    if store.map_edition() is None:
        text = "It is drawn from how tracks sound, by job map_tracks, once the catalogue has been analysed."
        return message("There is no map yet", text, way_on=to_home())
    buttons = html.Div(
        [
            _button("in", "+", "Closer"),
            _button("out", "\N{MINUS SIGN}", "Farther"),
            _button("all", "All", "The whole map"),
        ],
        className="map-buttons",
    )
    canvas = html.Canvas(
        id=ids.MAP_CANVAS,
        className="map-canvas",
        tabIndex="0",
        role="application",
        **aria(label="Map of the music", describedby="map-help"),
    )
    return html.Div(
        [
            html.H1("Map of the music", className="page-title"),
            html.P(
                "What sounds alike is near each other. Drag to move, scroll or pinch to come closer, click to play. "
                "By keyboard: arrows move, plus and minus change the distance, Enter plays what is in the middle.",
                id="map-help",
                className="page-note",
            ),
            html.Div(
                [
                    html.Div(
                        [
                            canvas,
                            buttons,
                            html.Div(className="map-tip", hidden=True),
                            html.P(className="map-said", role="status"),
                        ],
                        className="map-view",
                    ),
                    html.Div([_colours(), html.Div(className="map-legend")]),
                ],
                id=ids.MAP,
                className="map loading",
            ),
            html.Section(
                [
                    html.H2("In the middle", id="map-near"),
                    html.Div(className="map-list rows", **data(shelf="map"), role="list"),
                ],
                className="shelf",
                **aria(labelledby="map-near"),
            ),
        ]
    )


def _colours() -> html.Div:
    """The switch of what the dots are coloured by; ``assets/mapkinds.js`` makes it work."""
    kinds = [
        html.Button(words, type="button", className="map-kind", **data(colours=kind), **aria(pressed=pressed))
        for kind, words, pressed in (("genre", "Genres", "true"), ("topic", "Topics", "false"))
    ]
    return html.Div(
        [
            html.H2("Coloured by", id="map-colours", className="map-heading"),
            html.Div(kinds, className="map-kinds", role="group", **aria(labelledby="map-colours")),
            html.P(
                ["There are no topics yet. They are found by: ", html.Code("spotistream run find_topics")],
                className="map-note",
                hidden=True,
            ),
        ]
    )


def _button(what: str, words: str, label: str) -> html.Button:
    return html.Button(words, type="button", className="map-button", title=label, **aria(label=label), **data(map=what))
