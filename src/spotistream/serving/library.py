"""Changes of playlists and listeners: to topic ``library`` first, and once the broker has them, to the store.

The offset of a message is the version of the document, so store and topic agree on which of two changes came later.
Where the store fails after the topic, the change is answered as failed, and made when the store is back, by who follows
the topic; made again it is the same.
"""

from __future__ import annotations

import threading
import time
import zlib
from collections.abc import Callable, Iterable

from spotistream.errors import InputError
from spotistream.serving.library_messages import (
    PLAYLIST,
    Document,
    Key,
    Record,
    deletion,
    document_of,
    key_of,
    listener_of,
    playlist_of,
    to_json,
)
from spotistream.serving.library_store import LibraryStore
from spotistream.serving.listeners import Listener, new_listener
from spotistream.serving.playlists import MAX_PLAYLISTS, Playlist, new_playlist
from spotistream.serving.publisher import EventPublisher

LOCKS = 64


class NoSuchPlaylist(InputError):
    """It never was, or was deleted."""

    def __init__(self) -> None:
        super().__init__("playlist", "is not there any more", remedy="choose another")


class NotYours(InputError):
    """Only the listener who made a playlist changes it."""

    def __init__(self) -> None:
        super().__init__("playlist", "belongs to another listener", remedy="import it to have one of your own")


class Library:
    """What is written in it survives the loss of the store. Safe to use from several threads.

    Every change raises ``ServiceUnavailable`` where broker or store do not answer, ``InputError`` where it is not
    possible. Several players at once are safe; of two changes of one playlist in the same moment the later one counts.
    """

    def __init__(self, store: LibraryStore, publisher: EventPublisher) -> None:
        self._store, self._publisher = store, publisher
        self._locks = tuple(threading.Lock() for _ in range(LOCKS))

    def create_listener(self, user_id: str, name: str | None = None) -> Listener:
        """The listener; the one that is there, unchanged, where the id is taken."""
        wanted = new_listener(user_id, name, now=_now())
        with self._lock(key := key_of(wanted)):
            before = self._store.record(key)
            if before is not None and not before["deleted"]:
                return listener_of(before)
            self._write(key, wanted, before)
        return wanted

    def create_playlist(self, playlist_id: str, user_id: str, name: str, tracks: Iterable[str] = ()) -> Playlist:
        """A new playlist under an id the caller chose, a UUID: asked for twice it is made once."""
        wanted = new_playlist(playlist_id, user_id, name, tracks, now=_now())
        with self._lock(key := key_of(wanted)):
            before = self._store.record(key)
            if before is not None:
                return self._own(before, user_id)
            if len(self._store.playlists_of(user_id)) >= MAX_PLAYLISTS:
                raise InputError("playlists", f"are {MAX_PLAYLISTS} already", remedy="delete one first")
            self._write(key, wanted, before)
        return wanted

    def change_playlist(self, playlist_id: str, user_id: str, change: Callable[[Playlist, int], Playlist]) -> Playlist:
        """The playlist after ``change``, which is given it and the time in milliseconds since 1970."""
        with self._lock(key := Key(PLAYLIST, playlist_id)):
            before = self._store.record(key)
            changed = change(self._own(before, user_id), _now())
            self._write(key, changed, before)
        return changed

    def delete_playlist(self, playlist_id: str, user_id: str) -> None:
        """Delete it; deleted twice is deleted."""
        with self._lock(key := Key(PLAYLIST, playlist_id)):
            before = self._store.record(key)
            if before is not None and before["deleted"]:
                return
            self._own(before, user_id)
            self._write(key, None, before)

    def _own(self, document: Document | None, user_id: str) -> Playlist:
        if document is None or document["deleted"]:
            raise NoSuchPlaylist
        if document["user_id"] != user_id:
            raise NotYours
        return playlist_of(document)

    def _write(self, key: Key, record: Record | None, before: Document | None) -> None:
        offset = self._publisher.publish_change(key.to_bytes(), None if record is None else to_json(record))
        # A topic that was lost and made anew begins at 0: its offsets are smaller than what the store has.
        version = offset if before is None else max(offset, before["version"] + 1)
        written = deletion(key, version) if record is None else document_of(record, version)
        self._store.write(key.collection, [written])

    def _lock(self, key: Key) -> threading.Lock:
        return self._locks[zlib.crc32(key.to_bytes()) % LOCKS]


def _now() -> int:
    return time.time_ns() // 1_000_000
