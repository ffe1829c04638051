import numpy as np

from spotistream.simulation.listeners import make_listeners
from spotistream.simulation.shelves import Shelves, SimTrack, style_by_track

GENRES = ("ambient", "chiptune", "folk", "house", "jazz", "metal", "soul", "waltz")


def catalogue(n=160, genres=GENRES, artists=32):
    return [
        SimTrack(f"file:{i:016x}", f"artist{i % artists}", genres[i % artists % len(genres)] if genres else None, 25.0)
        for i in range(n)
    ]


def test_listeners_are_named_and_reproducible():
    listeners = make_listeners(catalogue(), count=500, seed=11)
    assert [listeners[0].user_id, listeners[499].user_id] == ["sim-0001", "sim-0500"]
    assert listeners == make_listeners(list(reversed(catalogue())), count=500, seed=11)
    assert listeners != make_listeners(catalogue(), count=500, seed=12)


def test_more_listeners_leave_the_first_as_they_are():
    assert make_listeners(catalogue(), count=50, seed=11)[:20] == make_listeners(catalogue(), count=20, seed=11)


def test_tastes_differ_and_are_narrow():
    listeners = make_listeners(catalogue(), count=300, seed=11)
    for listener in listeners:
        weights = [weight for _, weight in listener.taste]
        assert abs(sum(weights) - 1.0) < 1e-9
        assert weights == sorted(weights, reverse=True)
    assert {listener.taste[0][0] for listener in listeners} == set(GENRES)
    assert 0.4 < np.mean([listener.taste[0][1] for listener in listeners]) < 0.8


def test_tastes_stay_narrow_with_many_styles():
    tracks = catalogue(3000, genres=tuple(f"g{i}" for i in range(150)), artists=600)
    listeners = make_listeners(tracks, count=100, seed=11)
    assert np.mean([listener.taste[0][1] for listener in listeners]) > 0.3


def test_activity_is_long_tailed():
    activity = np.sort([one.activity for one in make_listeners(catalogue(), count=500, seed=11)])
    assert activity[-50:].sum() > 0.3 * activity.sum()


def test_a_new_track_changes_no_taste():
    tracks = catalogue()
    grown = [*tracks, SimTrack("file:ffff", "artist0", GENRES[0], 25.0)]
    before, after = (make_listeners(some, count=40, seed=11) for some in (tracks, grown))
    assert [one.taste[0][0] for one in before] == [one.taste[0][0] for one in after]


def test_a_genre_is_a_style():
    assert style_by_track(catalogue(8)) == GENRES


def test_without_genre_the_tracks_of_an_artist_share_a_hidden_style():
    tracks = catalogue(60, genres=(), artists=20)
    styles = style_by_track(tracks)
    by_artist = {track.artist_id: style for track, style in zip(tracks, styles, strict=True)}
    assert [by_artist[track.artist_id] for track in tracks] == list(styles)
    assert 3 <= len(set(styles)) <= 12


def test_one_artist_with_one_genre_is_spread_over_hidden_styles():
    tracks = [SimTrack(f"file:{i}", "kevin", "Soundtrack", 180.0) for i in range(40)]
    assert len(set(style_by_track(tracks))) > 3


def test_a_given_popularity_is_used():
    tracks = [SimTrack("file:a", "x", None, 1.0, 1.0), SimTrack("file:b", "y", None, 1.0, 9.0)]
    shelves = Shelves(tracks, seed=1)
    drawn = [shelves.any_track(u) for u in np.linspace(0, 1, 1000, endpoint=False)]
    assert drawn.count(1) == 900
