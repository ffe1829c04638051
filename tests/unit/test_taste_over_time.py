"""How shares of a listener's plays moved, and how the taste page says it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from player_fakes import MemoryStore, track

from dashboard.components.movements import moved, over_time, period_name
from dashboard.pages.taste import taste_body
from spotistream.serving.listening import Listen, Listening
from spotistream.serving.taste_over_time import (
    MOST_GROUPS,
    MOST_PERIODS,
    Movement,
    Period,
    TasteOverTime,
    heard_tracks,
    taste_over_time,
)
from spotistream.serving.topics import TopicPlace, TopicTile, TopicView

MONDAY = date(2026, 8, 3)
TRACKS = {
    each.track_id: each
    for each in (
        track(1, genre="Rock", artist="One", artist_id="one"),
        track(2, predicted_genre="Pop", artist="Two", artist_id="two"),
        track(3, artist_id=None),
    )
}
PLACES = {"demo:1": TopicPlace("7"), "demo:2": TopicPlace("8"), "demo:3": TopicPlace("9")}
TOPICS = (TopicTile("7", "Slow folk", 3), TopicTile("8", "Fast techno", 3))


def heard(*plays: tuple[int, int], ended: str | None = "complete") -> Listening:
    """Tracks by their numbers, each so many days after a Monday."""
    return Listening(
        history=tuple(
            Listen(f"{place}", f"demo:{number}", at=_ms(MONDAY + timedelta(days=days)), ended=ended)
            for place, (days, number) in enumerate(plays)
        )
    )


def _ms(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC).timestamp() * 1000)


def moves(listening: Listening) -> TasteOverTime | None:
    return taste_over_time(listening, TRACKS, PLACES, TOPICS)


def test_shares_are_of_the_plays_of_each_period_and_gaps_stay_gaps() -> None:
    found = moves(heard((0, 1), (0, 2), (2, 2), (3, 2), (3, 3)))

    assert found == TasteOverTime(
        "day",
        tuple(Period(MONDAY + timedelta(days=days), plays) for days, plays in ((0, 2), (1, 0), (2, 1), (3, 2))),
        topics=(
            Movement("8", "Fast techno", (0.5, None, 1.0, 0.5), 0.5, 2 / 3),
            Movement("7", "Slow folk", (0.5, None, 0.0, 0.0), 0.5, 0.0),
        ),
        genres=(
            Movement("Pop", "Pop", (0.5, None, 1.0, 0.5), 0.5, 2 / 3),
            Movement("Rock", "Rock", (0.5, None, 0.0, 0.0), 0.5, 0.0),
        ),
        artists=(
            Movement("two", "Two", (0.5, None, 1.0, 0.5), 0.5, 2 / 3),
            Movement("one", "One", (0.5, None, 0.0, 0.0), 0.5, 0.0),
        ),
    )


@pytest.mark.parametrize(
    ("days", "step", "periods", "first"),
    [
        (1, "day", 2, MONDAY),
        (11, "day", 12, MONDAY),
        (12, "week", 2, MONDAY),
        (83, "week", 12, MONDAY),
        (84, "month", 3, date(2026, 8, 1)),
        (800, "month", 12, date(2027, 11, 1)),
    ],
)
def test_periods_are_as_long_as_the_time_asks_for(days: int, step: str, periods: int, first: date) -> None:
    found = moves(heard((0, 1), (max(0, days - 40), 1), (days, 1)))

    assert found is not None
    assert (found.step, len(found.periods), found.periods[0].start) == (step, periods, first)
    assert len(found.periods) <= MOST_PERIODS
    assert sum(period.plays for period in found.periods) == (2 if days == 800 else 3)


@pytest.mark.parametrize(
    "listening",
    [Listening(), heard((0, 1), (0, 2)), heard((0, 1), (1, 9)), heard((0, 1), (1, 1), ended="skip")],
)
def test_one_period_of_plays_moves_nowhere(listening: Listening) -> None:
    assert moves(listening) is None


def test_skipped_tracks_are_not_asked_for() -> None:
    assert heard_tracks(heard((0, 1), (1, 2))) == ["demo:1", "demo:2"]
    assert heard_tracks(heard((0, 1), ended="skip")) == []


def test_only_the_most_played_are_shown() -> None:
    many = {f"demo:{n}": track(n, genre=f"Genre {n}") for n in range(1, 9)}
    found = taste_over_time(heard(*((n % 3, n) for n in range(1, 9)), (0, 8)), many, {}, ())

    assert found is not None
    assert [each.name for each in found.genres] == ["Genre 8", "Genre 1", "Genre 2", "Genre 3", "Genre 4"]
    assert len(found.artists) == MOST_GROUPS
    assert found.topics == ()


@pytest.mark.parametrize(
    ("before", "lately", "said"),
    [(0.1, 0.4, "Lately more Rock."), (0.4, 0.1, "Lately less Rock."), (0.4, 0.45, "Much as it was.")],
)
def test_what_moved_is_a_sentence(before: float, lately: float, said: str) -> None:
    assert moved(TasteOverTime("day", genres=(Movement("Rock", "Rock", (), before, lately),))) == said


def test_nothing_that_moved_is_a_sentence_too() -> None:
    assert moved(TasteOverTime("day")) == "Much as it was."


def test_periods_have_short_names() -> None:
    assert [period_name(step, MONDAY) for step in ("day", "week", "month")] == ["3 Aug", "3 Aug", "Aug 2026"]


def test_picture_has_names_for_screen_readers_and_a_table() -> None:
    shown = json.dumps(over_time(moves(heard((0, 1), (0, 2), (2, 2)))), default=lambda part: part.to_plotly_json())

    assert "Lately more Pop, less Rock." in shown
    assert "last 3 plays, day by day" in shown
    assert '"aria-label": "Rock: 50% of the plays in the first half, 0% in the second"' in shown
    assert '"/topic/7"' in shown
    assert '"/artist/one"' in shown
    assert '"/genre/rock"' in shown
    assert shown.count('"scope": "row"') == 7
    assert shown.count('"scope": "rowgroup"') == 3


def test_page_shows_it_from_what_the_store_keeps() -> None:
    store = MemoryStore(TRACKS.values(), topics=[TopicView(tile) for tile in TOPICS])
    store.heard, store.places = {"maya": heard((0, 1), (9, 2))}, PLACES
    shown = json.dumps(taste_body(store, "maya"), default=lambda part: part.to_plotly_json())  # type: ignore[arg-type]
    store.heard = {"maya": heard((0, 1))}
    first_day = json.dumps(taste_body(store, "maya"), default=lambda part: part.to_plotly_json())  # type: ignore[arg-type]

    assert "Fast techno" in shown
    assert "Listen on another day" in first_day
