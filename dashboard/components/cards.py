"""Track cards and the shelves they stand on.

A card carries what the player needs in ``data-`` attributes: ``assets/queue.js`` reads the queue from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dash import dcc, html

from dashboard import links
from dashboard.components.attributes import aria, data
from dashboard.components.icons import icon
from dashboard.components.messages import for_you_unavailable
from dashboard.components.track_menu import menu_button
from spotistream.events import iso_utc
from spotistream.serving.recommendations import Offer
from spotistream.serving.views import TrackView

FOR_YOU_SHELF = "for-you"
FOR_YOU_CARDS = 9
COVER_PX = 320


def card_data(track: TrackView, why: str | None = None) -> dict[str, Any]:
    """What a card shows, as JSON can carry it."""
    return {
        "track_id": track.track_id,
        "title": track.name,
        "artist": track.by,
        "artist_id": track.artist_id,
        "format": track.format,
        "lufs": track.loudness_lufs,
        "why": why,
    }


def offer_data(offer: Offer) -> dict[str, Any]:
    """An offer as the browser keeps it: cards of "for you", and the queue once the current one has ended."""
    return {
        "user_id": offer.user_id,
        "known": offer.known,
        "version": offer.version,
        "model_version": offer.model_version,
        "because": offer.because,
        "caused_at": iso_utc(offer.caused_at) if offer.caused_at else None,
        "tracks": [card_data(item.track, item.why) for item in offer.items],
    }


def with_fresh(offer: Mapping[str, Any], shown: Mapping[str, Any] | None) -> dict[str, Any]:
    """The offer with the ids of the cards that were not ``shown`` before; for another listener none are new."""
    cards = [card["track_id"] for card in offer["tracks"][:FOR_YOU_CARDS]]
    if shown is None or shown.get("user_id") != offer["user_id"] or "tracks" not in shown:
        fresh: list[str] = []
    elif shown["version"] == offer["version"]:
        fresh = [track_id for track_id in shown.get("fresh", ()) if track_id in cards]
    else:
        before = {card["track_id"] for card in shown["tracks"][:FOR_YOU_CARDS]}
        fresh = [track_id for track_id in cards if track_id not in before]
    return {**offer, "fresh": fresh}


def track_attributes(card: Mapping[str, Any]) -> dict[str, Any]:
    lufs = card.get("lufs")
    return data(
        track=card["track_id"],
        title=card["title"],
        artist=card["artist"],
        format=card["format"],
        lufs=None if lufs is None else f"{lufs:.1f}",
    )


def artist_of(card: Mapping[str, Any]) -> str | dcc.Link:
    """The artist, with a link to their page where there is one."""
    artist_id = card.get("artist_id")
    return dcc.Link(card["artist"], href=links.artist_page(artist_id)) if artist_id else card["artist"]


def track_card(card: Mapping[str, Any], *, fresh: bool = False) -> html.Article:
    """A card; ``fresh`` ones say that they were not there before."""
    image = html.Img(
        src=links.cover(card["track_id"]),
        alt="",
        width=str(COVER_PX),
        height=str(COVER_PX),
        className="card-cover",
    )
    label = f"Play {card['title']} by {card['artist']}"
    play = html.Button(icon("play"), type="button", className="card-play", **aria(label=label), **data(play="card"))
    new = html.Span("new", className="card-new") if fresh else None
    return html.Article(
        [
            html.Div([image, html.Span(className="equaliser", **aria(hidden="true")), new, play], className="card-art"),
            menu_button(f"{card['title']} by {card['artist']}"),
            html.Div(
                [
                    dcc.Link(card["title"], href=links.track_page(card["track_id"]), className="card-title"),
                    html.Div(artist_of(card), className="card-artist"),
                    html.Div(card["why"], className="card-why") if card["why"] else None,
                ],
                className="card-words",
            ),
        ],
        className="card",
        **track_attributes(card),
    )


def shelf_attributes(name: str, model_version: str | None) -> dict[str, Any]:
    return data(shelf=name, model=model_version)


def shelf(
    name: str, heading: str, tracks: Iterable[TrackView], *, model_version: str | None, note: str | None = None
) -> html.Section | None:
    """A heading over a grid of cards; nothing where there are no tracks."""
    return shelf_of_cards(name, heading, map(card_data, tracks), model_version=model_version, note=note)


def shelf_of_cards(
    name: str,
    heading: str,
    cards_data: Iterable[Mapping[str, Any]],
    *,
    model_version: str | None,
    note: str | None = None,
) -> html.Section | None:
    """The same of what ``card_data`` makes."""
    cards = [track_card(card) for card in cards_data]
    if not cards:
        return None
    heading_id = f"shelf-{name}"
    words = [html.H2(heading, id=heading_id), html.P(note, className="shelf-note") if note else None]
    return html.Section(
        [html.Div(words, className="shelf-head"), html.Div(cards, className="grid")],
        className="shelf",
        **aria(labelledby=heading_id),
        **shelf_attributes(name, model_version),
    )


def for_you_section(offer: Mapping[str, Any] | None) -> list[Any]:
    """The section "for you" in each of its states: not read yet, not to be read now, read."""
    if offer is None:
        return skeleton()
    return for_you(offer) if "tracks" in offer else [for_you_unavailable()]


def for_you(offer: Mapping[str, Any]) -> list[Any]:
    """What changed it, and the cards."""
    fresh = offer.get("fresh", ())
    cards = [track_card(card, fresh=card["track_id"] in fresh) for card in offer["tracks"][:FOR_YOU_CARDS]]
    if not cards:
        return [html.P("There is no music yet. Once tracks are in the catalogue they appear here.", className="empty")]
    grid = html.Div(cards, className="grid grid-feature", **shelf_attributes(FOR_YOU_SHELF, offer["model_version"]))
    return [for_you_note(offer), grid]


def for_you_note(offer: Mapping[str, Any]) -> html.P:
    if not offer["known"]:
        return html.P(
            [
                "New here? These are popular. ",
                dcc.Link("Choose what you like", href=links.WELCOME, className="invitation"),
                ", or play something, and this shelf follows your taste.",
            ],
            className="shelf-note",
        )
    if offer["because"]:
        count = len(offer.get("fresh", ()))
        new = f" \N{MIDDLE DOT} {count} new {'track' if count == 1 else 'tracks'}" if count else ""
        return html.P(
            ["Updated because ", html.Strong(offer["because"]), new], className="shelf-note because", role="status"
        )
    return html.P("Follows what you play, like and skip.", className="shelf-note")


def skeleton() -> list[Any]:
    """The shape of "for you" while it is being read, so that nothing jumps when it is there."""
    blank = html.Div(
        [html.Div(className="card-art"), html.Div(className="bone"), html.Div(className="bone short")],
        className="card skeleton",
    )
    return [
        html.P("Finding music for you …", className="shelf-note"),
        html.Div([blank] * FOR_YOU_CARDS, className="grid grid-feature", **aria(hidden="true")),
    ]
