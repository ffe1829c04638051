"""The blended model on catalogues whose answer is obvious."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spotistream.models.content import nearest, unit_rows
from spotistream.models.hybrid import HybridModel, Weights, fold_in, recommend, top_tracks
from spotistream.models.taste import Taste

WEIGHTS = Weights(collaborative=1.0, content=0.4, popularity=0.1)
N = 12


def model(**changes: object) -> HybridModel:
    """Two camps of six tracks: even ones share factors and sound, odd ones too; a different artist each."""
    camp = np.eye(2, dtype=np.float32)[np.arange(N) % 2]
    base = HybridModel(
        version="m1",
        feature_spec="fast-1",
        sounds_version="s1",
        alpha=20.0,
        regularisation=0.1,
        track_ids=np.array([f"t:{i:02}" for i in range(N)]),
        artist_ids=np.array([f"a:{i:02}" for i in range(N)]),
        playable=np.ones(N, dtype=bool),
        duration_ms=np.full(N, 1000.0, dtype=np.float32),
        factors=camp,
        sounds=camp,
        popularity=np.linspace(0.5, 0.0, N, dtype=np.float32),
    )
    return replace(base, **changes)


def likes(*track_ids: str, disliked: tuple[str, ...] = (), liked: tuple[str, ...] = ()) -> Taste:
    weights = dict.fromkeys(track_ids, 1.0) | dict.fromkeys(disliked, -1.0)
    return Taste(weights, frozenset(liked), frozenset(disliked), track_ids)


def ranked(model: HybridModel, taste: Taste, *, top_n: int = 5, max_per_artist: int = 2, exclude_recent: int = 30):
    return recommend(
        model, [taste], weights=WEIGHTS, top_n=top_n, max_per_artist=max_per_artist, exclude_recent=exclude_recent
    )[0]


def ids(table) -> list[str]:
    return [item.track_id for item in table]


def test_a_listener_of_the_odd_camp_is_offered_the_rest_of_it_first() -> None:
    assert ids(ranked(model(), likes("t:03"))) == ["t:01", "t:05", "t:07", "t:09", "t:11"]


def test_the_reason_names_the_track_that_gave_most() -> None:
    first = ranked(model(), likes("t:03"))[0]
    assert (first.reason, first.reason_track_id) == ("because_played", "t:03")
    assert ranked(model(), likes("t:03", liked=("t:03",)))[0].reason == "because_liked"


def test_without_factors_sound_recommends_and_says_so() -> None:
    table = ranked(model(factors=np.zeros((N, 0), dtype=np.float32)), likes("t:03"))
    assert ids(table)[:2] == ["t:01", "t:05"]
    assert (table[0].reason, table[0].reason_track_id) == ("sounds_like", "t:03")


def test_a_track_nobody_played_is_recommended_for_its_sound() -> None:
    cold = model().factors.copy()
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


def test_folding_in_solves_the_normal_equations() -> None:
    rng = np.random.default_rng(3)
    factors = rng.normal(size=(N, 4)).astype(np.float32)
    rows, weights = np.array([1, 4, 7]), np.array([1.0, 0.5, -0.5])
    vector, _ = fold_in(model(factors=factors), rows, weights)
    confidence = np.ones(N)
    confidence[rows] += 20 * np.abs(weights)
    wanted = np.zeros(N)
    wanted[[1, 4]] = 1
    wide = factors.astype(np.float64)
    left = wide.T @ (confidence[:, None] * wide) + 0.1 * 2 * np.eye(4)
    assert vector == pytest.approx(np.linalg.solve(left, wide.T @ (confidence * wanted)), rel=1e-9)


def test_nearest_is_the_full_ranking_cut_off() -> None:
    vectors = unit_rows(np.random.default_rng(5).normal(size=(40, 6)))
    allowed = np.arange(40) % 3 > 0
    for i, found in enumerate(nearest(vectors, allowed, n=5, block=7)):
        cosines = vectors @ vectors[i]
        order = [j for j in np.lexsort((np.arange(40), -cosines)) if j != i and allowed[j] and cosines[j] > 0]
        assert [j for j, _ in found] == order[:5]
