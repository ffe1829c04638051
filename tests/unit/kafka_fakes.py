"""Stands for a broker."""

from __future__ import annotations

import json
from typing import Any

from spotistream.errors import ServiceUnavailable


class Messages:
    """Keeps what is sent as topic, key and decoded value, and fails once, at the ``fail_at``-th message."""

    def __init__(self, fail_at: int | None = None) -> None:
        self.sent: list[tuple[str, str, Any]] = []
        self.fail_at = fail_at

    def __call__(self, *_: object, **__: object) -> Messages:
        return self

    def __enter__(self) -> Messages:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def send(self, topic: Any, key: str, value: bytes) -> None:
        if len(self.sent) == self.fail_at:
            self.fail_at = None
            raise ServiceUnavailable("Kafka", "x:1", setting="kafka.bootstrap_servers")
        self.sent.append((topic.name, key, json.loads(value)))

    def flush(self) -> None:
        return None
