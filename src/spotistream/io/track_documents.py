"""Reads of the store's tracks for the jobs that need all of them."""

from __future__ import annotations

from typing import Any

from pymongo.errors import PyMongoError

from spotistream.config import Mongo
from spotistream.errors import ServiceUnavailable
from spotistream.io.documents import database
from spotistream.tables import TRACKS_COLLECTION

AT_ONCE = 1_000


def read_tracks(mongo: Mongo, *, fields: tuple[str, ...]) -> list[dict[str, Any]]:
    """Every track with ``_id`` and these fields, by id. Raises ``ServiceUnavailable``.

    The embedded store keeps a whole answer in its memory, of which it has little, and answers no other request of a
    collection meanwhile: the ids come first, then the fields of some tracks at a time.
    """
    found: list[dict[str, Any]] = []
    try:
        with database(mongo) as db:
            tracks = db[TRACKS_COLLECTION.name]
            ids = sorted(track["_id"] for track in tracks.find({}, {"_id": 1}))
            for begin in range(0, len(ids), AT_ONCE):
                wanted = {"_id": {"$in": ids[begin : begin + AT_ONCE]}}
                found += tracks.find(wanted, dict.fromkeys(fields, 1))
    except PyMongoError as exc:
        raise ServiceUnavailable.document_store(mongo.address) from exc
    return sorted(found, key=lambda track: track["_id"])
