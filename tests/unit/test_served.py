"""The blended model on catalogues whose answer is obvious."""

from __future__ import annotations

import numpy as np
from model_fixtures import served_model

from spotistream.models.served import ServedModel
from spotistream.models.tables_of_listeners import recommend, top_tracks
from spotistream.models.taste import Taste

N = 12
CAMP = np.eye(2, dtype=np.float32)[np.arange(N) % 2]


def model(**changes: object) -> ServedModel:
    """Two camps of six tracks: even ones share factors and sound, odd ones too; a different artist each."""
    facts = {"factors": CAMP, "sounds": CAMP, "popularity": np.linspace(0.5, 0.0, N)}
    return served_model([f"t:{i:02}" for i in range(N)], **facts | changes)


def likes(*track_ids: str, disliked: tuple[str, ...] = (), liked: tuple[str, ...] = ()) -> Taste:
    weights = dict.fromkeys(track_ids, 1.0) | dict.fromkeys(disliked, -1.0)
    return Taste(weights, frozenset(liked), frozenset(disliked), track_ids)


def ranked(model: ServedModel, taste: Taste, *, top_n: int = 5, max_per_artist: int = 2, exclude_recent: int = 30):
    return recommend(model, [taste], top_n=top_n, max_per_artist=max_per_artist, exclude_recent=exclude_recent)[0]


def ids(table) -> list[str]:
    return [item.track_id for item in table]


def test_a_listener_of_the_odd_camp_is_offered_the_rest_of_it_first() -> None:
    assert ids(ranked(model(), likes("t:03"))) == ["t:01", "t:05", "t:07", "t:09", "t:11"]


def test_the_reason_names_the_track_that_gave_most() -> None:
    first = ranked(model(), likes("t:03"))[0]
    assert (first.reason, first.reason_track_id) == ("because_played", "t:03")
    assert ranked(model(), likes("t:03", liked=("t:03",)))[0].reason == "because_liked"


def test_without_factors_sound_recommends_and_says_so() -> None:
    table = ranked(model(factors=None), likes("t:03"))
    assert ids(table)[:2] == ["t:01", "t:05"]
    assert (table[0].reason, table[0].reason_track_id) == ("sounds_like", "t:03")


def test_a_track_nobody_played_is_recommended_for_its_sound() -> None:
    cold = CAMP.copy()
    cold[11] = 0
    table = ranked(model(factors=cold), likes("t:03"), top_n=12)
    assert ids(table).index("t:11") < ids(table).index("t:00")


def test_an_unknown_listener_is_offered_what_is_popular() -> None:
    table = ranked(model(), Taste({}, frozenset(), frozenset(), ()))
    assert ids(table) == ["t:00", "t:01", "t:02", "t:03", "t:04"]
    assert {(item.reason, item.reason_track_id) for item in table} == {("popular", None)}


def test_what_was_disliked_heard_or_has_no_audio_is_left_out() -> None:
    playable = np.ones(N, dtype=bool)
    playable[5] = False
    table = ranked(model(playable=playable), likes("t:03", disliked=("t:07",)), top_n=N)
    assert not {"t:03", "t:05", "t:07"} & set(ids(table))


def test_at_most_half_of_a_small_catalogue_is_left_out_as_heard() -> None:
    everything = tuple(f"t:{i:02}" for i in range(N))
    assert len(ranked(model(), likes(*everything), top_n=N)) == N // 2


def test_tracks_the_model_does_not_know_are_no_taste() -> None:
    assert ids(ranked(model(), likes("lastfm:x"))) == ids(ranked(model(), Taste({}, frozenset(), frozenset(), ())))


def test_an_artist_stands_twice_among_the_first_ten_and_follows_after() -> None:
    artists = np.array([0] * 6 + list(range(1, 19)))
    scores = np.linspace(1, 0, 24)
    assert top_tracks(scores, artists, top_n=24, max_per_artist=2) == [
        0,
        1,
        *range(6, 14),
        *range(2, 6),
        *range(14, 24),
    ]


def test_one_artist_alone_fills_the_places_all_the_same() -> None:
    assert top_tracks(np.ones(3), np.zeros(3, dtype=np.int32), top_n=3, max_per_artist=2) == [0, 1, 2]


def test_ties_go_to_the_smaller_id_and_nothing_follows_from_nothing() -> None:
    assert top_tracks(np.ones(400), np.arange(400), top_n=3, max_per_artist=2) == [0, 1, 2]
    assert top_tracks(np.full(4, -np.inf), np.arange(4), top_n=3, max_per_artist=2) == []


def test_a_newcomer_is_offered_the_popular_of_different_artists_and_topics() -> None:
    """Six artists with two tracks each; the popular half is of one topic."""
    topics = ["m:1"] * 6 + ["m:2"] * 2 + ["m:3"] * 2 + ["m:4"] * 2
    newcomer = Taste({}, frozenset(), frozenset(), ())
    of = model(topics=topics, artist_ids=[f"a:{i // 2}" for i in range(N)])
    assert ids(ranked(of, newcomer, top_n=N))[:5] == ["t:00", "t:02", "t:06", "t:08", "t:10"]


def test_the_popular_of_a_topic_the_listener_plays_say_so() -> None:
    weights = {"als": 0.001, "content": 0.001, "popularity": 1.0}
    of = model(topics=["m:even", "m:odd"] * 6, weights=weights)
    reasons = {item.track_id: (item.reason, item.reason_topic_id) for item in ranked(of, likes("t:03"), top_n=4)}
    assert reasons["t:01"] == ("popular_in_topic", "m:odd")
    assert reasons["t:00"] == ("popular", None)
