"""A store or broker that does not answer is one line, without the password."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from player_fakes import KAFKA

from spotistream.errors import ConfigError, ServiceUnavailable
from spotistream.events import PlayEvent
from spotistream.serving import producer
from spotistream.serving.publisher import EventPublisher
from spotistream.serving.store import DocumentStore


def test_store_that_is_away_is_named_without_its_password() -> None:
    store = DocumentStore(uri="mongodb://reader:secret@127.0.0.1:1", database="spotistream", timeout_ms=200)

    with pytest.raises(ServiceUnavailable) as caught:
        store.tracks(["demo:1"])

    assert str(caught.value) == (
        "the document store at mongodb://127.0.0.1:1 does not answer; start it, or change the setting mongo.uri"
    )


def test_no_tracks_asked_for_reads_nothing() -> None:
    assert DocumentStore(uri="mongodb://127.0.0.1:1", database="spotistream", timeout_ms=200).tracks([]) == {}


def test_uri_that_is_none_is_a_wrong_setting() -> None:
    with pytest.raises(ConfigError, match=r"mongo\.uri"):
        DocumentStore(uri="mongodb://", database="spotistream", timeout_ms=200)


def test_broker_that_is_away_is_named(monkeypatch: pytest.MonkeyPatch, event: PlayEvent) -> None:
    monkeypatch.setattr(producer, "DELIVERY_TIMEOUT_MS", 300)

    with pytest.raises(ServiceUnavailable, match=r"Kafka at 127\.0\.0\.1:1 does not answer.*kafka\.bootstrap_servers"):
        EventPublisher(KAFKA).publish(event)


@pytest.fixture
def event() -> PlayEvent:
    return PlayEvent(
        event_id="00000000-0000-4000-8000-000000000001",
        user_id="maya",
        action="play",
        track_id="demo:1",
        event_time=datetime(2026, 3, 1, tzinfo=UTC),
        source="player",
    )
