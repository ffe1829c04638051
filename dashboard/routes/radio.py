"""``POST /radio/next``: the next tracks of a radio. The browser keeps the radio, and each request says what it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from dashboard.components.cards import card_data
from dashboard.routes.library_requests import answered, asking, json_body
from spotistream.errors import InputError
from spotistream.events import TOKEN_PATTERN, TRACK_ID_PATTERN
from spotistream.serving.catalogue_keeper import CatalogueKeeper
from spotistream.serving.library_store import LibraryStore
from spotistream.serving.live import RecommendationFeed
from spotistream.serving.playlists import checked_id
from spotistream.serving.radio import SEED_KINDS, Feedback, Radio, Seed
from spotistream.serving.radio_reader import RadioReader
from spotistream.serving.radio_seeds import seed_tracks

MAX_MEMORY = 500
MAX_FEEDBACK = 50
MAX_COUNT = 25
MAX_NUMBER = 2**32 - 1
KINDS_OF_FEEDBACK = tuple(field.name for field in fields(Feedback))


def add_radio_route(server: FastAPI, store: LibraryStore, feed: RecommendationFeed, catalogue: CatalogueKeeper) -> None:
    @server.post("/radio/next", include_in_schema=False)
    async def following(request: Request) -> Response:
        async def found() -> Mapping[str, Any]:
            record = await json_body(request)
            user_id, radio = asking(record.get("user_id")), radio_of(record)
            count = _whole(record, "count", least=1, most=MAX_COUNT)
            return await run_in_threadpool(next_tracks, store, feed, catalogue, user_id, radio, count)

        return await answered(request, found)


def next_tracks(
    store: LibraryStore,
    feed: RecommendationFeed,
    keeper: CatalogueKeeper,
    user_id: str,
    radio: Radio,
    count: int,
) -> dict[str, Any]:
    catalogue = keeper.catalogue
    seeds = seed_tracks(store, catalogue, radio.seed, user_id, pushed=feed.newest(user_id))
    found = RadioReader(store, catalogue, radio, user_id).next(seeds, count)
    return {"model_version": found.model_version, "tracks": [card_data(track) for track in found.tracks]}


def radio_of(record: Mapping[str, Any]) -> Radio:
    """The radio of a request. Raises ``InputError`` that names the first field that is wrong."""
    return Radio(
        seed=seed_of(record.get("seed")),
        feedback=Feedback(**{each: _track_ids(record, each, MAX_FEEDBACK) for each in KINDS_OF_FEEDBACK}),
        memory=_track_ids(record, "memory", MAX_MEMORY),
        dial=_share(record, "dial"),
        number=_whole(record, "number", least=0, most=MAX_NUMBER),
    )


def seed_of(value: Any) -> Seed:
    if not isinstance(value, Mapping) or value.get("kind") not in SEED_KINDS:
        raise _wrong("seed", f"has no kind that is one of {', '.join(SEED_KINDS)}")
    kind = value["kind"]
    if kind == "for-you":
        return Seed(kind)
    return Seed(kind, checked_id("seed id", value.get("id"), TRACK_ID_PATTERN if kind == "track" else TOKEN_PATTERN))


def _track_ids(record: Mapping[str, Any], field: str, most: int) -> tuple[str, ...]:
    """No list is an empty one."""
    ids = record.get(field, [])
    if not isinstance(ids, list) or len(ids) > most:
        raise _wrong(field, f"is not a list of at most {most} tracks")
    return tuple(checked_id(field, each, TRACK_ID_PATTERN) for each in ids)


def _whole(record: Mapping[str, Any], field: str, *, least: int, most: int) -> int:
    value = record.get(field)
    if type(value) is not int or not least <= value <= most:
        raise _wrong(field, f"is not a whole number from {least} to {most}")
    return value


def _share(record: Mapping[str, Any], field: str) -> float:
    value = record.get(field)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise _wrong(field, "is not a number from 0 to 1")
    return float(value)


def _wrong(field: str, problem: str) -> InputError:
    return InputError(field, problem, remedy="send it again with it corrected")
