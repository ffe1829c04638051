"""What the browser tests know of the player they look at."""

from __future__ import annotations

from dataclasses import dataclass

from spotistream.services.running import Addresses

DATABASE = "player_test"
SECONDS = 6
"""Length of each track."""


@dataclass(frozen=True)
class Player:
    url: str
    services: Addresses
