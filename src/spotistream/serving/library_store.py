"""The store as the player sees it, with what the player writes itself: playlists, listeners and what they heard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pymongo.database import Database

from spotistream.layouts import Collection, Topic
from spotistream.newer_documents import write_newer
from spotistream.serving.library_messages import Document, Key, listener_of, playlist_of
from spotistream.serving.listeners import Listener
from spotistream.serving.listening import Listening, listening_of
from spotistream.serving.playlists import Playlist
from spotistream.serving.store import LAST_CHARACTER, DocumentStore
from spotistream.serving.topic_reader import Positions
from spotistream.tables import LISTENING, PLAYLISTS_COLLECTION, STORE_MARKS, USERS_COLLECTION

OWNER_INDEX = "user_id"


@dataclass(frozen=True)
class PlaylistTile:
    """A playlist as a list of playlists shows it.

    covers : tracks whose covers stand for it, four at most
    updated_at : milliseconds since 1970, UTC
    """

    playlist_id: str
    name: str
    size: int
    covers: tuple[str, ...]
    updated_at: int


class LibraryStore(DocumentStore):
    """A write never replaces a document of a greater version."""

    def prepare(self) -> None:
        """Make what finds the playlists of a listener quickly; done once, done again it changes nothing."""
        with self._answering():
            prepare(self._database)

    def record(self, key: Key) -> Document | None:
        """The document as it is, also of a record that was deleted; None where there never was one."""
        return self._one(key.collection, key.id)

    def playlist(self, playlist_id: str) -> Playlist | None:
        document = self._one(PLAYLISTS_COLLECTION, playlist_id)
        return None if document is None or document["deleted"] else playlist_of(document)

    def listener(self, user_id: str) -> Listener | None:
        document = self._one(USERS_COLLECTION, user_id)
        return None if document is None or document["deleted"] else listener_of(document)

    def playlists_of(self, user_id: str) -> tuple[PlaylistTile, ...]:
        """A listener's playlists, the one that was changed last first."""
        with self._answering():
            found = list(self._collection(PLAYLISTS_COLLECTION).find({"user_id": {"$eq": user_id}}, {"tracks": 0}))
        tiles = [
            PlaylistTile(each["_id"], each["name"], each["size"], tuple(each["covers"]), each["updated_at"])
            for each in found
            if not each["deleted"]
        ]
        return tuple(sorted(tiles, key=lambda tile: (-tile.updated_at, tile.playlist_id)))

    def listeners(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Ids that start with ``prefix`` of listeners who have a table or were made by name, in order."""
        within = {"_id": {"$gte": prefix, "$lt": prefix + LAST_CHARACTER}}
        with self._answering():
            made = self._collection(USERS_COLLECTION).find(within, {"_id": 1}).sort("_id", 1).limit(limit)
            found = {document["_id"] for document in made}
        return tuple(sorted(found | set(super().listeners(prefix, limit))))[:limit]

    def listening(self, user_id: str) -> Listening:
        """What the listener heard last and likes; nothing of one who did nothing yet."""
        return listening_of(self._one(LISTENING, user_id))

    def documents(self, collection: Collection, ids: Iterable[str]) -> dict[str, Document]:
        """The documents that exist of those asked for, by id."""
        with self._answering():
            return {each["_id"]: each for each in self._collection(collection).find({"_id": {"$in": sorted(ids)}})}

    def write(self, collection: Collection, documents: Iterable[Document]) -> None:
        """Write each document unless the stored one has a greater version."""
        target = self._collection(collection)
        with self._answering():
            write_newer(
                self._database, collection.name, list(documents),
                send=lambda changes: target.bulk_write(changes, ordered=False),
            )  # fmt: skip

    def position(self, topic: Topic) -> Positions:
        """Up to where the player has written what the topic holds; nothing in a new store."""
        document = self._one(STORE_MARKS, topic.name) or {}
        return {int(partition): offset for partition, offset in document.get("positions", {}).items()}

    def note_position(self, topic: Topic, positions: Positions, *, instead_of: Positions) -> bool:
        """After the writes: a store that loses them loses this too.

        False, and nothing noted, where the store does not say ``instead_of``: it is another than the one written to.
        """
        said = {f"positions.{partition}": offset for partition, offset in instead_of.items()}
        values = {"positions": {str(partition): offset for partition, offset in positions.items()}}
        with self._answering():
            done = self._collection(STORE_MARKS).update_one(
                {"_id": topic.name, **said}, {"$set": values}, upsert=not said
            )
        return bool(done.matched_count or done.upserted_id is not None)


def prepare(database: Database[Document]) -> None:
    """See ``LibraryStore.prepare``."""
    database[PLAYLISTS_COLLECTION.name].create_index(OWNER_INDEX)
