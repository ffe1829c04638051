"""What is remembered of the listeners who were active last, in bounded memory."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple


class AtHand(NamedTuple):
    """What is remembered of a listener up to the message at offset ``version``, as ``pack`` makes it."""

    version: int
    packed: bytes


class ListenersAtHand:
    """By listener; of more than ``most`` the one who was looked for the longest ago is let go."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[str, AtHand] = OrderedDict()

    def __len__(self) -> int:
        return len(self._found)

    def get(self, user_id: str) -> AtHand | None:
        """None where nothing is at hand."""
        found = self._found.get(user_id)
        if found is not None:
            self._found.move_to_end(user_id)
        return found

    def put(self, user_id: str, version: int, packed: bytes) -> None:
        """In place of what was at hand of the listener."""
        self._found[user_id] = AtHand(version, packed)
        self._found.move_to_end(user_id)
        while len(self._found) > self._most:
            self._found.popitem(last=False)
