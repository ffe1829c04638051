"""Which candidates of a radio come next."""

from __future__ import annotations

import pytest

from spotistream.serving.radio import Feedback
from spotistream.serving.radio_ranking import (
    Candidate,
    Relevance,
    anchors,
    in_seed,
    near_anchors,
    noise,
    ranked,
    score,
    spread,
    together,
    wanted,
)
from spotistream.serving.views import Scored, SimilarTracks


def lists(by_listeners: str = "", by_sound: str = "") -> SimilarTracks:
    """Of tracks whose ids are single letters."""
    listeners, sound = (tuple(Scored(each, 0.5) for each in ids) for ids in (by_listeners, by_sound))
    return SimilarTracks(by_sound=sound, by_listeners=listeners)


def candidates(artists: str) -> list[Candidate]:
    """A track for each letter, which is its artist."""
    return [Candidate(f"{artist}{place}", artist, Relevance()) for place, artist in enumerate(artists)]


def test_seeds_heard_and_liked_tracks_weigh_for_and_skipped_ones_against_less_with_age() -> None:
    found = anchors(["s", "t", "u", "v"], Feedback(heard=("a", "b"), liked=("c",), skipped=("d", "e"), disliked=("f",)))

    assert found == pytest.approx(
        {"s": 0.5, "t": 0.5, "u": 0.5, "v": 0.5, "b": 0.5, "a": 0.4, "c": 0.75, "f": -1.0, "e": -0.8, "d": -0.64}
    )


def test_only_the_newest_feedback_counts() -> None:
    found = anchors([], Feedback(skipped=tuple("abcdefghijkl")))

    assert sorted(found) == list("cdefghijkl")


def test_neighbours_count_by_their_places_in_each_list() -> None:
    found = near_anchors({"s": 1.0, "t": 0.5}, {"s": lists("ab", "b"), "t": lists("b")})

    assert found["a"] == pytest.approx((1.0, 0.0, 0.0))
    assert found["b"] == pytest.approx((10 / 11 + 0.5, 1.0, 0.0))


def test_neighbours_of_a_skipped_track_have_the_greater_of_both_lists_against_them() -> None:
    found = near_anchors({"s": -1.0}, {"s": lists("ab", "b")})

    assert found == {"a": (0.0, 0.0, 1.0), "b": (0.0, 0.0, 1.0)}
    assert wanted(found["a"]) == -1.0


def test_what_speaks_for_a_track_adds_up() -> None:
    assert together({"a": Relevance(1, 2, 3)}, {"a": Relevance(1, 1, 1), "b": Relevance(0, 1, 0)}) == {
        "a": (2, 3, 4),
        "b": (0, 1, 0),
    }
    assert in_seed(["a", "b"])["b"] == pytest.approx((10 / 11, 10 / 11, 0))


def test_the_dial_weighs_listeners_popularity_and_the_known_against_sound_rarity_and_other_artists() -> None:
    familiar = Candidate("a", "x", Relevance(1.0, 0.0), popularity=1.0, known=True, known_artist=True)
    new = Candidate("b", "y", Relevance(0.0, 1.0), popularity=0.0)

    assert [score(familiar, dial=dial) for dial in (0.0, 1.0)] == pytest.approx([1.8, 0.0])
    assert [score(new, dial=dial) for dial in (0.0, 1.0)] == pytest.approx([0.0, 1.7])
    assert score(familiar, dial=0.5) == pytest.approx(0.9)


@pytest.mark.parametrize("dial", [0.0, 0.5, 1.0])
def test_what_speaks_against_a_track_counts_wherever_the_dial_stands(dial: float) -> None:
    near, unwanted = Candidate("a", "x", Relevance(1, 1)), Candidate("a", "x", Relevance(1, 1, 1))

    assert score(near, dial=dial) - score(unwanted, dial=dial) == pytest.approx(1.0)


def test_two_radios_differ_and_one_stays_as_it_is() -> None:
    alike = candidates("abcdefgh")
    first, again, other = (ranked(order, dial=0.5, number=number) for order, number in
                           ((alike, 1), (alike[::-1], 1), (alike, 2)))  # fmt: skip

    assert first == again
    assert first != other
    assert sorted(each.track_id for each in first) == sorted(each.track_id for each in other)


def test_chance_is_small_beside_a_neighbour() -> None:
    drawn = [noise(f"t{number}", 1) for number in range(2_000)]

    assert sum(drawn) / len(drawn) == pytest.approx(0.08 * 0.5772, abs=0.02)
    assert sum(each > 0.6 for each in drawn) <= 3


def test_no_artist_within_three_tracks_of_its_last_one() -> None:
    assert spread(candidates("aaabcd"), after=[], count=6) == ["a0", "b3", "c4", "d5", "a1", "a2"]
    assert spread(candidates("aabbcd"), after=["x", "a"], count=4) == ["b2", "c4", "d5", "a0"]


def test_an_artist_comes_again_where_there_is_no_other() -> None:
    assert spread(candidates("aab"), after=["b", "a"], count=3) == ["b2", "a0", "a1"]
