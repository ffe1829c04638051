"""Documents of the store that are never replaced by an older version of themselves."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from pymongo import MongoClient, UpdateOne
from pymongo.database import Database
from pymongo.errors import BulkWriteError, OperationFailure

Document = Mapping[str, Any]
DUPLICATE_KEY = 11000
_turn = threading.Lock()
_by_id_alone: WeakKeyDictionary[MongoClient[Any], bool] = WeakKeyDictionary()


def write_newer(
    database: Database[Any],
    collection: str,
    documents: Sequence[Document],
    *,
    send: Callable[[Sequence[UpdateOne]], object],
) -> None:
    """Write each document unless the stored one has a greater ``version``; ``send`` is given the changes.

    MongoDB compares within the update: it refuses to insert a second document of the same ``_id``, and that refusal is
    how an older version is told. The embedded store looks at every document for such an update. There the versions are
    read first, and writers take turns: it has only those of one process that write the same documents.
    """
    if not _finds_by_id_alone(database):
        _send(send, [_change(each, {"version": {"$lte": each["version"]}}) for each in documents])
        return
    with _turn:
        chosen = {"_id": {"$in": [each["_id"] for each in documents]}}
        stored = {each["_id"]: each["version"] for each in database[collection].find(chosen, {"version": 1})}
        _send(
            send, [_change(each) for each in documents if stored.get(each["_id"], each["version"]) <= each["version"]]
        )


def _change(document: Document, condition: Document | None = None) -> UpdateOne:
    fields = {name: value for name, value in document.items() if name != "_id"}
    return UpdateOne({"_id": document["_id"], **(condition or {})}, {"$set": fields}, upsert=True)


def _send(send: Callable[[Sequence[UpdateOne]], object], changes: Sequence[UpdateOne]) -> None:
    if not changes:
        return
    try:
        send(changes)
    except BulkWriteError as exc:
        errors = exc.details.get("writeErrors") or [{}]
        if any(error.get("code") != DUPLICATE_KEY for error in errors):
            raise


def _finds_by_id_alone(database: Database[Any]) -> bool:
    """The server is the embedded store, which says nothing of its topology."""
    client = database.client
    if client not in _by_id_alone:
        try:
            _by_id_alone[client] = "topologyVersion" not in client.admin.command("hello")
        except OperationFailure:
            _by_id_alone[client] = True
    return _by_id_alone[client]
