"""Pushes reach the right subscribers, newest first."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from player_fakes import KAFKA

from dashboard.routes.live import pushed
from spotistream.serving.live import FeedClosed, RecommendationFeed
from spotistream.serving.views import Recommendations


def table(user_id: str, version: int) -> Recommendations:
    return Recommendations(user_id, version, "m1", None, None, ())


def message(version: Any) -> bytes:
    return json.dumps({"version": version, "recommendations": []}).encode()


def test_slow_subscriber_gets_the_newest_and_others_nothing() -> None:
    async def scenario() -> None:
        feed = RecommendationFeed(KAFKA)
        with feed.subscribe("maya") as maya, feed.subscribe("noor") as noor:
            for version in (1, 2, 3):
                feed.deliver(table("maya", version))
            received = await asyncio.wait_for(maya.get(), 1)
            assert received is not None
            assert received.version == 3
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(noor.get(), 0.05)
            newest = feed.newest("maya")
            assert newest is not None
            assert newest.version == 3
        assert feed.newest("maya") is None

    asyncio.run(scenario())


def test_message_that_is_no_table_is_left_out() -> None:
    async def scenario() -> None:
        feed = RecommendationFeed(KAFKA)
        with feed.subscribe("maya") as updates:
            for key, value in ((b"maya", b"{not json"), (b"maya", b"[]"), (b"\xff", message(1)), (None, message(1))):
                feed._receive(key, value)
            feed._receive(b"maya", message("none"))
            feed._receive(b"maya", message(5))
            received = await asyncio.wait_for(updates.get(), 1)
            assert received is not None
            assert received.version == 5

    asyncio.run(scenario())


def test_closing_ends_every_subscription_and_later_ones() -> None:
    async def scenario() -> None:
        feed = RecommendationFeed(KAFKA)
        with feed.subscribe("maya") as updates:
            feed.close()
            with pytest.raises(FeedClosed):
                await asyncio.wait_for(updates.get(), 1)
        with feed.subscribe("maya") as late, pytest.raises(FeedClosed):
            await asyncio.wait_for(late.get(), 1)

    asyncio.run(scenario())


def test_stream_says_hello_beats_pushes_and_ends_with_the_feed() -> None:
    async def scenario() -> None:
        feed = RecommendationFeed(KAFKA)
        stream = pushed(feed, "maya", heartbeat_s=0.02)
        assert (await anext(stream)).startswith("retry: 2000\n")
        assert await anext(stream) == ": still here\n\n"
        feed.deliver(table("maya", 9))
        assert await anext(stream) == 'event: recommendations\ndata: {"version": 9, "updated_at": null}\n\n'
        feed.close()
        assert [each async for each in stream] == []

    asyncio.run(scenario())
