"""Sends what the player has to tell to Kafka: play events, and changes of playlists and listeners."""

from __future__ import annotations

from spotistream.config import Kafka
from spotistream.events import PlayEvent
from spotistream.serving.producer import ConfirmedProducer
from spotistream.tables import LIBRARY_TOPIC, PLAYS_TOPIC


class EventPublisher:
    """Every call raises ``ServiceUnavailable`` where the broker does not confirm; safe to use from several threads."""

    def __init__(self, kafka: Kafka) -> None:
        self._producer = ConfirmedProducer(kafka)

    def connect(self) -> None:
        """Only see whether a broker answers."""
        self._producer.connect()

    def publish(self, *events: PlayEvent) -> None:
        """Return once the broker has confirmed all events; a listener's events stay in order.

        Where it fails some may have arrived. Sending them again is safe: an event counts once by its ``event_id``.
        """
        self._producer.send((PLAYS_TOPIC, event.user_id.encode(), event.to_json()) for event in events)

    def publish_change(self, key: bytes, value: bytes | None) -> int:
        """Send one record of the library, or without a value its deletion; the offset of the message."""
        (offset,) = self._producer.send([(LIBRARY_TOPIC, key, value)])
        return offset

    def close(self) -> None:
        self._producer.close()
