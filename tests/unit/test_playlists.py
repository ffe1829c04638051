"""What a listener can do with a playlist, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from spotistream.errors import InputError
from spotistream.serving.library_messages import (
    LISTENER,
    PLAYLIST,
    Key,
    document_of,
    key_of,
    parse_key,
    parse_value,
    playlist_of,
    to_json,
)
from spotistream.serving.listeners import new_listener
from spotistream.serving.playlists import (
    MAX_NAME,
    MAX_TRACKS,
    Playlist,
    checked_name,
    new_playlist,
    renamed,
    with_track_moved,
    with_tracks,
    without_track,
)

ID = "36f6e4c0-97e5-4fba-a9c5-5a0b8f3b7f11"
THREE = Playlist(ID, "maya", "Morning", ("fma:1", "fma:2", "fma:3"), created_at=1, updated_at=1)


@pytest.mark.parametrize(
    ("change", "tracks"),
    [
        (lambda one: with_tracks(one, ["fma:9", "fma:2"], now=5), "1 2 3 9"),
        (lambda one: with_tracks(one, ["fma:9", "fma:9"], at=0, now=5), "9 1 2 3"),
        (lambda one: with_tracks(one, ["fma:9"], at=99, now=5), "1 2 3 9"),
        (lambda one: without_track(one, "fma:2", now=5), "1 3"),
        (lambda one: without_track(one, "fma:77", now=5), "1 2 3"),
        (lambda one: with_track_moved(one, "fma:1", 2, now=5), "2 3 1"),
        (lambda one: with_track_moved(one, "fma:3", 0, now=5), "3 1 2"),
        (lambda one: with_track_moved(one, "fma:1", 50, now=5), "2 3 1"),
    ],
)
def test_order_after_a_change(change: Callable[[Playlist], Playlist], tracks: str) -> None:
    changed = change(THREE)

    assert changed.tracks == tuple(f"fma:{number}" for number in tracks.split())
    assert (changed.created_at, changed.updated_at, changed.name) == (1, 5, "Morning")


@pytest.mark.parametrize(
    "change",
    [
        lambda: with_tracks(THREE, ["../etc/passwd"], now=5),
        lambda: with_tracks(THREE, [None], now=5),  # type: ignore[list-item]
        lambda: with_tracks(THREE, ["fma:4"], at=-1, now=5),
        lambda: with_tracks(THREE, ["fma:4"], at=True, now=5),
        lambda: with_tracks(THREE, [f"lastfm:{number}" for number in range(MAX_TRACKS - 2)], now=5),
        lambda: with_track_moved(THREE, "fma:77", 0, now=5),
        lambda: with_track_moved(THREE, "fma:1", 1.5, now=5),  # type: ignore[arg-type]
        lambda: renamed(THREE, " \n ", now=5),
        lambda: renamed(THREE, "x" * (MAX_NAME + 1), now=5),
        lambda: renamed(THREE, 7, now=5),  # type: ignore[arg-type]
        lambda: new_playlist("1", "maya", "Morning", [], now=5),
        lambda: new_playlist(ID, "$where", "Morning", [], now=5),
        lambda: new_listener("a b", None, now=5),
    ],
)
def test_what_is_not_possible_is_refused(change: Callable[[], object]) -> None:
    with pytest.raises(InputError):
        change()


def test_names_keep_their_letters_and_lose_what_is_not_seen() -> None:
    assert checked_name("  Café\n\u0000 del\tMar \u200b") == "Café del Mar"
    assert checked_name("夜 🎵") == "夜 🎵"
    assert checked_name("\u202ecba") == "cba"
    assert checked_name("👩\u200d🎤") == "👩\u200d🎤"


@pytest.mark.parametrize("record", [THREE, new_listener("maya", "Maya", now=3)])
def test_a_record_survives_topic_and_store(record: Playlist) -> None:
    key = key_of(record)

    assert parse_key(key.to_bytes()) == key
    assert parse_value(key, to_json(record)) == record
    if key.kind == PLAYLIST:
        assert playlist_of(document_of(record, 7)) == record
    assert document_of(record, 7)["version"] == 7


@pytest.mark.parametrize("key", [None, b"", b"playlist:", b"playlist:1", b"listener:a b", b"\xff", b"album:x"])
def test_other_keys_are_refused(key: bytes | None) -> None:
    with pytest.raises(InputError):
        parse_key(key)


def test_a_value_under_another_key_is_refused() -> None:
    with pytest.raises(InputError, match="another record"):
        parse_value(Key(LISTENER, "noor"), to_json(new_listener("maya", "Maya", now=3)))
