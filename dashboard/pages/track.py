"""The page of one track: what it is, how it sounds, and what is like it."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard import links
from dashboard.components.attributes import aria, data
from dashboard.components.cards import card_data, shelf, shelf_attributes, track_attributes
from dashboard.components.facts import described, facts
from dashboard.components.icons import icon
from dashboard.components.messages import no_such_track
from dashboard.components.spectrogram import spectrogram
from dashboard.components.track_menu import menu_button
from dashboard.components.waveform import waveform
from dashboard.words import features
from spotistream.names import genre_id
from spotistream.serving.store import DocumentStore
from spotistream.serving.topics import TopicTile
from spotistream.serving.views import Scored, TrackView

SIMILAR_CARDS = 6


def track_page(store: DocumentStore, track_id: str, *, analysed_s: float) -> html.Div | html.Section:
    """The track, its features in words, pictures of its sound, and its neighbours by sound and by listeners.

    analysed_s : of longer tracks only their middle of this length is analysed, seconds
    """
    similar = store.similar(track_id)
    near = (*similar.by_sound, *similar.by_listeners)
    tracks = store.tracks([track_id, *(entry.track_id for entry in near)])
    track = tracks.get(track_id)
    if track is None:
        return no_such_track()

    def neighbours(entries: tuple[Scored, ...]) -> list[TrackView]:
        known = [tracks[entry.track_id] for entry in entries if entry.track_id in tracks]
        return [each for each in known if each.playable and each.track_id != track_id][:SIMILAR_CARDS]

    version = similar.model_version
    return html.Div(
        [
            _hero(track, _topics(store, track_id)),
            _sound(track, analysed_s=analysed_s),
            shelf("similar-by-sound", f"Sounds like {track.name}", neighbours(similar.by_sound), model_version=version),
            shelf(
                "similar-by-listeners",
                f"Liked by listeners of {track.name}",
                neighbours(similar.by_listeners),
                model_version=version,
            ),
        ]
    )


def _topics(store: DocumentStore, track_id: str) -> tuple[TopicTile, ...]:
    """The topic of the track and the part of it, as many as are known."""
    place = store.topic_places([track_id]).get(track_id)
    topic = store.topic(place.music_topic_id) if place else None
    if place is None or topic is None:
        return ()
    return (topic.tile, *(part for part in topic.parts if part.music_topic_id == place.music_subtopic_id))


def _hero(track: TrackView, topics: tuple[TopicTile, ...]) -> html.Section:
    cover = html.Img(
        src=links.cover(track.track_id), alt=f"Cover of {track.name}", width="320", height="320", className="hero-cover"
    )
    words = html.Div(
        [
            html.P(_genre(track), className="eyebrow"),
            html.H1(track.name),
            html.P(_by_line(track), className="by-line"),
            _actions(track),
            described(features(track)),
            facts(track, topics),
        ],
        className="hero-words",
    )
    return html.Section(
        [cover, words], className="hero", **track_attributes(card_data(track)), **shelf_attributes("track", None)
    )


def _genre(track: TrackView) -> str | dcc.Link:
    """The genre with a link to its page; a predicted one has none."""
    if not track.genre:
        return track.genre_label or "Track"
    return dcc.Link(track.genre, href=links.genre_page(genre_id(track.genre)))


def _by_line(track: TrackView) -> list[Any]:
    """Artist, album and year, the first two with links to their pages."""
    artist = dcc.Link(track.by, href=links.artist_page(track.artist_id)) if track.artist_id else track.by
    parts: list[Any] = [artist]
    if track.album:
        album = dcc.Link(track.album, href=links.album_page(track.album_id)) if track.album_id else track.album
        parts += [" · ", album]
    return [*parts, f" · {track.year}"] if track.year else parts


def _actions(track: TrackView) -> html.Div:
    if not track.playable:
        return html.Div(html.P("There is no audio of this track here.", className="shelf-note"), className="actions")
    label = [icon("play"), html.Span("Play", className="verb")]
    play = {**data(play="hero"), **aria(label=f"Play {track.name}")}
    like = {**data(like=track.track_id), **aria(pressed="false", label=f"Like {track.name}")}
    add = {**data(library="add"), **aria(label=f"Add {track.name} to a playlist", haspopup="dialog")}
    return html.Div(
        [
            html.Button(label, type="button", className="button hero-play", **play),
            html.Button(icon("heart"), type="button", className="round like", title="Like", **like),
            html.Button(icon("plus"), type="button", className="round", title="Add to a playlist", **add),
            menu_button(track.name, class_name="round"),
        ],
        className="actions",
    )


def _sound(track: TrackView, *, analysed_s: float) -> html.Section | None:
    """Pictures of the sound, where there are some."""
    parts = [part for part in (waveform(track), spectrogram(track, analysed_s=analysed_s)) if part is not None]
    if not parts:
        return None
    heading = html.H2("How it sounds", id="sound-heading", className="unseen")
    return html.Section(
        [heading, *parts],
        className="sound",
        **aria(labelledby="sound-heading"),
        **track_attributes(card_data(track)),
        **shelf_attributes("track", None),
    )
