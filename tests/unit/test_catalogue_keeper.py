"""The catalogue in memory follows the store."""

from __future__ import annotations

from typing import Any

import pytest
from player_fakes import MemoryStore, track

from spotistream.errors import ServiceUnavailable
from spotistream.serving import catalogue_keeper
from spotistream.serving.catalogue_keeper import PATIENCE, CatalogueKeeper


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore([track(1), track(2)], popular=["demo:2"])


@pytest.fixture
def keeper(store: MemoryStore) -> CatalogueKeeper:
    return CatalogueKeeper(store)


def ids(keeper: CatalogueKeeper, query: str) -> list[str]:
    return [hit.id for hit in keeper.search(query, limit=5, kind="track")]


def test_before_the_store_was_read_nothing_is_known(keeper: CatalogueKeeper) -> None:
    assert keeper.catalogue is None
    assert ids(keeper, "song") == []


def test_large_catalogue_can_be_searched_while_it_is_read(
    store: MemoryStore, keeper: CatalogueKeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue_keeper, "FIRST_TRACKS", 1)
    monkeypatch.setattr(catalogue_keeper, "AT_ONCE", 1)
    seen = []
    names = store.track_names

    def watched(track_ids: list[str]) -> list[dict[str, Any]]:
        seen.append((ids(keeper, "song"), keeper.catalogue is not None and keeper.catalogue.complete))
        return names(track_ids)

    monkeypatch.setattr(store, "track_names", watched)
    keeper.read()

    assert seen == [([], False), (["demo:2"], False)]
    assert ids(keeper, "song") == ["demo:2", "demo:1"]
    assert keeper.catalogue is not None
    assert keeper.catalogue.complete


def test_more_played_tracks_come_first(keeper: CatalogueKeeper) -> None:
    keeper.read()

    assert ids(keeper, "song") == ["demo:2", "demo:1"]


def test_new_track_is_found_and_changed_one_by_its_new_name(keeper: CatalogueKeeper, store: MemoryStore) -> None:
    keeper.read()
    store.known |= {"demo:3": track(3), "demo:1": track(1, title="Other name")}
    keeper.hear(b"demo:3")
    keeper.hear(b"demo:1")

    assert keeper.take_in() is True
    assert keeper.take_in() is False
    assert ids(keeper, "song") == ["demo:2", "demo:3"]
    assert ids(keeper, "other") == ["demo:1"]


def test_track_that_the_store_does_not_have_yet_is_looked_for_again_but_not_for_ever(
    keeper: CatalogueKeeper, store: MemoryStore
) -> None:
    keeper.read()
    keeper.hear(b"demo:3")

    assert keeper.take_in() is False
    store.known["demo:3"] = track(3)
    assert keeper.take_in() is True
    keeper.hear(b"demo:4")
    for _ in range(PATIENCE):
        assert keeper.take_in() is False
    store.known["demo:4"] = track(4)
    assert keeper.take_in() is False


@pytest.mark.parametrize("key", [None, b"", b"artist:a1", b"\xff", b"demo:1 OR"])
def test_message_that_is_of_no_track_changes_nothing(
    keeper: CatalogueKeeper, store: MemoryStore, key: bytes | None
) -> None:
    keeper.read()
    keeper.hear(key)

    assert keeper.take_in() is False


def test_store_that_is_away_keeps_the_catalogue_and_what_was_heard(keeper: CatalogueKeeper, store: MemoryStore) -> None:
    keeper.read()
    store.known["demo:3"] = track(3)
    keeper.hear(b"demo:3")
    store.away = True
    with pytest.raises(ServiceUnavailable):
        keeper.take_in()
    assert ids(keeper, "song") == ["demo:2", "demo:1"]
    store.away = False

    assert keeper.take_in() is True
