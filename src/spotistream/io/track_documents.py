"""Reads of the store's tracks for the jobs that need all of them."""

from __future__ import annotations

from typing import Any

from pymongo.errors import PyMongoError

from spotistream.config import Mongo
from spotistream.errors import ServiceUnavailable
from spotistream.io.documents import database
from spotistream.tables import TRACKS_COLLECTION


def read_tracks(mongo: Mongo, *, fields: tuple[str, ...]) -> list[dict[str, Any]]:
    """Every track with ``_id`` and these fields, by id. Raises ``ServiceUnavailable``."""
    try:
        with database(mongo) as db:
            found = list(db[TRACKS_COLLECTION.name].find({}, dict.fromkeys(fields, 1)))
    except PyMongoError as exc:
        raise ServiceUnavailable.document_store(mongo.address) from exc
    return sorted(found, key=lambda track: track["_id"])
