"""What a listener seems to like, and how the taste page says it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from player_fakes import MemoryStore, track

from dashboard.pages.taste import summary, taste_body
from spotistream.serving.listening import Listen, Listening, Opinion
from spotistream.serving.taste import Taste, taste_of, weights_of
from spotistream.serving.topics import TopicTile, TopicView

ROCK = {"genre": "Rock", "artist": "One", "artist_id": "one"}
POP = {"predicted_genre": "Pop", "artist": "Two", "artist_id": "two"}
TRACKS = [track(1, **ROCK), track(2, **ROCK), track(3, **POP), track(4, artist_id=None)]


def listen(number: int, *, ended: str | None = "complete", key: int = 0) -> Listen:
    return Listen(f"listen-{number}-{key}", f"demo:{number}", at=1, ended=ended)


def opinion(number: int, action: str) -> Opinion:
    return Opinion(f"demo:{number}", action, at=1, event_id=f"{action}-{number}")


def test_newer_listens_likes_and_skips_make_the_weights() -> None:
    listening = Listening(
        history=(listen(1), listen(2, ended="skip"), listen(3), listen(1, key=1)),
        opinions=(opinion(3, "like"), opinion(2, "unlike")),
    )

    assert weights_of(listening) == pytest.approx({"demo:3": 0.97**2 + 2.0, "demo:1": 1 + 0.97**3})


def test_track_that_is_not_for_the_listener_speaks_for_nothing() -> None:
    listening = Listening(history=(listen(1),), opinions=(opinion(1, "dislike"),))
    taste = taste_of(listening, {each.track_id: each for each in TRACKS})

    assert taste == Taste(disliked=("demo:1",))


def test_genres_and_artists_share_what_their_tracks_weigh() -> None:
    listening = Listening(opinions=tuple(opinion(number, "like") for number in (1, 2, 3, 4, 9)))
    taste = taste_of(listening, {each.track_id: each for each in TRACKS})

    assert [(each.name, each.share, each.track_ids) for each in taste.genres] == [
        ("Rock", pytest.approx(2 / 3), ("demo:1", "demo:2")),
        ("Pop", pytest.approx(1 / 3), ("demo:3",)),
    ]
    assert [(each.id, each.name) for each in taste.artists] == [("one", "One"), ("two", "Two")]
    assert taste.tracks == ("demo:1", "demo:2", "demo:3", "demo:4")


class ListeningStore(MemoryStore):
    def __init__(self, listening: Listening, **known: Any) -> None:
        super().__init__(TRACKS, **known)
        self.kept = listening

    def listening(self, user_id: str) -> Listening:
        self.ping()
        return self.kept


def text(store: MemoryStore, user_id: str | None = "maya") -> str:
    return json.dumps(taste_body(store, user_id), default=lambda part: part.to_plotly_json())


def test_page_says_the_taste_and_has_a_switch_for_each_artist_and_track() -> None:
    shown = text(ListeningStore(Listening(history=(listen(1), listen(3)), opinions=(opinion(2, "dislike"),))))

    assert "Mostly Rock and Pop, going by 2 tracks." in shown
    assert '"/artist/one"' in shown
    assert '"/genre/pop"' in shown
    assert "One is not for me" in shown
    assert "Offer Song 2 again" in shown


def test_topics_of_the_reasons_are_named() -> None:
    reason = {"code": "popular_in_topic", "music_topic_id": "7"}
    table = {"version": 1, "recommendations": [{"rank": 1, "track_id": "demo:2", "score": 1.0, "reason": reason}]}
    topics = [TopicView(TopicTile("7", "Slow folk", 3)), TopicView(TopicTile("8", "Fast punk", 3))]
    shown = text(ListeningStore(Listening(history=(listen(1),)), recommendations={"maya": table}, topics=topics))

    assert "Slow folk" in shown
    assert "Fast punk" not in shown


def test_newcomer_is_told_what_to_do() -> None:
    assert "choose what you like" in text(ListeningStore(Listening()))
    assert "Reading" in text(ListeningStore(Listening()), None)


def test_store_that_is_away_is_said() -> None:
    store = ListeningStore(Listening())
    store.away = True

    assert "cannot be read just now" in text(store)


def test_taste_without_genres_is_still_a_sentence() -> None:
    assert summary(Taste(tracks=("demo:4",))) == "It rests on one track."
