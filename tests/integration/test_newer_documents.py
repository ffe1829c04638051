"""A document is never replaced by an older version of itself, and who writes it does not look at all the others."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from spotistream.newer_documents import write_newer

NAME = "newer"
MANY = 3_000


@pytest.fixture
def db(store: str) -> Iterator[Database[dict[str, Any]]]:
    with MongoClient(store) as client:
        yield client["newer_documents"]
        client.drop_database("newer_documents")


def write(db: Database[dict[str, Any]], *documents: dict[str, Any]) -> None:
    write_newer(db, NAME, documents, send=lambda changes: db[NAME].bulk_write(changes, ordered=False))


def test_an_older_version_is_left_out_and_the_same_one_is_written(db: Database[dict[str, Any]]) -> None:
    write(db, {"_id": "a", "version": 5, "x": 1, "y": 1}, {"_id": "b", "version": 5, "x": 1})
    write(
        db, {"_id": "a", "version": 4, "x": 2}, {"_id": "b", "version": 5, "x": 2}, {"_id": "c", "version": 1, "x": 2}
    )
    found = {each["_id"]: (each["version"], each["x"]) for each in db[NAME].find()}
    assert found == {"a": (5, 1), "b": (5, 2), "c": (1, 2)}
    write(db)


def test_of_many_writers_at_once_the_newest_stays(db: Database[dict[str, Any]]) -> None:
    def turns(offset: int) -> None:
        for version in range(offset, 120, 4):
            write(db, {"_id": "a", "version": version, "x": version})

    threads = [threading.Thread(target=turns, args=(offset,)) for offset in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert db[NAME].find_one({"_id": "a"}) == {"_id": "a", "version": 119, "x": 119}


def test_a_write_among_many_documents_takes_hardly_longer_than_one_without_a_condition(
    db: Database[dict[str, Any]],
) -> None:
    filling = [{"_id": f"n{number:05}", "version": 1, "x": list(range(50))} for number in range(MANY)]
    db[NAME].insert_many(filling)

    def seconds(*, conditional: bool) -> float:
        began = time.perf_counter()
        for number in range(0, MANY, MANY // 50):
            document = {"_id": f"n{number:05}", "version": 2, "x": 1}
            if conditional:
                write(db, document)
            else:
                db[NAME].update_one({"_id": document["_id"]}, {"$set": {"version": 2, "x": 1}}, upsert=True)
        return time.perf_counter() - began

    plain, conditional = seconds(conditional=False), seconds(conditional=True)
    assert conditional < 20 * plain, (conditional, plain)  # by looking at every document it was 300 times as long
