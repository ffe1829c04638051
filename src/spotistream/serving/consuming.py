"""A consumer's work in a thread, through every absence of the broker."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from kafka.errors import KafkaError

log = logging.getLogger(__name__)
FIRST_BACKOFF_S, MAX_BACKOFF_S = 0.5, 15.0


class Consuming:
    """Begins the work again after every outage, with longer pauses where it does not get as far as a connection.

    consume : works until ``closing`` is set, and sets ``connected`` once it is; outages : what it may raise meanwhile
    told : what is said of an outage, before its error
    """

    def __init__(
        self,
        name: str,
        consume: Callable[[], None],
        *,
        told: str,
        outages: tuple[type[Exception], ...] = (KafkaError, OSError),
    ) -> None:
        self._consume, self._told, self._outages = consume, told, outages
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.closing = threading.Event()
        self.connected = False

    def start(self) -> None:
        self._thread.start()

    def close(self, timeout_s: float) -> None:
        """Ask it to end, and wait so long for it."""
        self.closing.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        backoff_s = FIRST_BACKOFF_S
        while not self.closing.is_set():
            try:
                self._consume()
            except self._outages as exc:
                if self.connected:
                    backoff_s = FIRST_BACKOFF_S
                self.connected = False
                log.warning("%s (%s); again in %.1f s", self._told, exc, backoff_s)
                self.closing.wait(backoff_s)
                backoff_s = min(backoff_s * 2, MAX_BACKOFF_S)
