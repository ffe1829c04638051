"""Writes to the document store. Each can be repeated, and an older batch never overwrites a newer one."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from pymongo import MongoClient, ReplaceOne, UpdateOne
from pymongo.database import Database
from pymongo.errors import (
    AutoReconnect,
    ConfigurationError,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)

from spotistream.config import Mongo
from spotistream.errors import ConfigError, ServiceUnavailable
from spotistream.layouts import Collection
from spotistream.newer_documents import write_newer

BULK = 500
RECONNECT_PAUSES_S = (0.1, 0.3, 1.0)
"""Before a write is sent again whose connection broke: a store that is started anew, or another primary."""


@contextmanager
def database(mongo: Mongo) -> Iterator[Database[dict[str, Any]]]:
    """``connected``, and let go of at the end."""
    db = connected(mongo)
    with db.client:
        yield db


def connected(mongo: Mongo) -> Database[dict[str, Any]]:
    """The service's database, for as long as the process runs; reached or refused in one line.

    Raises ``ServiceUnavailable`` where it does not answer within ``timeout_ms``, ``ConfigError`` where the URI is none.
    """
    try:
        client: MongoClient[dict[str, Any]] = MongoClient(
            mongo.uri, serverSelectionTimeoutMS=mongo.timeout_ms, tz_aware=True
        )
        client.admin.command("ping")
    except (ConfigurationError, ValueError) as exc:
        raise ConfigError("mongo.uri", f"cannot be used: {exc}", source="the configuration") from exc
    except PyMongoError as exc:
        raise ServiceUnavailable.document_store(mongo.address) from exc
    return client[mongo.database]


def replace_documents(
    db: Database[dict[str, Any]], collection: Collection, documents: Iterable[Mapping[str, Any]]
) -> int:
    """Write each document under its ``_id``; returns how many."""
    written = 0
    stream = iter(documents)
    while chunk := list(islice(stream, BULK)):
        changes = [ReplaceOne({"_id": document["_id"]}, dict(document), upsert=True) for document in chunk]
        _write(db, collection, changes)
        written += len(chunk)
    return written


def upsert_newer(db: Database[dict[str, Any]], collection: Collection, documents: Iterable[Mapping[str, Any]]) -> None:
    """Write each document unless the stored one has a greater ``version``."""
    stream = iter(documents)
    while chunk := list(islice(stream, BULK)):
        write_newer(db, collection.name, chunk, send=lambda changes: _write(db, collection, changes))


def delete_others(db: Database[dict[str, Any]], collection: Collection, *, model_version: str) -> None:
    """Remove the documents of earlier models."""
    db[collection.name].delete_many({"model_version": {"$ne": model_version}})


def server_identity(db: Database[dict[str, Any]]) -> str | None:
    """Which process answers, so that one started anew is told from the one before; None where it does not say.

    A server that is a real MongoDB says it to everyone; the embedded one by when it was started.
    """
    try:
        process = (db.client.admin.command("hello").get("topologyVersion") or {}).get("processId")
        if process is not None:
            return str(process)
    except OperationFailure:
        pass
    try:
        status = db.client.admin.command("serverStatus")
    except OperationFailure:
        return None
    return f"{status['host']}:{status['pid']}"


def _write(
    db: Database[dict[str, Any]], collection: Collection, changes: Sequence[ReplaceOne[Any] | UpdateOne]
) -> None:
    """Send the changes, again where the connection breaks: each can be repeated.

    Raises ``ServerSelectionTimeoutError`` where no server is found within ``mongo.timeout_ms``.
    """
    for pause in RECONNECT_PAUSES_S:
        try:
            db[collection.name].bulk_write(changes, ordered=False)
        except ServerSelectionTimeoutError:
            raise
        except AutoReconnect:
            time.sleep(pause)
        else:
            return
    db[collection.name].bulk_write(changes, ordered=False)
