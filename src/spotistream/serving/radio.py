"""A radio: what it began with, what the listener did since, and what it remembers."""

from __future__ import annotations

from dataclasses import dataclass

SEED_KINDS = ("track", "artist", "topic", "for-you")


@dataclass(frozen=True)
class Seed:
    """What a radio began with; "for-you" has no ``id``."""

    kind: str
    id: str | None = None


@dataclass(frozen=True)
class Feedback:
    """Tracks of which the listener heard enough, or said something, since the radio began; each oldest first."""

    heard: tuple[str, ...] = ()
    liked: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    disliked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Radio:
    """
    memory : tracks that are not to come again, oldest first; the last one plays or is the last that is queued
    dial : 0 is familiar, 1 is discovery
    number : two radios of one seed with different numbers differ
    """

    seed: Seed
    feedback: Feedback = Feedback()
    memory: tuple[str, ...] = ()
    dial: float = 0.5
    number: int = 0
