"""Names of topics: what sets them apart, in words, no two the same."""

from __future__ import annotations

from typing import Any

import pytest

from spotistream.models.topic_names import (
    Name,
    Profile,
    description,
    in_running_text,
    names,
    telling_genres,
    told_apart,
)

SPREAD = {"tempo": 30.0, "brightness": 800.0, "energy": 0.08}


def profile(size: int = 10, *, parents: dict[str, str] | None = None, spread: dict[str, float] | None = None,
            genres: dict[str, int] | None = None, **middle: float) -> Profile:  # fmt: skip
    return Profile(size, genres or {}, middle, SPREAD if spread is None else spread, parents or {})


MUSIC = profile(
    100, genres={"Techno": 25, "Folk": 25, "Jazz": 25, "Ambient": 20, "Spoken": 5}, tempo=110.0, brightness=2000.0,
    energy=0.1,
)  # fmt: skip


def named(*profiles: Profile, around: Profile = MUSIC, nested: bool = False, kept: Any = None) -> list[str]:
    found = names(profiles, around, kept=kept or [None] * len(profiles), nested=nested)
    return [name.text for name in found]


def test_a_topic_is_named_by_its_genre_and_by_how_it_sounds() -> None:
    fast = profile(genres={"Techno": 9, "Jazz": 1}, tempo=140.0, brightness=3500.0, energy=0.11)
    calm = profile(genres={"Ambient": 5, "Folk": 5}, tempo=100.0, brightness=1900.0, energy=0.03)
    assert named(fast, calm) == ["Fast bright techno", "Calm ambient and folk"]


def test_a_genre_counts_by_how_much_more_frequent_it_is_than_around() -> None:
    around = profile(100, genres={"Rock": 60, "Folk": 10})
    assert telling_genres(profile(genres={"Rock": 6, "Folk": 4}), around) == ["Folk"]


def test_a_genre_of_few_of_the_tracks_does_not_name_them() -> None:
    assert telling_genres(profile(genres={"Techno": 8, "Spoken": 2}), MUSIC) == ["Techno"]
    assert telling_genres(profile(genres={"Spoken": 1}), MUSIC) == []


def test_of_a_genre_and_the_one_it_belongs_to_one_is_named() -> None:
    around = profile(100, genres={"Rock": 40, "Punk": 10, "Hardcore": 5})
    inside = profile(genres={"Rock": 9, "Punk": 8, "Hardcore": 2}, parents={"Punk": "Rock", "Hardcore": "Punk"})
    assert telling_genres(inside, around) == ["Punk"]


def test_measures_are_told_apart_by_the_spread_of_what_is_around() -> None:
    inside = profile(tempo=95.0, brightness=2000.0, energy=0.18)
    assert told_apart(inside, MUSIC) == [
        ("energy", pytest.approx(1.0)),
        ("tempo", pytest.approx(-0.5)),
        ("brightness", 0.0),
    ]


def test_without_genres_a_topic_is_named_by_its_sound_and_without_either_it_is_mixed() -> None:
    around = profile(100, tempo=110.0, brightness=2000.0, energy=0.1)
    slow = profile(tempo=70.0, brightness=900.0, energy=0.1)
    assert named(slow, profile(tempo=110.0, brightness=2000.0), profile(), around=around) == [
        "Slow dark music", "Mixed music", "Mixed music 2",
    ]  # fmt: skip


def test_measures_that_do_not_vary_are_no_reason_for_a_word() -> None:
    around = profile(100, tempo=110.0, spread={"tempo": 0.0})
    assert named(profile(tempo=140.0), around=around) == ["Mixed music"]


def test_two_topics_of_one_genre_get_names_of_their_own() -> None:
    small, middle, large = (
        profile(size, genres={"Jazz": size}, tempo=110.0, brightness=brightness, energy=0.1)
        for size, brightness in ((8, 2100.0), (10, 2100.0), (12, 2000.0))
    )
    assert named(small, middle, large) == ["Jazz 2", "Clear jazz", "Jazz"]


def test_a_part_is_named_by_how_it_differs_from_its_topic() -> None:
    topic = profile(40, genres={"Techno": 20, "Folk": 20}, tempo=110.0, brightness=2000.0, energy=0.1)
    darker = profile(genres={"Techno": 5, "Folk": 5}, tempo=90.0, brightness=1200.0, energy=0.1)
    techno = profile(genres={"Techno": 10}, tempo=110.0, brightness=2000.0, energy=0.2)
    same = profile(genres={"Techno": 5, "Folk": 5}, tempo=110.0, brightness=2000.0, energy=0.1)
    assert named(darker, techno, same, around=topic, nested=True) == [
        "Slower and darker",
        "Louder techno",
        "All the rest",
    ]


def test_a_name_stays_while_it_is_true_and_is_not_given_twice() -> None:
    had = Name("Fast techno", ("tempo=fast", "Techno"))
    drifted = profile(genres={"Techno": 2, "Jazz": 8}, tempo=125.0, brightness=2000.0, energy=0.1)
    newcomer = profile(9, genres={"Techno": 9}, tempo=145.0, brightness=2000.0, energy=0.1)
    first, second = named(drifted, newcomer, kept=[had, None])
    assert first == "Fast techno"
    assert second != first


@pytest.mark.parametrize(
    "inside",
    [profile(genres={"Jazz": 10}, tempo=145.0), profile(genres={"Techno": 10}, tempo=100.0)],
    ids=["the genre has gone", "the tempo is two steps off"],
)
def test_a_name_that_is_no_longer_true_is_replaced(inside: Profile) -> None:
    assert named(inside, kept=[Name("Fast techno", ("tempo=fast", "Techno"))]) != ["Fast techno"]


def test_a_description_says_genres_and_sound() -> None:
    inside = profile(20, genres={"Techno": 12, "Jazz": 7, "Spoken": 1}, tempo=129.6, brightness=3100.0, energy=0.15)
    assert description(inside) == "Techno (60%) and jazz (35%). 130 beats per minute, lively, bright and full."
    assert description(profile()) == ""


@pytest.mark.parametrize(
    ("genre", "text"),
    [("Drum & Bass", "drum & bass"), ("Hip-Hop", "hip-hop"), ("Soul-RnB", "soul-RnB"), ("IDM", "IDM"),
     ("Middle Eastern Pop", "Middle Eastern pop"), ("R&B", "R&B"), ("Música", "música")],
)  # fmt: skip
def test_genres_keep_capitals_that_mean_something(genre: str, text: str) -> None:
    assert in_running_text(genre) == text
