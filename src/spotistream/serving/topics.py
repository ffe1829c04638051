"""Topics of music as the player reads them, and how they are made from documents of the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class TopicTile:
    """A topic as a shelf of topics shows it.

    covers : tracks whose covers stand for it, four at most
    """

    music_topic_id: str
    name: str
    size: int
    covers: tuple[str, ...] = ()


@dataclass(frozen=True)
class GenreShare:
    """share : of the tracks, 0 to 1"""

    title: str
    share: float


@dataclass(frozen=True)
class TopicView:
    """A topic of music, or a part of one, as its page shows it.

    parent : the topic it is a part of
    parts : its own, the largest first; nearest : those that sound most like it
    typical : tracks nearest to its centre
    tempo, brightness, energy : medians: beats per minute; Hz; 0 to 1
    """

    tile: TopicTile
    description: str = ""
    parent: TopicTile | None = None
    parts: tuple[TopicTile, ...] = ()
    nearest: tuple[TopicTile, ...] = ()
    typical: tuple[str, ...] = ()
    genres: tuple[GenreShare, ...] = ()
    tempo: float | None = None
    brightness: float | None = None
    energy: float | None = None
    topics_version: str | None = None


@dataclass(frozen=True)
class TopicPlace:
    """Where a track is among the topics.

    music_topic_id : the topic that sounds most like it
    music_subtopic_id : the part of that topic; None where it has no parts
    """

    music_topic_id: str
    music_subtopic_id: str | None = None


def topic_tile(entry: Mapping[str, Any]) -> TopicTile:
    """From an entry of a list, or a document, whose id is ``_id``."""
    topic_id = entry.get("music_topic_id") or entry["_id"]
    return TopicTile(topic_id, entry["name"], int(entry["size"]), tuple(entry.get("covers") or ()))


def topic_tiles(entries: Iterable[Mapping[str, Any]] | None) -> tuple[TopicTile, ...]:
    return tuple(topic_tile(entry) for entry in entries or ())


def topic_view(document: Mapping[str, Any]) -> TopicView:
    parent = document.get("parent")
    return TopicView(
        tile=topic_tile(document),
        description=document.get("description") or "",
        parent=topic_tile(parent) if parent else None,
        parts=topic_tiles(document.get("parts")),
        nearest=topic_tiles(document.get("nearest")),
        typical=tuple(document.get("typical") or ()),
        genres=tuple(GenreShare(entry["title"], float(entry["share"])) for entry in document.get("genres") or ()),
        tempo=document.get("tempo"),
        brightness=document.get("brightness"),
        energy=document.get("energy"),
        topics_version=document.get("topics_version"),
    )
