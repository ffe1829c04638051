"""Playlists and listeners as messages of topic ``library`` and as documents of the store.

A message has the key ``playlist:<id>`` or ``listener:<id>`` and the whole record as JSON; without a value the record is
deleted. The version of a document is the offset of its message, so the store can tell which of two changes came later.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from spotistream.errors import InputError
from spotistream.events import USER_ID_PATTERN, UUID_PATTERN
from spotistream.layouts import Collection
from spotistream.serving.listeners import Listener, new_listener
from spotistream.serving.playlists import Playlist, checked_id, new_playlist
from spotistream.tables import PLAYLISTS_COLLECTION, USERS_COLLECTION

SCHEMA_VERSION = 1
PLAYLIST, LISTENER = "playlist", "listener"
MAX_BYTES = 1_000_000
"""A larger value is not looked at; the broker takes none larger either, by its default."""
COVERS = 4
LATEST_MS = 253_402_300_800_000
"""The end of the year 9999."""

Record = Playlist | Listener
Document = dict[str, Any]


@dataclass(frozen=True)
class Key:
    """Which record: of which kind, and its id."""

    kind: str
    id: str

    @property
    def collection(self) -> Collection:
        return PLAYLISTS_COLLECTION if self.kind == PLAYLIST else USERS_COLLECTION

    def to_bytes(self) -> bytes:
        return f"{self.kind}:{self.id}".encode()


def key_of(record: Record) -> Key:
    if isinstance(record, Playlist):
        return Key(PLAYLIST, record.playlist_id)
    return Key(LISTENER, record.user_id)


def parse_key(key: bytes | None) -> Key:
    """Raises ``InputError`` where it is no key of this topic."""
    kind, _, found = (key or b"").decode(errors="replace").partition(":")
    if kind not in (PLAYLIST, LISTENER):
        raise InputError("key", "names neither a playlist nor a listener", remedy="send playlist:<id> or listener:<id>")
    return Key(kind, checked_id(f"{kind} id", found, UUID_PATTERN if kind == PLAYLIST else USER_ID_PATTERN))


def to_json(record: Record) -> bytes:
    """The value of the record's message."""
    fields = {"schema_version": SCHEMA_VERSION, **asdict(record)}
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def parse_value(key: Key, value: bytes) -> Record:
    """The record of a message. Raises ``InputError`` that says what is wrong with it."""
    if len(value) > MAX_BYTES:
        raise _wrong("value", f"has more than {MAX_BYTES:,} bytes")
    fields = json_object(value, what="value")
    if fields.get("schema_version") != SCHEMA_VERSION:
        raise _wrong("schema_version", f"is not {SCHEMA_VERSION}")
    record = _playlist(fields) if key.kind == PLAYLIST else _listener(fields)
    if key_of(record) != key:
        raise _wrong("key", "names another record than the value")
    return record


def document_from(key: bytes | None, value: bytes | None, offset: int) -> tuple[Key, Document]:
    """What the store is to hold after a message of the topic. Raises ``InputError`` where it is none."""
    about = parse_key(key)
    return about, deletion(about, offset) if value is None else document_of(parse_value(about, value), offset)


def document_of(record: Record, version: int) -> Document:
    """What the store holds of it."""
    fields = asdict(record)
    if isinstance(record, Playlist):
        fields |= {"tracks": list(record.tracks), "size": len(record.tracks), "covers": list(record.tracks[:COVERS])}
        fields.pop("playlist_id")
    else:
        fields.pop("user_id")
    return {"_id": key_of(record).id, **fields, "deleted": False, "version": version}


def deletion(key: Key, version: int) -> Document:
    """What the store holds of a record that was deleted, so that no older change brings it back.

    It has every field a document of the record has: none of the former values stays.
    """
    empty: Document = {"name": None, "created_at": None}
    if key.kind == PLAYLIST:
        empty |= {"user_id": None, "updated_at": None, "tracks": [], "size": 0, "covers": []}
    return {"_id": key.id, **empty, "deleted": True, "version": version}


def playlist_of(document: Mapping[str, Any]) -> Playlist:
    return Playlist(
        document["_id"],
        document["user_id"],
        document["name"],
        tuple(document["tracks"]),
        document["created_at"],
        document["updated_at"],
    )


def listener_of(document: Mapping[str, Any]) -> Listener:
    return Listener(document["_id"], document["name"], document["created_at"])


def _playlist(fields: Mapping[str, Any]) -> Playlist:
    tracks = fields.get("tracks")
    if not isinstance(tracks, list):
        raise _wrong("tracks", "is not a list")
    ids = fields.get("playlist_id"), fields.get("user_id"), fields.get("name")
    found = new_playlist(*ids, tracks, now=_moment(fields, "created_at"))  # type: ignore[arg-type]  # it checks them
    return Playlist(found.playlist_id, found.user_id, found.name, found.tracks, found.created_at,
                    _moment(fields, "updated_at"))  # fmt: skip


def _listener(fields: Mapping[str, Any]) -> Listener:
    name = fields.get("name")
    if name is None:
        raise _wrong("name", "is missing")
    return new_listener(fields.get("user_id"), name, now=_moment(fields, "created_at"))  # type: ignore[arg-type]


def _moment(fields: Mapping[str, Any], name: str) -> int:
    value = fields.get(name)
    if type(value) is not int or not 0 <= value < LATEST_MS:
        raise _wrong(name, "is no time in milliseconds since 1970")
    return value


def json_object(value: bytes, *, what: str) -> Mapping[str, Any]:
    """The JSON object that was sent as ``what``. Raises ``InputError`` for any other bytes."""
    try:
        fields = json.loads(value)
    except (ValueError, RecursionError):
        raise _wrong(what, "is not JSON") from None
    if not isinstance(fields, dict):
        raise _wrong(what, "is not a JSON object")
    return fields


def _wrong(field: str, problem: str) -> InputError:
    return InputError(field, problem, remedy="send it again with it corrected")
