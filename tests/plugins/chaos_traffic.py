"""Messages as a bad day brings them, from a seed: new events, late ones, duplicates, and what is no event at all."""

from __future__ import annotations

import json
import random
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from spotistream.config import Config
from spotistream.errors import ServiceUnavailable
from spotistream.events import PlayEvent
from spotistream.serving.bulk import BulkPublisher
from spotistream.tables import PLAYS_TOPIC

ACTIONS = ("play", "complete", "complete", "skip", "like", "unlike", "dislike", "forget", "visit")
REMEMBERED = 2_000
EVERY_S = 0.1

Message = tuple[str, bytes, str | None]
"""Key, value, and the id of the event; None for what is none."""


def messages(*, seed: int, users: int, track_ids: Sequence[str], now: datetime) -> Iterator[Message]:
    """Without end: of a hundred, about 5 are sent again, 5 are late by days, and 3 are no events."""
    draw = random.Random(seed)  # noqa: S311 - made-up events, no secrets
    recent: list[tuple[str, bytes, str]] = []
    for number in range(1 << 62):
        chance = draw.random()
        user_id = f"user-{min(int(draw.expovariate(1 / (users / 3))), users - 1)}"
        if chance < 0.05 and recent:
            yield draw.choice(recent)
        elif chance < 0.08:
            yield user_id, garbage(draw, number), None
        else:
            late = timedelta(days=draw.uniform(0, 20)) if chance < 0.13 else timedelta(seconds=draw.uniform(0, 30))
            event = some_event(draw, user_id, now - late, track_ids, recent)
            sent = (user_id, event.to_json(), event.event_id)
            recent = [*recent[-REMEMBERED:], sent]
            yield sent


def some_event(
    draw: random.Random, user_id: str, at: datetime, track_ids: Sequence[str], recent: Sequence[tuple[str, bytes, str]]
) -> PlayEvent:
    """An accepted event; a ``forget`` takes back one of the listener's own."""
    action = draw.choice(ACTIONS)
    own = [event_id for user, _, event_id in recent[-200:] if user == user_id]
    if action == "forget" and not own:
        action = "play"
    listens = action in ("play", "complete", "skip")
    return PlayEvent(
        str(uuid.UUID(int=draw.getrandbits(128), version=4)),
        user_id,
        action,
        at.replace(microsecond=at.microsecond // 1000 * 1000),
        "api",
        track_id=None if action == "visit" else draw.choice(track_ids),
        played_ms=draw.randrange(300_000) if action in ("complete", "skip") else None,
        session_id=f"s{draw.randrange(20)}" if listens else None,
        target_event_id=draw.choice(own) if action == "forget" else None,
    )


def garbage(draw: random.Random, number: int) -> bytes:
    """No two are the same."""
    kinds = (
        b"\xff\xfe\x00" + str(number).encode(),
        b"{" + str(number).encode(),
        json.dumps({"schema_version": 1, "event_id": str(number), "action": "dance"}).encode(),
        json.dumps([number]).encode(),
    )
    return draw.choice(kinds)


class Sender(threading.Thread):
    """Sends at a steady rate until told to stop; what was not confirmed is sent again, and so perhaps twice."""

    def __init__(self, cfg: Config, source: Iterator[Message], *, rate: float) -> None:
        super().__init__(name="chaos-sender", daemon=True)
        self._cfg, self._source, self._rate = cfg, source, rate
        self._over = threading.Event()
        self.event_ids: set[str] = set()
        self.garbage: set[bytes] = set()
        self.listeners: set[str] = set()
        self.sent = 0

    def run(self) -> None:
        publisher = self._connected()
        while not self._over.wait(EVERY_S):
            some = [next(self._source) for _ in range(max(1, round(self._rate * EVERY_S)))]
            while publisher is not None and not self._delivered(publisher, some):
                time.sleep(0.2)
            for key, value, event_id in some:
                if event_id is None:
                    self.garbage.add(value)
                else:
                    self.event_ids.add(event_id)
                    self.listeners.add(key)
            self.sent += len(some)
        if publisher is not None:
            publisher.close()

    def ask_to_stop(self) -> None:
        """After what is in hand."""
        self._over.set()

    def stop(self, *, timeout_s: float = 120.0) -> None:
        """Returns when all that counts as sent is confirmed."""
        self.ask_to_stop()
        self.join(timeout_s)
        assert not self.is_alive(), "the sender is stuck"

    def _delivered(self, publisher: BulkPublisher, some: list[Message]) -> bool:
        try:
            for key, value, _ in some:
                publisher.send(PLAYS_TOPIC, key, value)
            publisher.flush()
        except ServiceUnavailable:
            return False
        return True

    def _connected(self) -> BulkPublisher | None:
        while not self._over.is_set():
            try:
                return BulkPublisher(self._cfg.kafka, timeout_s=5.0)
            except ServiceUnavailable:
                time.sleep(0.2)
        return None
