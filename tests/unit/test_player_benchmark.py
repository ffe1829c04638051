"""The catalogue that the player's benchmark fills a store with is one the player can read."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from spotistream.serving.catalogue import catalogue_of, track_row
from spotistream.serving.listening import listening_of
from spotistream.serving.topics import topic_tiles
from spotistream.serving.views import recommendations_view, similar_tracks, track_view

TRACKS = 400


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, dict]]:
    folder = str(Path(__file__).resolve().parents[2] / "benchmarks")
    sys.path.insert(0, folder)
    try:
        from player_catalogue import all_documents
    finally:
        sys.path.remove(folder)
    audio = [tmp_path_factory.mktemp("music") / "0.ogg"]
    made = all_documents(TRACKS, audio, seed=1)
    return {collection.name: {each["_id"]: each for each in documents} for collection, documents in made}


def test_every_track_has_what_its_page_shows(filled: dict[str, dict[str, dict]]) -> None:
    tracks = [track_view(each) for each in filled["tracks"].values()]
    assert len(tracks) == TRACKS
    assert all(track.playable and track.waveform and track.album_id for track in tracks)
    catalogue = catalogue_of(map(track_row, filled["tracks"].values()))
    assert {catalogue.artists.ids[row] for row in range(len(catalogue.artists))} == set(filled["artists"])
    assert {catalogue.albums.ids[row] for row in range(len(catalogue.albums))} == set(filled["albums"])
    assert {catalogue.genres.ids[row] for row in range(len(catalogue.genres))} == set(filled["genres"])


def test_lists_name_tracks_that_there_are(filled: dict[str, dict[str, dict]]) -> None:
    table = recommendations_view("maya", filled["recommendations"]["maya"]).table
    heard = listening_of(filled["listening"]["maya"]).history
    near = similar_tracks(filled["similar_tracks"]["fma:1"]).by_sound
    tiles = topic_tiles(filled["music_topics"]["current"]["topics"])
    named = {each.track_id for each in (*table, *heard, *near)} | {cover for tile in tiles for cover in tile.covers}
    assert named <= set(filled["tracks"])
    assert len(table) == 50
