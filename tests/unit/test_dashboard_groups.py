"""Pages of artists, albums, genres and results, from a catalogue in memory."""

from __future__ import annotations

import json
from typing import Any

import pytest
from player_fakes import MemoryStore, track

from dashboard.pages.router import page
from spotistream.config import Config, load_config
from spotistream.serving.catalogue_keeper import CatalogueKeeper
from spotistream.serving.views import PopularTracks, Scored, SimilarTracks

OF_ONE = {"artist": "One", "artist_id": "one", "album": "First", "album_id": "first", "genre": "Pop"}
OF_TWO = {"artist": "Two", "artist_id": "two", "album": "Second", "album_id": "second", "genre": "Rock"}


@pytest.fixture(scope="module")
def config() -> Config:
    return load_config(environ={})


@pytest.fixture
def store() -> MemoryStore:
    first = [track(number, track_number=40 - number, duration_s=61.0, **OF_ONE) for number in range(1, 36)]
    store = MemoryStore(
        [*first, track(50, **OF_TWO), track(51, playable=False, **OF_TWO)],
        popular=["demo:7"],
        similar={"demo:1": SimilarTracks((Scored("demo:50", 0.9), Scored("demo:2", 0.8)), ())},
    )
    store.popular_of_genres["rock"] = PopularTracks((Scored("demo:50", 1.0),), "m1")
    return store


@pytest.fixture
def catalogue(store: MemoryStore) -> CatalogueKeeper:
    keeper = CatalogueKeeper(store)
    keeper.read()
    return keeper


def shown(store: MemoryStore, config: Config, catalogue: CatalogueKeeper | None, address: str, query: str = "") -> str:
    found: Any = page(store, config, address, query=query, catalogue=catalogue)
    return json.dumps(found, default=lambda part: part.to_plotly_json(), ensure_ascii=False)


def titles(text: str) -> list[str]:
    """Titles of the rows, in their order."""

    def below(part: Any) -> list[str]:
        if isinstance(part, list):
            return [title for each in part for title in below(each)]
        if not isinstance(part, dict):
            return []
        if part.get("className") == "row-title":
            return [part["children"]]
        return [title for each in part.values() for title in below(each)]

    return below(json.loads(text))


def test_artist_page_shows_the_best_known_tracks_first_and_artists_near(
    store: MemoryStore, config: Config, catalogue: CatalogueKeeper
) -> None:
    text = shown(store, config, catalogue, "/artist/one")

    assert titles(text)[:3] == ["Song 7", "Song 1", "Song 10"]
    assert len(titles(text)) == 30
    assert "Page 1 of 2" in text
    assert '"/artist/one?page=2"' in text
    assert '"/album/first"' in text
    assert '"/artist/two"' in text


@pytest.mark.parametrize("number", ["0", "3", "-1", "x", "1e9", "²", "9" * 400])
def test_page_of_a_list_that_does_not_exist_is_the_first(
    store: MemoryStore, config: Config, catalogue: CatalogueKeeper, number: str
) -> None:
    assert "Page 1 of 2" in shown(store, config, catalogue, "/artist/one", f"?page={number}")


def test_second_page_of_an_artist_has_the_rest(store: MemoryStore, config: Config, catalogue: CatalogueKeeper) -> None:
    text = shown(store, config, catalogue, "/artist/one", "?page=2")

    assert len(titles(text)) == 5
    assert '"/artist/one"' in text


def test_album_is_in_its_own_order(store: MemoryStore, config: Config, catalogue: CatalogueKeeper) -> None:
    text = shown(store, config, catalogue, "/album/first")

    assert titles(text)[:2] == ["Song 35", "Song 34"]
    assert "35 tracks, 35:35" in text


def test_genre_page_shows_what_is_popular_and_plays_only_what_it_can(
    store: MemoryStore, config: Config, catalogue: CatalogueKeeper
) -> None:
    text = shown(store, config, catalogue, "/genre/rock")

    assert "Popular here" in text
    assert titles(text) == ["Song 50", "Song 51"]
    assert text.count('"data-play": "row"') == 1


@pytest.mark.parametrize("address", ["/artist/nobody", "/album/%2e%2e", "/genre/%00", "/artist/one/more"])
def test_group_that_is_not_there_is_said(
    store: MemoryStore, config: Config, catalogue: CatalogueKeeper, address: str
) -> None:
    assert "is not here" in shown(store, config, catalogue, address)


@pytest.mark.parametrize("address", ["/artist/one", "/album/first", "/genre/pop", "/search?q=song"])
def test_before_the_catalogue_is_read_the_page_says_so(store: MemoryStore, config: Config, address: str) -> None:
    path, _, query = address.partition("?")
    assert "has just started" in shown(store, config, None, path, query)


def test_results_link_to_their_pages(store: MemoryStore, config: Config, catalogue: CatalogueKeeper) -> None:
    text = shown(store, config, catalogue, "/search", "?q=two")

    assert '"/artist/two"' in text
    assert titles(text) == ["Song 50", "Song 51"]


def test_search_page_without_a_query_says_what_to_do(
    store: MemoryStore, config: Config, catalogue: CatalogueKeeper
) -> None:
    assert "Type a track" in shown(store, config, catalogue, "/search")


def test_track_page_links_to_its_artist_album_and_genre(store: MemoryStore, config: Config) -> None:
    text = shown(store, config, None, "/track/demo:1")

    for address in ("/artist/one", "/album/first", "/genre/pop"):
        assert f'"{address}"' in text
