"""A listener by name. It is no account: that would be another document of the same id, with what proves who it is."""

from __future__ import annotations

from dataclasses import dataclass

from spotistream.events import USER_ID_PATTERN
from spotistream.serving.playlists import checked_id, checked_name


@dataclass(frozen=True)
class Listener:
    """user_id : the key of everything that belongs to the listener
    name : what people see
    created_at : milliseconds since 1970, UTC
    """

    user_id: str
    name: str
    created_at: int


def new_listener(user_id: str, name: str | None, *, now: int) -> Listener:
    """Without a name the id is shown. Raises ``InputError`` where one of them is not possible."""
    checked_id("user_id", user_id, USER_ID_PATTERN)
    return Listener(user_id, checked_name(user_id if name is None else name), now)
