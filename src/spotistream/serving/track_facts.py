"""What a radio needs to know of a track: whose it is, whether it can be played, and how well known it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from spotistream.serving.catalogue import NONE, Catalogue


@dataclass(frozen=True)
class Facts:
    """artist : id; popularity : 0 to 1"""

    artist: str
    playable: bool
    popularity: float


def facts_of(catalogue: Catalogue, track_ids: Iterable[str]) -> dict[str, Facts]:
    """Of the tracks it has. A track without an artist is one of its own."""
    found = {}
    for track_id in track_ids:
        row = catalogue.track_ids.place_of(track_id)
        if row is not None:
            artist = int(catalogue.artist[row])
            name = catalogue.artists.ids[artist] if artist != NONE else track_id
            found[track_id] = Facts(name, bool(catalogue.playable[row]), float(catalogue.fame[row]))
    return found
